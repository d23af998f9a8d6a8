/** The plan that Dynamic ESS follows: windows of time with a target, as somebody outside has made it. */
import { DYNAMIC_ESS_SCHEDULES, dynamicEssScheduleSettings } from '../../../../schema/settings/system.ts';
import type { Picture } from '../../picture.ts';

const SCHEDULE = '/Settings/DynamicEss/Schedule';
const SLOTS = Array.from({ length: DYNAMIC_ESS_SCHEDULES }, (_, slot) => slot);

export const WINDOW_SETTINGS: readonly string[] = SLOTS.flatMap(slot =>
  dynamicEssScheduleSettings(slot).map(({ path }) => path),
);

/** Who gets more solar power than planned, and who gives what is missing: grid or battery. */
export const STRATEGY = {
  /** The grid both. */
  targetSoc: 0,
  /** The battery both: no target. */
  selfConsumption: 1,
  /** More goes to the battery, what is missing comes from the grid. */
  proBattery: 2,
  /** More goes to the grid, what is missing comes from the battery. */
  proGrid: 3,
} as const;

/** Bits of `Restrictions`. */
const BATTERY_TO_GRID = 1;
const GRID_TO_BATTERY = 2;
/** Bits of `Flags`. */
const FAST_CHARGE = 1;
const SOLAR_OFF = 2;

export interface Window {
  readonly slot: number;
  /** Unix seconds. */
  readonly start: number;
  /** Seconds. */
  readonly duration: number;
  /** State of charge to be reached at its end. Percent. */
  readonly target: number;
  readonly strategy: number;
  readonly restrictions: number;
  readonly flags: number;
  readonly mayFeedIn: boolean;
  /** The battery must not be sold. */
  readonly keepsBattery: boolean;
  /** The battery must not be charged from the grid. */
  readonly keepsGrid: boolean;
  readonly isFast: boolean;
  readonly isSolarOff: boolean;
}

/** Windows that have a start, in the order of their slots. */
export function windowsOf(look: Picture): Window[] {
  return SLOTS.flatMap(slot => {
    const value = (name: string): number => look.setting(`${SCHEDULE}/${slot}/${name}`) ?? 0;
    const start = value('Start');
    if (start <= 0) return [];
    const restrictions = value('Restrictions');
    const flags = value('Flags');
    // The older setting has whole numbers only, and counts while the other is not used.
    const target = value('TargetSoc');
    return [
      {
        slot,
        start,
        duration: value('Duration'),
        target: target > 0 ? target : value('Soc'),
        strategy: value('Strategy'),
        restrictions,
        flags,
        mayFeedIn: value('AllowGridFeedIn') === 1,
        keepsBattery: (restrictions & BATTERY_TO_GRID) !== 0,
        keepsGrid: (restrictions & GRID_TO_BATTERY) !== 0,
        isFast: (flags & FAST_CHARGE) !== 0,
        isSolarOff: (flags & SOLAR_OFF) !== 0,
      },
    ];
  });
}

/** @param now Unix seconds, with fractions */
export function windowAt(windows: readonly Window[], now: number): Window | undefined {
  return windows.find(({ start, duration }) => now >= start && now < start + duration);
}

export function endOf({ start, duration }: Window): number {
  return start + duration;
}
