/**
 * What we ask and tell, one after the other: many devices come at the same time when a network is switched on, and the bus
 * is slow.
 */
import type { Clock, Timer } from '../../kernel/clock.ts';

/** So much may wait; beyond, the oldest is dropped: who needs it asks again, and what is told is told again. */
const WAITING_LIMIT = 512;

export class RequestPace {
  /** What found no room. */
  dropped = 0;
  readonly #clock: Clock;
  readonly #paceMs: number;
  #waiting: (() => void)[] = [];
  #timer: Timer | undefined;

  /** @param paceMs between two */
  constructor(clock: Clock, paceMs: number) {
    this.#clock = clock;
    this.#paceMs = paceMs;
  }

  /** Calls `send` when it is its turn. */
  add(send: () => void): void {
    if (this.#waiting.length >= WAITING_LIMIT) {
      this.#waiting.shift();
      this.dropped++;
    }
    this.#waiting.push(send);
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = [];
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    this.#timer = this.#clock.after(this.#paceMs, () => {
      this.#timer = undefined;
      this.#waiting.shift()?.();
      this.#schedule();
    });
  }
}
