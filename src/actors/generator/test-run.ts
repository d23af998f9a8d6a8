/**
 * The periodic test run. The wall clock decides when one begins; how long it lasts is measured by the monotonic clock,
 * so that setting the clock neither begins nor ends one.
 */
import type { TimeZone } from '../../kernel/time-zone.ts';
import type { ReadNumber } from './settings.ts';
import { LOSS_MS, passed } from './timing.ts';

export interface TestRunState {
  /** The run under way. */
  readonly run: { readonly occasion: string; readonly endsAt: number } | null;
  /** The occasion that is over, or that the clock was set into: not to be run (again). */
  readonly spent: string | null;
  /** The occasion in whose time the last tick was. */
  readonly within: string | null;
  /** Since when the state of charge is missing in a run that waits for it. */
  readonly socMissingSince: number | null;
}

export const NO_TEST_RUN: TestRunState = { run: null, spent: null, within: null, socMissingSince: null };

export interface TestRunInputs {
  readonly wallMs: number;
  /** Somebody has set the wall clock since the last tick. */
  readonly clockSet: boolean;
  readonly zone: TimeZone;
  readonly soc: number | null;
  /** Runtime within the interval, seconds. */
  readonly intervalRuntime: number;
}

export interface TestRunPlan {
  /** Enabled, and due by its days and time: [begin, end], wall-clock milliseconds. */
  readonly window: readonly [number, number] | null;
  /** /NextTestRun: Unix seconds; null when there is none. */
  readonly next: number | null;
  /** /SkipTestRun: 1 when the engine has run enough of itself; null when the test run is off or has not begun yet. */
  readonly skip: 0 | 1 | null;
  /** Names this run among all runs of all settings. */
  readonly occasion: string;
}

/** A run that goes on until the battery is full may begin during this time. Seconds. */
const TILL_FULL_WINDOW_S = 60;
const FULL_SOC = 100;
const NO_PLAN: TestRunPlan = { window: null, next: null, skip: null, occasion: '' };

/** What the calendar says. */
export function planTestRun(setting: ReadNumber, inputs: TestRunInputs): TestRunPlan {
  if (setting('TestRun/Enabled') !== 1) return NO_PLAN;
  const { zone, wallMs } = inputs;
  const startTime = setting('TestRun/StartTime');
  const interval = setting('TestRun/Interval');
  const duration = setting('TestRun/RunTillBatteryFull') === 1 ? TILL_FULL_WINDOW_S : setting('TestRun/Duration');
  const firstDay = zone.local(setting('TestRun/StartDate') * 1000).day;
  const today = zone.local(wallMs).day;
  const windowOf = (day: number): readonly [number, number] => {
    const begin = zone.moment(day, startTime);
    return [begin, begin + duration * 1000];
  };
  // A run that began before midnight belongs to yesterday.
  const day = isWithin(windowOf(today - 1), wallMs) ? today - 1 : today;
  if (firstDay > day) return { ...NO_PLAN, next: zone.moment(firstDay, 0) / 1000 };
  const window = windowOf(day);
  const daysPast = (day - firstDay) % interval;
  const due = daysPast === 0;
  const next = due && wallMs <= window[1] ? window[0] : zone.moment(day + interval - daysPast, startTime);
  const skipRuntime = setting('TestRun/SkipRuntime');
  return {
    window: due ? window : null,
    next: next / 1000,
    skip: skipRuntime > 0 && inputs.intervalRuntime >= skipRuntime ? 1 : 0,
    occasion: [day, startTime, interval, duration, firstDay].join('/'),
  };
}

/**
 * One tick of the test run.
 * @param now monotonic, milliseconds
 * @param seenNow the clock of what was seen
 */
export function stepTestRun(
  state: TestRunState,
  setting: ReadNumber,
  plan: TestRunPlan,
  inputs: TestRunInputs,
  now: number,
  seenNow: number,
): TestRunState {
  const { wallMs, soc } = inputs;
  const tillFull = setting('TestRun/RunTillBatteryFull') === 1;
  const within = plan.window !== null && isWithin(plan.window, wallMs) ? plan.occasion : null;
  const settingsPart = afterDay(plan.occasion);
  let { run, spent } = state;
  let socMissingSince: number | null = null;

  // Changed settings mean another run.
  if (run !== null && (plan.next === null || afterDay(run.occasion) !== settingsPart)) run = null;
  if (within !== null && inputs.clockSet && state.within !== within && run === null) spent = within;
  if (run === null && within !== null && spent !== within && plan.skip !== 1 && plan.window !== null) {
    if (!tillFull || (soc !== null && soc < FULL_SOC))
      run = { occasion: within, endsAt: now + plan.window[1] - wallMs };
  }
  if (run !== null && tillFull) {
    socMissingSince = soc === null ? (state.socMissingSince ?? seenNow) : null;
    const lost = socMissingSince !== null && passed(socMissingSince, seenNow, LOSS_MS);
    if (lost || (soc !== null && soc >= FULL_SOC)) {
      spent = run.occasion;
      run = null;
    }
  } else if (run !== null && now > run.endsAt) {
    spent = run.occasion;
    run = null;
  }
  return { run, spent, within, socMissingSince };
}

function isWithin([begin, end]: readonly [number, number], wallMs: number): boolean {
  return begin <= wallMs && wallMs <= end;
}

function afterDay(occasion: string): string {
  return occasion.slice(occasion.indexOf('/') + 1);
}
