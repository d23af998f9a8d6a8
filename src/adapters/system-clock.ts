/** The machine's clocks and timers. */
import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../kernel/clock.ts';

/** From the start of the machine to that of the process: all processes of one boot have the same monotonic time. */
const PROCESS_START_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The longest time that setTimeout takes; longer waits are made of several. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** How early setTimeout may fire. */
const EARLY_MS = 5;

/** A reading further than this from the last one is not believed before it is read again. */
const PLAUSIBLE_STEP_MS = 60_000;
/** Two readings in a row that differ by less confirm each other. */
const CONFIRMED_MS = 1_000;
const READINGS = 5;

/**
 * Where the machine's clock is emulated, one reading in some hundred thousand is wrong by days. A timer that believed
 * it would never fire again.
 */
class Reading {
  readonly #read: () => number;
  #last: number;

  constructor(read: () => number) {
    this.#read = read;
    this.#last = confirmed(read, read());
  }

  now(): number {
    const now = this.#read();
    this.#last = Math.abs(now - this.#last) <= PLAUSIBLE_STEP_MS ? now : confirmed(this.#read, now);
    return this.#last;
  }
}

/** Reads until two readings in a row agree; the last one when they never do. */
function confirmed(read: () => number, first: number): number {
  let before = first;
  for (let i = 0; i < READINGS; i++) {
    const now = read();
    if (Math.abs(now - before) < CONFIRMED_MS) return now;
    before = now;
  }
  return before;
}

/**
 * What is due already is called with the next turn: setTimeout would wait for a millisecond, which does not pass where
 * the machine's clock is stepped by hand.
 * @returns cancels the call
 */
function callIn(ms: number, run: () => void): () => void {
  if (ms <= 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timeout = setTimeout(run, Math.min(LONGEST_TIMEOUT_MS, ms));
  return () => clearTimeout(timeout);
}

export class SystemClock implements Clock {
  readonly #monotonic: Reading;
  readonly #wall: Reading;

  /** The readings are given in tests. */
  constructor(
    monotonic: () => number = () => PROCESS_START_MS + performance.now(),
    wall: () => number = () => Date.now(),
  ) {
    this.#monotonic = new Reading(monotonic);
    this.#wall = new Reading(wall);
  }

  monotonic(): number {
    return this.#monotonic.now();
  }

  wall(): number {
    return this.#wall.now();
  }

  after(ms: number, run: () => void): Timer {
    const due = this.monotonic() + ms;
    let cancel: () => void;
    const wait = (left: number): void => {
      cancel = callIn(left, fire);
    };
    const fire = (): void => {
      const left = due - this.monotonic();
      if (left > EARLY_MS) wait(left);
      else run();
    };
    wait(ms);
    return { cancel: () => cancel() };
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const period = Math.max(1, ms);
    let next = this.monotonic() + period;
    let cancel: () => void;
    let cancelled = false;
    const wait = (): void => {
      cancel = callIn(next - this.monotonic(), beat);
    };
    const beat = (): void => {
      // A beat that is a little early counts as the one it was meant to be.
      const late = this.monotonic() - next;
      if (late < -EARLY_MS) {
        wait();
        return;
      }
      const beats = 1 + Math.max(0, Math.floor(late / period));
      next += beats * period;
      try {
        run(beats);
      } finally {
        if (!cancelled) wait();
      }
    };
    wait();
    return {
      cancel: () => {
        cancelled = true;
        cancel();
      },
    };
  }

  soon(run: () => void): Timer {
    const handle = setImmediate(run);
    return { cancel: () => clearImmediate(handle) };
  }
}
