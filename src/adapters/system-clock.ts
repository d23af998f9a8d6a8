/** The machine's clocks and timers. */
import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../kernel/clock.ts';

/** The longest time that setTimeout takes; longer waits are made of several. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  monotonic(): number {
    return performance.now();
  }

  wall(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    const due = this.monotonic() + ms;
    let handle: NodeJS.Timeout;
    const wait = (): void => {
      const left = due - this.monotonic();
      handle = left > LONGEST_TIMEOUT_MS ? setTimeout(wait, LONGEST_TIMEOUT_MS) : setTimeout(run, Math.max(0, left));
    };
    wait();
    return { cancel: () => clearTimeout(handle) };
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const period = Math.max(1, ms);
    let next = this.monotonic() + period;
    let handle: NodeJS.Timeout;
    let cancelled = false;
    const wait = (): void => {
      handle = setTimeout(beat, Math.max(0, next - this.monotonic()));
    };
    const beat = (): void => {
      // setTimeout may fire up to a millisecond early; that beat counts as the one it was meant to be.
      const late = this.monotonic() - next;
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
        clearTimeout(handle);
      },
    };
  }

  soon(run: () => void): Timer {
    const handle = setImmediate(run);
    return { cancel: () => clearImmediate(handle) };
  }
}
