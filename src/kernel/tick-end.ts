/** A call at the end of the tick that is asked for again and again. Made once, asking for it costs next to nothing. */
import type { Clock, Timer } from './clock.ts';

export class TickEnd {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #run: () => void;
  readonly #released: (() => void) | undefined;
  #asked: Timer | undefined;

  /** @param released called when it is not needed any more */
  constructor(clock: Pick<Clock, 'soon'>, run: () => void, released?: () => void) {
    this.#clock = clock;
    this.#run = run;
    this.#released = released;
  }

  /** Whether it runs at the end of the present tick. */
  get isAsked(): boolean {
    return this.#asked !== undefined;
  }

  /** Has it run at the end of the present tick, once however often it is asked for. */
  ask(): void {
    this.#asked ??= this.#clock.soon(this.#fire);
  }

  /** Takes back what was asked for. */
  cancel(): void {
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  /** The same for good. */
  release(): void {
    this.cancel();
    this.#released?.();
  }

  readonly #fire = (): void => {
    this.#asked = undefined;
    this.#run();
  };
}
