/** How long the engine has run: by local day, and in all. Adds up exactly over midnight and however the clock is set. */
import type { LocalMoment } from '../../kernel/time-zone.ts';

/** Days that are kept. */
export const HISTORY_DAYS = 30;
const DAY_S = 86_400;
/** A text longer than this is not a history of ours. */
const TEXT_LIMIT = 10_000;

/** Seconds by day; a day is named by its midnight in Unix seconds, as if the zone were UTC. */
export type DailyRuntime = ReadonlyMap<number, number>;

/** `{"1772409600": 600}` → day → seconds. What cannot be read counts as no history. */
export function parseDaily(text: string): DailyRuntime {
  const days = new Map<number, number>();
  if (text.length > TEXT_LIMIT) return days;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Empty at first, and a broken text is of no use to anybody.
    return days;
  }
  if (typeof parsed !== 'object' || parsed === null) return days;
  for (const [key, value] of Object.entries(parsed)) {
    const day = Number(key);
    if (Number.isSafeInteger(day) && typeof value === 'number' && Number.isFinite(value) && value >= 0)
      days.set(day, value);
  }
  return days;
}

/** The newest HISTORY_DAYS days, oldest first. */
export function formatDaily(days: DailyRuntime): string {
  const newest = [...days].sort(([a], [b]) => a - b).slice(-HISTORY_DAYS);
  return `{${newest.map(([day, seconds]) => `"${day}": ${seconds}`).join(', ')}}`;
}

/** Seconds of the day of `day` and of `before` days before it. */
export function runtimeOver(days: DailyRuntime, day: number, before: number): number {
  let sum = 0;
  for (const [key, seconds] of days) if (key <= day * DAY_S && key >= (day - before) * DAY_S) sum += seconds;
  return sum;
}

/** Seconds of all days that are kept. */
export function runtimeInAll(days: DailyRuntime): number {
  let sum = 0;
  for (const seconds of days.values()) sum += seconds;
  return sum;
}

/** Runtime that is not in the settings yet. */
export class RuntimeBook {
  /** Local day → milliseconds. */
  readonly #fresh = new Map<number, number>();

  /** The engine has run for `ms` until now. What lay before midnight counts for the days before. */
  add(ms: number, { day, secondOfDay }: LocalMoment): void {
    let left = ms;
    let since = Math.max(0, secondOfDay * 1000);
    for (let at = day; left > 0; at--) {
      const part = Math.min(left, since);
      this.#put(at, part);
      left -= part;
      since = DAY_S * 1000;
    }
  }

  /** All that is in it. */
  get milliseconds(): number {
    let sum = 0;
    for (const ms of this.#fresh.values()) sum += ms;
    return sum;
  }

  /** Takes out the whole seconds, by day; the rest stays and is carried into the last day. */
  take(): { readonly byDay: ReadonlyMap<number, number>; readonly seconds: number } {
    const byDay = new Map<number, number>();
    let seconds = 0;
    let rest = 0;
    const days = [...this.#fresh].sort(([a], [b]) => a - b);
    this.#fresh.clear();
    for (const [day, ms] of days) {
      const whole = Math.floor((ms + rest) / 1000);
      rest = ms + rest - whole * 1000;
      seconds += whole;
      if (whole > 0) byDay.set(day * DAY_S, whole);
    }
    const last = days.at(-1);
    if (last !== undefined && rest > 0) this.#put(last[0], rest);
    return { byDay, seconds };
  }

  #put(day: number, ms: number): void {
    if (ms > 0) this.#fresh.set(day, (this.#fresh.get(day) ?? 0) + ms);
  }
}

/** History and new runtime together. */
export function addRuntime(days: DailyRuntime, byDay: ReadonlyMap<number, number>): DailyRuntime {
  const sum = new Map(days);
  for (const [day, seconds] of byDay) sum.set(day, (sum.get(day) ?? 0) + seconds);
  return sum;
}
