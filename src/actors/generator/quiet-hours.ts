/** Quiet hours: a part of the day, by the wall clock, in which the conditions have other limits. */
import type { ReadNumber } from './settings.ts';

/** @param secondOfDay local time of day */
export function isQuiet(setting: ReadNumber, secondOfDay: number): boolean {
  if (setting('QuietHours/Enabled') !== 1) return false;
  const start = setting('QuietHours/StartTime');
  const end = setting('QuietHours/EndTime');
  // From 21:00 to 08:00 goes over midnight.
  return start < end ? start <= secondOfDay && secondOfDay < end : secondOfDay >= start || secondOfDay <= end;
}
