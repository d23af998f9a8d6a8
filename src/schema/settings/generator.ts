/**
 * Settings of generator start/stop: Generator0 works by the relay, Generator1 by a generator set on the bus. Defaults
 * and limits are those that the stock program asks for.
 */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, decimal, flag, integer, type Place, string } from './setting.ts';

const DAY_S = 86_400;
const TIMER_LIMIT_S = 10_000;
const POWER_LIMIT_W = 1_000_000;

/** Conditions that start on a value and stop on another one, each after a time; other values in the quiet hours. */
function condition(
  path: string,
  timerS: number,
  values: Readonly<Record<'Start' | 'Stop' | 'QuietHoursStart' | 'QuietHoursStop', SettingRow>>,
): readonly SettingRow[] {
  return [flag(`${path}/Enabled`, 0), ...timers(path, timerS), ...Object.values(values)];
}

function timers(path: string, initialS: number): readonly SettingRow[] {
  return [
    integer(`${path}/StartTimer`, initialS, 0, TIMER_LIMIT_S, { unit: 's', label: 'Start after' }),
    integer(`${path}/StopTimer`, initialS, 0, TIMER_LIMIT_S, { unit: 's', label: 'Stop after' }),
  ];
}

/** @param generator 0 for the relay, 1 for a generator set */
export function generatorSettings(generator: Place): readonly SettingRow[] {
  const path = `/Settings/Generator${generator}`;
  const watts = { unit: 'W' };
  const amperes = { unit: 'A' };
  const volts = { unit: 'V' };
  const percent = { unit: '%' };
  const seconds = { unit: 's' };
  const ours = addedBy('gxd', [
    // What runs the engine, as JSON: a restart of the program goes on where it was.
    string(`${path}/RunRecord`, '', { silent: true }),
    flag(`${path}/StopAtShutdown`, 0, 'Stop the engine when the program is shut down'),
  ]);
  const stock = addedBy('generator', [
    flag(`${path}/AutoStartEnabled`, 0, 'Auto start'),
    // Daily runtimes as JSON
    string(`${path}/AccumulatedDaily`, '', { silent: true }),
    integer(`${path}/AccumulatedTotal`, 0, 0, 0, { ...seconds, silent: true }),
    integer(`${path}/AccumulatedTotalOffset`, 0, 0, 0, { ...seconds, silent: true }),
    flag(`${path}/Alarms/AutoStartDisabled`, 0),
    flag(`${path}/Alarms/NoGeneratorAtAcIn`, 0),
    string(`${path}/BatteryService`, 'default', { label: 'Battery monitor' }),
    integer(`${path}/CoolDownTime`, 0, 0, 600, { unit: 's', label: 'Cool-down time' }),
    integer(`${path}/GeneratorStopTime`, 0, 0, 600, { unit: 's', label: 'Time the generator takes to stop' }),
    integer(`${path}/LastServiceReset`, 0, 0, 0, seconds),
    integer(`${path}/MinimumRuntime`, 0, 0, DAY_S, { unit: 'min', label: 'Minimum run time' }),
    integer(`${path}/OnLossCommunication`, 0, 0, 2, {
      enum: { 0: 'Stop', 1: 'Start', 2: 'Keep running' },
      label: 'On loss of communication',
    }),
    integer(`${path}/ServiceInterval`, 0, 0, 0, { unit: 's', label: 'Service interval' }),
    flag(`${path}/StopWhenAc1Available`, 0, 'Stop when AC input 1 is available'),
    flag(`${path}/StopWhenAc2Available`, 0, 'Stop when AC input 2 is available'),
    integer(`${path}/WarmUpTime`, 0, 0, 1800, { unit: 's', label: 'Warm-up time' }),

    flag(`${path}/QuietHours/Enabled`, 0, 'Quiet hours'),
    integer(`${path}/QuietHours/EndTime`, 21_600, 0, DAY_S, { unit: 's', label: 'End, after midnight' }),
    integer(`${path}/QuietHours/StartTime`, 75_600, 0, DAY_S, { unit: 's', label: 'Start, after midnight' }),

    ...condition(`${path}/AcLoad`, 20, {
      Start: integer(`${path}/AcLoad/StartValue`, 1600, 5, POWER_LIMIT_W, watts),
      Stop: integer(`${path}/AcLoad/StopValue`, 800, 0, POWER_LIMIT_W, watts),
      QuietHoursStart: integer(`${path}/AcLoad/QuietHoursStartValue`, 1900, 0, POWER_LIMIT_W, watts),
      QuietHoursStop: integer(`${path}/AcLoad/QuietHoursStopValue`, 1200, 0, POWER_LIMIT_W, watts),
    }),
    integer(`${path}/AcLoad/Measurement`, 0, 0, 100, {
      enum: { 0: 'Total consumption', 1: 'Inverter AC output', 2: 'Highest phase of the inverter AC output' },
      label: 'Measurement',
    }),
    ...condition(`${path}/BatteryCurrent`, 20, {
      Start: decimal(`${path}/BatteryCurrent/StartValue`, 10.5, 0.5, 10_000, amperes),
      Stop: decimal(`${path}/BatteryCurrent/StopValue`, 5.5, 0, 10_000, amperes),
      QuietHoursStart: decimal(`${path}/BatteryCurrent/QuietHoursStartValue`, 20.5, 0, 10_000, amperes),
      QuietHoursStop: decimal(`${path}/BatteryCurrent/QuietHoursStopValue`, 15.5, 0, 10_000, amperes),
    }),
    ...condition(`${path}/BatteryVoltage`, 20, {
      Start: decimal(`${path}/BatteryVoltage/StartValue`, 11.5, 0, 150, volts),
      Stop: decimal(`${path}/BatteryVoltage/StopValue`, 12.4, 0, 150, volts),
      QuietHoursStart: decimal(`${path}/BatteryVoltage/QuietHoursStartValue`, 11.9, 0, 100, volts),
      QuietHoursStop: decimal(`${path}/BatteryVoltage/QuietHoursStopValue`, 12.4, 0, 100, volts),
    }),
    ...condition(`${path}/Soc`, 0, {
      Start: integer(`${path}/Soc/StartValue`, 80, 0, 100, percent),
      Stop: integer(`${path}/Soc/StopValue`, 90, 0, 100, percent),
      QuietHoursStart: integer(`${path}/Soc/QuietHoursStartValue`, 90, 0, 100, percent),
      QuietHoursStop: integer(`${path}/Soc/QuietHoursStopValue`, 90, 0, 100, percent),
    }),
    flag(`${path}/InverterHighTemp/Enabled`, 0),
    ...timers(`${path}/InverterHighTemp`, 20),
    flag(`${path}/InverterOverload/Enabled`, 0),
    flag(`${path}/InverterOverload/SkipWarmup`, 0, 'Without warm-up'),
    ...timers(`${path}/InverterOverload`, 20),

    flag(`${path}/TankLevel/Enabled`, 0, 'Stop on tank level'),
    integer(`${path}/TankLevel/PreventStartValue`, 0, 0, 100, percent),
    integer(`${path}/TankLevel/StopValue`, 0, 0, 100, percent),
    string(`${path}/TankLevel/TankService`, 'no tank service'),
    flag(`${path}/TankLevel/WarningEnabled`, 1),

    integer(`${path}/TestRun/Duration`, 7200, 1, DAY_S, { unit: 's', label: 'Duration' }),
    flag(`${path}/TestRun/Enabled`, 0, 'Test run'),
    integer(`${path}/TestRun/Interval`, 28, 1, 365, { unit: 'd', label: 'Interval' }),
    flag(`${path}/TestRun/RunTillBatteryFull`, 0),
    integer(`${path}/TestRun/SkipRuntime`, 0, 0, 100_000, { unit: 's', label: 'Skip after so much run time' }),
    // The stock program asks for a maximum of 10000000000.1, which an integer cannot have.
    integer(`${path}/TestRun/StartDate`, 1_483_228_800, 0, 10_000_000_000, { label: 'First day, in Unix seconds' }),
    integer(`${path}/TestRun/StartTime`, 54_000, 0, DAY_S, { unit: 's', label: 'Start, after midnight' }),
  ]);
  return [...stock, ...ours];
}

/** Further settings of Generator1 when DC generator sets can be started. */
export function dcGeneratorSettings(generator: Place): readonly SettingRow[] {
  const path = `/Settings/Generator${generator}`;
  return addedBy('generator', [
    flag(`${path}/Alarms/NoGeneratorAtDcIn`, 0),
    string(`${path}/MultipleGensets/GensetsEnabled`, 'all'),
    integer(`${path}/MultipleGensets/LastRotated`, 0),
  ]);
}
