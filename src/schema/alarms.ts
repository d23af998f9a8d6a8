/**
 * Which paths tell alarms, and how. Facts: the lists that the stock platform watches for its notifications, the fact
 * list of paths, and the error numbers of chargers.
 */

/**
 * What a value means:
 * - `level`: 0 fine, 1 a warning, else an alarm
 * - `code`: 0 fine, else an alarm
 * - `charger`: an error number of chargers; few of them are warnings
 * - `name`: an error by its name (`fp:e-16`), empty when there is none; those with `:e-` are alarms, others warnings
 */
export type AlarmKind = 'level' | 'code' | 'charger' | 'name';

export interface AlarmRow {
  readonly path: string;
  readonly kind: AlarmKind;
  /**
   * What says whether it counts: 0 never, 1 alarms, 2 alarms and warnings. A path of the service itself, or one of the
   * settings. Where there is no such setting, it counts.
   */
  readonly enabledBy?: { readonly from: 'service' | 'settings'; readonly path: string };
}

/** Chargers that are connected: one of them is missing, or is set otherwise; the battery is too cold to be charged. */
const CHARGER_WARNINGS: readonly number[] = [14, 65, 66];

const levels = (...names: readonly string[]): readonly AlarmRow[] =>
  names.map(name => ({ path: `/Alarms/${name}`, kind: 'level' }));

/** Alarms that the device itself can be told to keep for itself. */
const deviceLevels = (...names: readonly string[]): readonly AlarmRow[] =>
  names.map(name => ({
    path: `/Alarms/${name}`,
    kind: 'level',
    enabledBy: { from: 'service', path: `/Settings/AlarmLevel/${name}` },
  }));

/** Alarms of VE.Bus devices by the setting that keeps them quiet. */
const vebusLevels = (setting: string, ...names: readonly string[]): readonly AlarmRow[] =>
  names.map(name => ({
    path: `/Alarms/${name}`,
    kind: 'level',
    enabledBy: { from: 'settings', path: `/Settings/Alarm/Vebus/${setting}` },
  }));

const CHARGER_ERROR: AlarmRow = { path: '/ErrorCode', kind: 'charger' };
const NAMED_ERROR: AlarmRow = { path: '/Error/0/Id', kind: 'name' };
const INVERTER_LEVELS = deviceLevels(
  ...['LowVoltage', 'HighVoltage', 'LowVoltageAcOut', 'HighVoltageAcOut', 'HighTemperature', 'Overload'],
  ...['Ripple', 'LowSoc'],
);
const DC_METER = levels(
  ...['LowVoltage', 'HighVoltage', 'LowStarterVoltage', 'HighStarterVoltage', 'LowTemperature', 'HighTemperature'],
);
const PHASES = ['L1', 'L2', 'L3'];
const OF_EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

/** Eight distributors, A to H, with eight fuses each. */
const DISTRIBUTORS: readonly AlarmRow[] = [...'ABCDEFGH'].flatMap(letter => [
  { path: `/Distributor/${letter}/Alarms/ConnectionLost`, kind: 'level' },
  ...OF_EIGHT.map(fuse => ({ path: `/Distributor/${letter}/Fuse/${fuse}/Alarms/Blown`, kind: 'level' as const })),
]);

