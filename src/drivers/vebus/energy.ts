/** Energy from counters that roll over at 256, each step 2^16 J; counted from the start of the session. */
import { ENERGY_STEP_KWH } from '../../protocols/mk2/assistants.ts';

export class RollingEnergy {
  readonly #range: number;
  #last: number | undefined;
  #steps: number;

  /** @param range values of the counter: 256 for a device; @param steps what has been counted before */
  constructor(range: number, steps = 0) {
    this.#range = range;
    this.#steps = steps;
  }

  count(counter: number): void {
    if (this.#last !== undefined) this.#steps += (counter - this.#last + this.#range) % this.#range;
    this.#last = counter;
  }

  get kilowattHours(): number {
    return this.#steps * ENERGY_STEP_KWH;
  }
}
