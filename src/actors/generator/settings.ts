/** The settings of one start/stop instance, by their names below it: /Settings/Generator0/… and /Settings/Generator1/…. */
import { Fault } from '../../kernel/fault.ts';
import type { SettingRow } from '../../schema/setting-row.ts';
import { dcGeneratorSettings, generatorSettings } from '../../schema/settings/generator.ts';

const VALUE_KEYS = ['StartValue', 'StopValue', 'QuietHoursStartValue', 'QuietHoursStopValue'] as const;
const TIMED_KEYS = ['Enabled', 'StartTimer', 'StopTimer'] as const;

type ValueGroup = 'Soc' | 'AcLoad' | 'BatteryCurrent' | 'BatteryVoltage';
type AlarmGroup = 'InverterHighTemp' | 'InverterOverload';

/** Names of the settings that hold a number. */
export type NumberKey =
  | `${ValueGroup}/${(typeof VALUE_KEYS)[number]}`
  | `${ValueGroup | AlarmGroup}/${(typeof TIMED_KEYS)[number]}`
  | (typeof SINGLE_NUMBERS)[number];

const SINGLE_NUMBERS = [
  'AutoStartEnabled',
  'ServiceInterval',
  'LastServiceReset',
  'AccumulatedTotal',
  'AccumulatedTotalOffset',
  'MinimumRuntime',
  'StopWhenAc1Available',
  'StopWhenAc2Available',
  'OnLossCommunication',
  'QuietHours/Enabled',
  'QuietHours/StartTime',
  'QuietHours/EndTime',
  'AcLoad/Measurement',
  'InverterOverload/SkipWarmup',
  'TankLevel/Enabled',
  'TankLevel/StopValue',
  'TankLevel/PreventStartValue',
  'TankLevel/WarningEnabled',
  'TestRun/Enabled',
  'TestRun/StartDate',
  'TestRun/StartTime',
  'TestRun/Interval',
  'TestRun/Duration',
  'TestRun/SkipRuntime',
  'TestRun/RunTillBatteryFull',
  'Alarms/NoGeneratorAtAcIn',
  'Alarms/AutoStartDisabled',
  'WarmUpTime',
  'CoolDownTime',
  'GeneratorStopTime',
  'StopAtShutdown',
] as const;

const TEXT_KEYS = ['AccumulatedDaily', 'BatteryService', 'TankLevel/TankService', 'RunRecord'] as const;

export type SettingKey = NumberKey | (typeof TEXT_KEYS)[number];

/** What a DC genset has besides. */
const DC_KEYS = ['Alarms/NoGeneratorAtDcIn', 'MultipleGensets/GensetsEnabled', 'MultipleGensets/LastRotated'] as const;
export type DcSettingKey = (typeof DC_KEYS)[number];

/** Reads a number; what the decisions get instead of the settings service. */
export type ReadNumber = (key: NumberKey) => number;

const VALUE_GROUPS: readonly ValueGroup[] = ['Soc', 'AcLoad', 'BatteryCurrent', 'BatteryVoltage'];
const ALARM_GROUPS: readonly AlarmGroup[] = ['InverterHighTemp', 'InverterOverload'];

export const SETTING_KEYS: readonly SettingKey[] = [
  ...SINGLE_NUMBERS,
  ...TEXT_KEYS,
  ...VALUE_GROUPS.flatMap(group => VALUE_KEYS.map(key => `${group}/${key}` as const)),
  ...[...VALUE_GROUPS, ...ALARM_GROUPS].flatMap(group => TIMED_KEYS.map(key => `${group}/${key}` as const)),
];

/** @param generator 0 for the relay, 1 for a genset */
export function settingRows(generator: number): Readonly<Record<SettingKey, SettingRow>> {
  return rowsByKey(generator, generatorSettings(generator), SETTING_KEYS);
}

export function dcSettingRows(generator: number): Readonly<Record<DcSettingKey, SettingRow>> {
  return rowsByKey(generator, dcGeneratorSettings(generator), DC_KEYS);
}

function rowsByKey<K extends string>(
  generator: number,
  rows: readonly SettingRow[],
  keys: readonly K[],
): Readonly<Record<K, SettingRow>> {
  const found: Partial<Record<K, SettingRow>> = {};
  for (const key of keys) {
    const row = rows.find(({ path }) => path === `/Settings/Generator${generator}/${key}`);
    if (row === undefined) throw new Fault('bug', `there is no setting ${key} in the schema`);
    found[key] = row;
  }
  return found as Record<K, SettingRow>; // one for each key
}
