/**
 * Settings of the system calculation: battery choice, DVCC, BatteryLife, Dynamic ESS, load shedding, relays, gauges.
 * Defaults and limits are those that the stock program asks for.
 */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, decimal, flag, integer, type Place, string } from './setting.ts';

const BATTERY_LIFE = '/Settings/CGwacs/BatteryLife';
const DYNAMIC_ESS = '/Settings/DynamicEss';
const GAUGES = '/Settings/Gui/Gauges';
const LOAD_SHEDDING = '/Settings/LoadSheddingApi';
const SETUP = '/Settings/SystemSetup';

/** Windows of scheduled charging. */
export const CHARGE_SCHEDULES = 5;
/** Windows of Dynamic ESS: two days by the hour. */
export const DYNAMIC_ESS_SCHEDULES = 48;
/** Windows of load shedding. */
export const LOAD_SHEDDING_SCHEDULES = 4;
/** Relays that have settings from the start; more are added for what the machine has. */
const RELAYS = 2;

const DAYS = {
  0: 'Sunday',
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
  7: 'Every day',
  8: 'Weekdays',
  9: 'Weekends',
  10: 'First of the month',
  11: 'Monthly',
} as const;

const BATTERY_LIFE_STATES = {
  0: 'Disabled',
  1: 'Restart',
  2: 'Default',
  3: 'Absorption',
  4: 'Float',
  5: 'Discharged',
  6: 'Force charge',
  7: 'Sustain',
  8: 'Low SOC charge',
  9: 'Keep charged',
  10: 'SOC guard, default',
  11: 'SOC guard, discharged',
  12: 'SOC guard, low SOC charge',
} as const;

/** One window of scheduled charging. A negative day is a disabled window that keeps its day; -7 stands for none. */
export function chargeScheduleSettings(slot: Place): readonly SettingRow[] {
  const path = `${BATTERY_LIFE}/Schedule/Charge/${slot}`;
  return addedBy('systemcalc', [
    flag(`${path}/AllowDischarge`, 0, 'Self-consumption above limit'),
    integer(`${path}/Day`, -7, -11, 11, { enum: DAYS, label: 'Day' }),
    integer(`${path}/Duration`, 0, 0, 0, { unit: 's', label: 'Duration' }),
    integer(`${path}/Soc`, 100, 0, 100, { unit: '%', label: 'State of charge' }),
    integer(`${path}/Start`, 0, 0, 0, { unit: 's', label: 'Start, after midnight' }),
  ]);
}

/** One window of Dynamic ESS. */
export function dynamicEssScheduleSettings(slot: Place): readonly SettingRow[] {
  const path = `${DYNAMIC_ESS}/Schedule/${slot}`;
  return addedBy('systemcalc', [
    flag(`${path}/AllowGridFeedIn`, 0, 'Feed-in to the grid is allowed'),
    integer(`${path}/Duration`, 0, 0, 0, { unit: 's', label: 'Duration' }),
    integer(`${path}/Flags`, 0, 0, 3),
    integer(`${path}/Restrictions`, 0, 0, 3, {
      enum: { 0: 'None', 1: 'Battery to grid', 2: 'Grid to battery', 3: 'Between battery and grid' },
      label: 'Restrictions',
    }),
    integer(`${path}/Soc`, 0, 0, 100, { unit: '%', label: 'Target state of charge' }),
    integer(`${path}/Start`, 0, 0, 0, { label: 'Start, in Unix seconds' }),
    integer(`${path}/Strategy`, 0, 0, 3, {
      enum: { 0: 'Target SOC', 1: 'Self-consumption', 2: 'Pro battery', 3: 'Pro grid' },
      label: 'Strategy',
    }),
    decimal(`${path}/TargetSoc`, 0, 0, 100, { unit: '%', label: 'Target state of charge' }),
  ]);
}

