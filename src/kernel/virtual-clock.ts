/** A clock that only moves when it is told to. Timers run in the order of their times, ties in the order they were set. */
import type { Clock, Timer } from './clock.ts';
import { TickEnd } from './tick-end.ts';

interface Pending {
  due: number;
  order: number;
  run: (() => void) | undefined;
}

/** How often one instant may schedule more work for itself before we call it an endless loop. */
const ROUNDS_PER_INSTANT = 10_000;

export class VirtualClock implements Clock {
  #monotonic = 0;
  #wallOffset: number;
  #order = 0;
  readonly #heap: Pending[] = [];
  #soon: Pending[] = [];
  readonly #settle: () => Promise<void>;

  /**
   * @param wallMs where the wall clock starts, milliseconds since 1970
   * @param settle waits until all promises that can settle have settled (in Node: one turn of setImmediate)
   */
  constructor(wallMs = 0, settle: () => Promise<void> = () => Promise.resolve()) {
    this.#wallOffset = wallMs;
    this.#settle = settle;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  wall(): number {
    return this.#wallOffset + this.#monotonic;
  }

  /** Somebody sets the wall clock. Timers do not notice. */
  jumpWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  after(ms: number, run: () => void): Timer {
    return this.#schedule(this.#monotonic + Math.max(0, ms), run);
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const period = Math.max(1, ms);
    let timer: Timer;
    let cancelled = false;
    const beat = (): void => {
      timer = this.#schedule(this.#monotonic + period, beat);
      run(1);
      if (cancelled) timer.cancel();
    };
    timer = this.#schedule(this.#monotonic + period, beat);
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  soon(run: () => void): Timer {
    const pending: Pending = { due: this.#monotonic, order: this.#order++, run };
    this.#soon.push(pending);
    return cancelling(pending);
  }

  tickEnd(run: () => void): TickEnd {
    return new TickEnd(this, run);
  }

  /** Time moves only between two turns, and all that is due runs first. */
  catchUp(): void {}

  /** How many timers are pending: a test for leaks looks here. */
  get pending(): number {
    return this.#heap.filter(p => p.run !== undefined).length + this.#soon.filter(p => p.run !== undefined).length;
  }

  /** Lets everything that is ready at this instant run, without moving time. */
  async settle(): Promise<void> {
    await this.#settle();
    for (let round = 0; this.#soon.length > 0; round++) {
      if (round > ROUNDS_PER_INSTANT) throw new Error('virtual clock: endless work in one instant');
      const ready = this.#soon;
      this.#soon = [];
      for (const pending of ready) fire(pending);
      await this.#settle();
    }
  }

  /** Moves time forward, running whatever becomes due on the way, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await this.settle();
    for (let round = 0; ; ) {
      const first = this.#heap[0];
      if (first === undefined || first.due > end) break;
      round = first.due > this.#monotonic ? 0 : round + 1;
      if (round > ROUNDS_PER_INSTANT) throw new Error('virtual clock: endless timers in one instant');
      this.#pop();
      if (first.run === undefined) continue;
      this.#monotonic = Math.max(this.#monotonic, first.due);
      fire(first);
      await this.settle();
    }
    this.#monotonic = end;
  }

  #schedule(due: number, run: () => void): Timer {
    const pending: Pending = { due, order: this.#order++, run };
    this.#push(pending);
    return cancelling(pending);
  }

  #push(pending: Pending): void {
    const heap = this.#heap;
    let i = heap.push(pending) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || before(parent, pending)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = pending;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let candidate = heap[child];
      const right = heap[child + 1];
      if (candidate !== undefined && right !== undefined && before(right, candidate)) {
        candidate = right;
        child++;
      }
      if (candidate === undefined || before(last, candidate)) break;
      heap[i] = candidate;
      i = child;
    }
    heap[i] = last;
  }
}

function before(a: Pending, b: Pending): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

function fire(pending: Pending): void {
  const run = pending.run;
  pending.run = undefined;
  run?.();
}

function cancelling(pending: Pending): Timer {
  return {
    cancel: () => {
      pending.run = undefined;
    },
  };
}
