/**
 * Time as the rest of gxd sees it. Nothing outside `adapters/` reads the machine's clock or sets its timers: everybody
 * is given a `Clock`, so that a day passes in a millisecond in a test.
 */

import type { TickEnd } from './tick-end.ts';

/** A pending call. Cancelling twice, or after it has run, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes backwards, is not touched by a change of the wall clock. */
  monotonic(): number;

  /** Milliseconds since 1970-01-01 UTC. May jump, both ways. */
  wall(): number;

  /** Runs once, `ms` milliseconds from now (0 or more). */
  after(ms: number, run: () => void): Timer;

  /**
   * Runs every `ms` milliseconds, the first time one period from now, without drift. When the process was held up, the
   * missed beats collapse into one call; `beats` says how many periods it stands for (1 or more).
   */
  every(ms: number, run: (beats: number) => void): Timer;

  /** Runs once at the end of the present tick: after everything that is ready now, before any later timer. */
  soon(run: () => void): Timer;

  /**
   * The same for what runs at the end of many ticks: `ask()` has it run at the end of the present one. To be released
   * when it is not needed any more.
   */
  tickEnd(run: () => void): TickEnd;

  /**
   * Runs now what has become due meanwhile. For who takes in what comes from outside: what was due before it came is
   * not to see it, however much there is to do at once.
   */
  catchUp(): void;
}

/** How far the wall clock may wander from the monotonic one between two looks before it counts as a jump. */
const JUMP_TOLERANCE_MS = 500;
const JUMP_CHECK_MS = 1000;

/**
 * Calls `jumped` with the size of the jump in milliseconds (positive: the wall clock went forward) whenever somebody
 * sets the wall clock. Slow drift is followed silently. Stop it with the returned timer.
 */
export function watchWallJumps(clock: Clock, jumped: (byMs: number) => void): Timer {
  let offset = clock.wall() - clock.monotonic();
  return clock.every(JUMP_CHECK_MS, () => {
    const now = clock.wall() - clock.monotonic();
    const by = now - offset;
    offset = now;
    if (Math.abs(by) >= JUMP_TOLERANCE_MS) jumped(by);
  });
}
