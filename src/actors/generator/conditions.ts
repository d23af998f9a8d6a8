/** The conditions that start the engine, in the order in which they are looked at: the first that is reached names the run. */
import type { ConditionLimits } from './condition.ts';
import type { NumberKey, ReadNumber } from './settings.ts';
import type { Reason } from './terms.ts';

/** Reasons that come from a value. */
export type ConditionName = Exclude<Reason, 'manual' | 'testrun' | 'lossofcommunication'>;

interface ConditionBase {
  readonly name: ConditionName;
  /** What is looked at, for people. */
  readonly about: string;
  readonly unit: string;
  /** Whose values these are: those of the battery can be switched off by a setting. */
  readonly from: 'battery' | 'inverter';
  readonly enabled: NumberKey;
  readonly startTimer: NumberKey;
  readonly stopTimer: NumberKey;
}

/** A value with a start and a stop limit, and another pair for quiet hours. */
interface ValueCondition extends ConditionBase {
  readonly kind: 'value';
  readonly startAt: NumberKey;
  readonly stopAt: NumberKey;
  readonly quietStartAt: NumberKey;
  readonly quietStopAt: NumberKey;
}

/** An alarm that is there or not; quiet hours do not matter. */
interface AlarmCondition extends ConditionBase {
  readonly kind: 'alarm';
}

export type Condition = ValueCondition | AlarmCondition;

type ValueGroup = 'Soc' | 'AcLoad' | 'BatteryCurrent' | 'BatteryVoltage';
type AlarmGroup = 'InverterHighTemp' | 'InverterOverload';
type About = Pick<ConditionBase, 'about' | 'unit' | 'from'>;

function value(name: ConditionName, group: ValueGroup, about: About): ValueCondition {
  return {
    kind: 'value',
    name,
    ...about,
    enabled: `${group}/Enabled`,
    startAt: `${group}/StartValue`,
    stopAt: `${group}/StopValue`,
    quietStartAt: `${group}/QuietHoursStartValue`,
    quietStopAt: `${group}/QuietHoursStopValue`,
    startTimer: `${group}/StartTimer`,
    stopTimer: `${group}/StopTimer`,
  };
}

function alarm(name: ConditionName, group: AlarmGroup, about: About): AlarmCondition {
  return {
    kind: 'alarm',
    name,
    ...about,
    enabled: `${group}/Enabled`,
    startTimer: `${group}/StartTimer`,
    stopTimer: `${group}/StopTimer`,
  };
}

export const CONDITIONS: readonly Condition[] = [
  value('soc', 'Soc', { about: 'battery state of charge', unit: ' %', from: 'battery' }),
  value('acload', 'AcLoad', { about: 'AC load', unit: ' W', from: 'inverter' }),
  value('batterycurrent', 'BatteryCurrent', { about: 'current out of the battery', unit: ' A', from: 'battery' }),
  value('batteryvoltage', 'BatteryVoltage', { about: 'battery voltage', unit: ' V', from: 'battery' }),
  alarm('inverterhightemp', 'InverterHighTemp', { about: 'inverter temperature warning', unit: '', from: 'inverter' }),
  alarm('inverteroverload', 'InverterOverload', { about: 'inverter overload warning', unit: '', from: 'inverter' }),
];

/** What each condition looks at now; null when it cannot be read. */
export type ConditionValues = Readonly<Record<ConditionName, number | null>>;

const ALARM_AT = 1;
const ALARM_GONE_AT = 0;

/** The limits that hold now. */
export function limitsOf(condition: Condition, setting: ReadNumber, quiet: boolean): ConditionLimits {
  const timers = {
    startTimerMs: setting(condition.startTimer) * 1000,
    stopTimerMs: setting(condition.stopTimer) * 1000,
  };
  if (condition.kind === 'alarm') return { startAt: ALARM_AT, stopAt: ALARM_GONE_AT, ...timers };
  return {
    startAt: setting(quiet ? condition.quietStartAt : condition.startAt),
    stopAt: setting(quiet ? condition.quietStopAt : condition.stopAt),
    ...timers,
  };
}
