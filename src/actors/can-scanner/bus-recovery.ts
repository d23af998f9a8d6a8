/**
 * What to do when a controller has left the bus. It comes back by itself after its restart time; one that does not is
 * set up anew, and one that leaves again and again rests, each time longer: something is wrong with the cable or the
 * bit rate, and its attempts disturb the others.
 */
import { type BackoffLimits, backoffMs } from '../../kernel/backoff.ts';
import type { Random } from '../../kernel/random.ts';

/** The controller's own restart time. Milliseconds. */
export const RESTART_MS = 1_000;
/** It should be back by then. Milliseconds. */
export const BACK_MS = 2_500;
/** So often within the window, and it rests. */
const OFTEN = 4;
const WINDOW_MS = 60_000;
const REST: BackoffLimits = { firstMs: 5_000, limitMs: 300_000 };

export class BusRecovery {
  readonly #random: Random;
  #times: number[] = [];
  #rests = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * The controller has left the bus.
   *
   * @param now monotonic milliseconds
   * @returns how long it should rest, in milliseconds; undefined when it may try again
   */
  busOff(now: number): number | undefined {
    const last = this.#times.at(-1);
    if (last !== undefined && now - last >= WINDOW_MS) this.#rests = 0;
    this.#times = this.#times.filter(time => now - time < WINDOW_MS);
    this.#times.push(now);
    if (this.#times.length < OFTEN) return undefined;
    // The last one stays, so that trouble after a rest is known to be the same trouble.
    this.#times = this.#times.slice(-1);
    return backoffMs(this.#rests++, REST, this.#random);
  }
}
