/** The machine's clocks and timers. */
import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../kernel/clock.ts';
import { TickEnd } from '../kernel/tick-end.ts';

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

/** A call that waits for its time. */
interface Waiting {
  /** Monotonic milliseconds. */
  due: number;
  readonly run: () => void;
  cancel: () => void;
}

export class SystemClock implements Clock {
  readonly #monotonic: Reading;
  readonly #wall: Reading;
  readonly #waiting = new Set<Waiting>();
  /** None is due before this. */
  #earliest = Number.POSITIVE_INFINITY;

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
    const waiting: Waiting = { due: this.monotonic() + ms, run, cancel: () => {} };
    this.#wait(waiting, ms);
    return { cancel: () => this.#drop(waiting) };
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const period = Math.max(1, ms);
    let cancelled = false;
    const beat = (): void => {
      const beats = 1 + Math.max(0, Math.floor((this.monotonic() - waiting.due) / period));
      waiting.due += beats * period;
      try {
        run(beats);
      } finally {
        if (!cancelled) this.#wait(waiting, waiting.due - this.monotonic());
      }
    };
    const waiting: Waiting = { due: this.monotonic() + period, run: beat, cancel: () => {} };
    this.#wait(waiting, period);
    return {
      cancel: () => {
        cancelled = true;
        this.#drop(waiting);
      },
    };
  }

  soon(run: () => void): Timer {
    const handle = setImmediate(run);
    return { cancel: () => clearImmediate(handle) };
  }

  tickEnd(run: () => void): TickEnd {
    return new TickEnd(this, run);
  }

  catchUp(): void {
    const now = this.monotonic();
    if (now < this.#earliest) return;
    const due: Waiting[] = [];
    this.#earliest = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      if (waiting.due <= now) due.push(waiting);
      else this.#earliest = Math.min(this.#earliest, waiting.due);
    }
    due.sort((a, b) => a.due - b.due);
    for (const waiting of due) if (this.#waiting.has(waiting)) this.#fire(waiting);
  }

  #wait(waiting: Waiting, ms: number): void {
    this.#waiting.add(waiting);
    this.#earliest = Math.min(this.#earliest, waiting.due);
    waiting.cancel = callIn(ms, () => this.#fire(waiting));
  }

  #fire(waiting: Waiting): void {
    this.#drop(waiting);
    const left = waiting.due - this.monotonic();
    // One that is a little early counts as meant to be now.
    if (left > EARLY_MS) this.#wait(waiting, left);
    else waiting.run();
  }

  #drop(waiting: Waiting): void {
    waiting.cancel();
    this.#waiting.delete(waiting);
  }
}
