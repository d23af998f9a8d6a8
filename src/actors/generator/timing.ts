/** How time is measured here. All times are milliseconds; `…At` on the monotonic clock, or on the clock of what was seen. */

/** The period of a tick. */
export const TICK_MS = 1_000;

/** A tick that is a little early counts as being in time. */
const EARLY_MS = 50;

/**
 * A value that was passed for an hour during which nobody looked was not seen to be passed for an hour: between two
 * ticks no more than this counts as seen. Above the steps of a slow machine, below any delay that matters.
 */
const SEEN_LIMIT_MS = 5_500;

/** How long a value may be missing before communication counts as lost. */
export const LOSS_MS = 300_000;

/** Whether `ms` have gone by since `since`. */
export function passed(since: number, now: number, ms: number): boolean {
  return now - since + EARLY_MS >= ms;
}

/** Whole seconds from `since` to `now`. */
export function wholeSeconds(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since + EARLY_MS) / 1000));
}

export function seen(elapsedMs: number): number {
  return Math.min(Math.max(0, elapsedMs), SEEN_LIMIT_MS);
}
