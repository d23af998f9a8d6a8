/** When scheduled charging happens: windows that begin on certain days, at a local time of day. */

/** `Day` of a window, beyond the days of the week from 0 for Sunday. */
const DAILY = 7;
const WEEKDAYS = 8;
const WEEKENDS = 9;
const SUNDAY = 0;
const MONDAY = 1;
const FRIDAY = 5;
const SATURDAY = 6;
const WEEK = 7;
const DAY_MS = 86_400_000;
const DAY_S = 86_400;

export interface ChargeWindow {
  /** 0 … 6 Sunday … Saturday, 7 daily, 8 on weekdays, 9 at weekends, 10 and above on the first of the month; below 0 never. */
  readonly day: number;
  /** Seconds after local midnight. */
  readonly start: number;
  /** Seconds. */
  readonly duration: number;
}

/**
 * Whether a moment is inside: in that which began on the last day that counts before today, or on the next one from
 * today on.
 * @param localMs local time as if it were UTC. Milliseconds since 1970
 */
export function isInside({ day, start, duration }: ChargeWindow, localMs: number): boolean {
  if (day < 0 || start < 0 || start >= DAY_S) return false;
  const today = Math.floor(localMs / DAY_MS) * DAY_MS;
  return [previousDay(today, day), nextDay(today, day)].some(midnight => {
    const begin = midnight + start * 1000;
    return localMs >= begin && localMs < begin + duration * 1000;
  });
}

/** The first day that counts, today or later. */
function nextDay(today: number, day: number): number {
  const weekday = new Date(today).getUTCDay();
  if (day < DAILY) return forward(today, day);
  if (day === DAILY) return today;
  if (day === WEEKDAYS) return isWeekend(weekday) ? forward(today, MONDAY) : today;
  if (day === WEEKENDS) return isWeekend(weekday) ? today : forward(today, SATURDAY);
  return new Date(today).getUTCDate() === 1 ? today : firstOfMonth(today, 1);
}

/** The last day that counts before today. */
function previousDay(today: number, day: number): number {
  const weekday = new Date(today).getUTCDay();
  if (day < DAILY) return back(today, day);
  if (day === DAILY) return today - DAY_MS;
  if (day === WEEKDAYS) return isWeekend(weekday) || weekday === MONDAY ? back(today, FRIDAY) : today - DAY_MS;
  if (day === WEEKENDS) return weekday === SUNDAY ? today - DAY_MS : back(today, SUNDAY);
  return firstOfMonth(today, new Date(today).getUTCDate() === 1 ? -1 : 0);
}

function isWeekend(weekday: number): boolean {
  return weekday === SATURDAY || weekday === SUNDAY;
}

function forward(today: number, weekday: number): number {
  return today + ((weekday - new Date(today).getUTCDay() + WEEK) % WEEK) * DAY_MS;
}

/** At least one day. */
function back(today: number, weekday: number): number {
  return today - (((new Date(today).getUTCDay() - weekday + WEEK - 1) % WEEK) + 1) * DAY_MS;
}

function firstOfMonth(today: number, months: number): number {
  const date = new Date(today);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}