/** By type of service. */
export const ALARMS: Readonly<Record<string, readonly AlarmRow[]>> = {
  acsystem: levels('GridLost', 'HighTemperature', 'Overload', 'PhaseRotation'),
  alternator: [...DC_METER, CHARGER_ERROR, NAMED_ERROR],
  battery: [
    ...levels(
      ...['LowVoltage', 'HighVoltage', 'LowCellVoltage', 'HighCellVoltage', 'CellImbalance', 'MidVoltage'],
      ...['HighCurrent', 'HighChargeCurrent', 'HighDischargeCurrent', 'LowSoc', 'StateOfHealth'],
      ...['LowTemperature', 'HighTemperature', 'LowChargeTemperature', 'HighChargeTemperature'],
      ...['HighInternalTemperature', 'BatteryTemperatureSensor', 'LowStarterVoltage', 'HighStarterVoltage'],
      ...['LowFusedVoltage', 'HighFusedVoltage', 'FuseBlown', 'InternalFailure', 'Contactor', 'BmsCable'],
      ...['FirmwareUpdateFailure', 'ParallelBmsLost'],
    ),
    ...['Communication', 'InvalidConfiguration', 'NrOfBatteries', 'Voltage'].map(
      (name): AlarmRow => ({ path: `/Errors/SmartLithium/${name}`, kind: 'code' }),
    ),
    { path: '/ErrorCode', kind: 'code' },
    ...DISTRIBUTORS,
  ],
  charger: [...levels('LowVoltage', 'HighVoltage'), CHARGER_ERROR],
  dcdc: [CHARGER_ERROR],
  dcgenset: [NAMED_ERROR],
  dcload: DC_METER,
  dcsource: DC_METER,
  dcsystem: DC_METER,
  digitalinput: [{ path: '/Alarm', kind: 'level' }],
  evcharger: levels(
    ...['GNDNotPresent', 'WeldedContacts', 'CPInputShortCircuit', 'ResidualCurrent', 'OverTemperature'],
    ...['LightSensorICFault', 'TamperDetected', 'SetupNeeded', 'BlockedWarning', 'HighTempWarning', 'GxCommWarning'],
    ...['OverloadDetected', 'OverloadActive', 'TimeSyncIssue', 'ExternalCurrentLimit', 'SystemCausedCurrentLimit'],
    ...['DisplayFWUpdateFailure1', 'DisplayFWUpdateFailure2', 'DisplayFWUpdateInProgress'],
  ),
  fuelcell: DC_METER,
  generator: levels(
    ...['NoGeneratorAtAcIn', 'NoGeneratorAtDcIn', 'ServiceIntervalExceeded', 'AutoStartDisabled'],
    ...['RemoteStartModeDisabled', 'StoppedByTankLevelCondition'],
  ),
  genset: [NAMED_ERROR],
  hub4: levels('NoGridMeter'),
  inverter: [...INVERTER_LEVELS, ...levels('LowTemperature')],
  multi: [
    ...INVERTER_LEVELS,
    ...deviceLevels('ShortCircuit', 'GridLost', 'PhaseRotation'),
    ...levels('LowTemperature'),
    CHARGER_ERROR,
  ],
  platform: ['/Device/DataPartitionError', '/Device/DataPartitionFullError'].map(path => ({ path, kind: 'level' })),
  solarcharger: [...levels('LowVoltage', 'HighVoltage', 'HighTemperature', 'ShortCircuit'), CHARGER_ERROR],
  system: ['/Dc/Battery/Alarms/CircuitBreakerTripped', '/Dvcc/Alarms/FirmwareInsufficient'].map(path => ({
    path,
    kind: 'level',
  })),
  tank: [
    { path: '/Alarms/Low/State', kind: 'level' },
    { path: '/Alarms/High/State', kind: 'level' },
  ],
  temperature: levels('LowBattery'),
  vebus: [
    {
      path: '/VebusError',
      kind: 'code',
      enabledBy: { from: 'settings', path: '/Settings/Alarm/Vebus/VeBusError' },
    },
    ...vebusLevels('TemperatureSenseError', 'TemperatureSensor'),
    ...vebusLevels('VoltageSenseError', 'VoltageSensor'),
    ...vebusLevels('LowBattery', 'LowBattery'),
    ...vebusLevels('HighDcRipple', 'Ripple'),
    ...vebusLevels('HighTemperature', 'HighTemperature', ...PHASES.map(phase => `${phase}/HighTemperature`)),
    ...vebusLevels('InverterOverload', 'Overload', ...PHASES.map(phase => `${phase}/Overload`)),
    ...vebusLevels('HighDcVoltage', 'HighDcVoltage'),
    ...vebusLevels('HighDcCurrent', 'HighDcCurrent'),
    ...levels('PhaseRotation', 'GridLost', 'BmsPreAlarm', 'BmsConnectionLost'),
  ],
  vecan: levels('SameUniqueNameUsed'),
};

/** Whether a value is an alarm; a warning is none, nor is what is not known. */
export function isAlarm(kind: AlarmKind, value: unknown): boolean {
  switch (kind) {
    case 'level':
      return typeof value === 'number' && value !== 0 && value !== 1;
    case 'code':
      return typeof value === 'number' && value !== 0;
    case 'charger':
      return typeof value === 'number' && value !== 0 && !CHARGER_WARNINGS.includes(value);
    case 'name':
      return typeof value === 'string' && value.includes(':e-');
  }
}