/** One window of load shedding, as it was asked for from outside. */
export function loadSheddingScheduleSettings(slot: Place): readonly SettingRow[] {
  const path = `${LOAD_SHEDDING}/Schedule/${slot}`;
  return addedBy('systemcalc', [
    integer(`${path}/Duration`, 0, 0, 0, { unit: 's', label: 'Duration' }),
    integer(`${path}/Start`, 0, 0, 0, { label: 'Start, in Unix seconds' }),
  ]);
}

/** How a relay of the machine starts up and is shown. */
export function relayOutputSettings(relay: Place): readonly SettingRow[] {
  const path = `/Settings/Relay/${relay}`;
  return addedBy('systemcalc', [
    string(`${path}/CustomName`, '', { label: 'Name' }),
    string(`${path}/Group`, '', { label: 'Group' }),
    flag(`${path}/InitialState`, 0, 'State at start'),
    integer(`${path}/ShowUIControl`, 1, 0, 0, { label: 'Shown among the switches' }),
  ]);
}

const single = addedBy('systemcalc', [
  integer(`${BATTERY_LIFE}/DischargedTime`, 0, 0, 0, { silent: true, label: 'Discharged since, in Unix seconds' }),
  integer(`${BATTERY_LIFE}/Flags`, 0, 0, 0, { silent: true }),
  decimal(`${BATTERY_LIFE}/MinimumSocLimit`, 10, 0, 100, { unit: '%', label: 'Minimum state of charge' }),
  decimal(`${BATTERY_LIFE}/SocLimit`, 10, 0, 100, { unit: '%', silent: true, label: 'Limit of BatteryLife' }),
  integer(`${BATTERY_LIFE}/State`, 1, 0, 0, { enum: BATTERY_LIFE_STATES, silent: true, label: 'BatteryLife' }),

  decimal(`${DYNAMIC_ESS}/BatteryCapacity`, 0, 0, 1000, { unit: 'kWh', label: 'Battery capacity' }),
  decimal(`${DYNAMIC_ESS}/BatteryChargeLimit`, -1, -1, 9999.9, { unit: 'kW', label: 'Battery charge limit' }),
  decimal(`${DYNAMIC_ESS}/BatteryDischargeLimit`, -1, -1, 9999.9, { unit: 'kW', label: 'Battery discharge limit' }),
  integer(`${DYNAMIC_ESS}/FullChargeDuration`, 2, -1, 12, { unit: 'h', label: 'Duration of a full charge' }),
  integer(`${DYNAMIC_ESS}/FullChargeInterval`, 14, -1, 99, { unit: 'd', label: 'Days between full charges' }),
  decimal(`${DYNAMIC_ESS}/GridExportLimit`, -1, -1, 9999.9, { unit: 'kW', label: 'Grid export limit' }),
  decimal(`${DYNAMIC_ESS}/GridImportLimit`, -1, -1, 9999.9, { unit: 'kW', label: 'Grid import limit' }),
  integer(`${DYNAMIC_ESS}/Mode`, 0, 0, 4, { enum: { 0: 'Off', 1: 'Auto', 4: 'Node-RED' }, label: 'Dynamic ESS' }),
  integer(`${DYNAMIC_ESS}/OperatingMode`, -1, -1, 2, { enum: { 0: 'Trade', 1: 'Green' }, label: 'Operating mode' }),
  decimal(`${DYNAMIC_ESS}/SystemEfficiency`, 90, 50, 100, { unit: '%', label: 'System efficiency' }),

  flag('/Settings/Gui/ElectricPropulsionUI/Enabled', 0),
  integer('/Settings/Gui/ElectricPropulsionUI/MultiDrive/Left/DeviceInstance', -1),
  integer('/Settings/Gui/ElectricPropulsionUI/MultiDrive/Right/DeviceInstance', -1),

  decimal(`${GAUGES}/Ac/AcIn1/Consumption/Current/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/AcIn2/Consumption/Current/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/In/0/Current/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/In/0/Current/Min`, 0, Number.NEGATIVE_INFINITY, 0, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/In/1/Current/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/In/1/Current/Min`, 0, Number.NEGATIVE_INFINITY, 0, { unit: 'A' }),
  decimal(`${GAUGES}/Ac/NoAcIn/Consumption/Current/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'A' }),
  flag(`${GAUGES}/AutoMax`, 1, 'Ranges of the gauges follow what was seen'),
  decimal(`${GAUGES}/Dc/Input/Power/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'W' }),
  decimal(`${GAUGES}/Dc/System/Power/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'W' }),
  decimal(`${GAUGES}/MotorDrive/Power/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'W' }),
  decimal(`${GAUGES}/MotorDrive/RPM/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'rpm' }),
  decimal(`${GAUGES}/Pv/Power/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'W' }),
  decimal(`${GAUGES}/Speed/Max`, 0, 0, Number.POSITIVE_INFINITY, { unit: 'm/s' }),

  integer(`${LOAD_SHEDDING}/DisconnectMargin`, 300, 0, 0, { unit: 's' }),
  integer(`${LOAD_SHEDDING}/MinSoc`, 0, 0, 100, { unit: '%' }),
  flag(`${LOAD_SHEDDING}/Mode`, 0, 'Load shedding'),
  integer(`${LOAD_SHEDDING}/PreparationTime`, 3600, 0, 0, { unit: 's' }),
  integer(`${LOAD_SHEDDING}/ReconnectMargin`, 1800, 0, 0, { unit: 's' }),
  integer(`${LOAD_SHEDDING}/StabilityMargin`, 60, 0, 0, { unit: 's' }),
  string(`${LOAD_SHEDDING}/Token`),

  integer('/Settings/Services/Bol', 0, 0, 7, { label: 'DVCC' }),

  integer(`${SETUP}/BatteryCurrentSense`, 1, 0, 0, { label: 'Shared current sense' }),
  string(`${SETUP}/BatteryService`, 'default', { label: 'Battery monitor' }),
  integer(`${SETUP}/BmsInstance`, -1, 0, 0, { label: 'Controlling BMS' }),
  flag(`${SETUP}/CanBmsSense`, 0),
  flag(`${SETUP}/DvccControlAllMultis`, 0, 'DVCC controls all inverter/chargers'),
  flag(`${SETUP}/HasAcInLoads`, 1, 'Loads on the AC input'),
  flag(`${SETUP}/HasAcOutSystem`, 1, 'Loads on the AC output'),
  flag(`${SETUP}/HasDcSystem`, 0, 'DC loads'),
  integer(`${SETUP}/MaxChargeCurrent`, -1, -1, 10_000, { unit: 'A', label: 'Charge current limit, -1 for none' }),
  decimal(`${SETUP}/MaxChargeVoltage`, 0, 0, 80, { unit: 'V', label: 'Battery voltage limit, 0 for none' }),
  integer(`${SETUP}/SharedTemperatureSense`, 1, 0, 0, { label: 'Shared temperature sense' }),
  integer(`${SETUP}/SharedVoltageSense`, 1, 0, 0, { label: 'Shared voltage sense' }),
  string(`${SETUP}/TemperatureService`, 'default', { label: 'Temperature sensor' }),
]);

/** All settings of the system calculation. */
export const systemSettings: readonly SettingRow[] = [
  ...single,
  ...repeated(CHARGE_SCHEDULES, chargeScheduleSettings),
  ...repeated(DYNAMIC_ESS_SCHEDULES, dynamicEssScheduleSettings),
  ...repeated(LOAD_SHEDDING_SCHEDULES, loadSheddingScheduleSettings),
  ...repeated(RELAYS, relayOutputSettings),
];

/** The same with `{n}` for the number of a window or relay: one row each. */
export const systemSettingTemplates: readonly SettingRow[] = [
  ...single,
  ...chargeScheduleSettings('{n}'),
  ...dynamicEssScheduleSettings('{n}'),
  ...loadSheddingScheduleSettings('{n}'),
  ...relayOutputSettings('{n}'),
];

function repeated(count: number, settings: (place: number) => readonly SettingRow[]): SettingRow[] {
  return Array.from({ length: count }, (_, place) => settings(place)).flat();
}
