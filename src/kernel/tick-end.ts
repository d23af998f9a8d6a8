/** A call at the end of the tick that is asked for again and again. Made once, asking for it costs next to nothing. */
import type { Clock, Timer } from './clock.ts';

export class TickEnd {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #run: () => void;
  #asked: Timer | undefined;

  constructor(clock: Pick<Clock, 'soon'>, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Has it run at the end of the present tick, once however often it is asked for. */
  ask(): void {
    this.#asked ??= this.#clock.soon(this.#fire);
  }

  /** What was asked for does not run. */
  release(): void {
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  readonly #fire = (): void => {
    this.#asked = undefined;
    this.#run();
  };
}
