/** Where each field of a VE.Direct TEXT block stands on D-Bus (fact sheet vedirect, section 3). */
import type { TextLabel } from '../../protocols/vedirect/text-fields.ts';
import type { RegisterService } from '../registers/service-choice.ts';

type Paths = Partial<Readonly<Record<TextLabel, string>>>;

const MAIN: Paths = { V: '/Dc/0/Voltage', I: '/Dc/0/Current' };

/** Battery monitors and shunts, whatever they are set to measure; what a service has no path for is left out. */
const MONITOR: Paths = {
  ...MAIN,
  VM: '/Dc/0/MidVoltage',
  DM: '/Dc/0/MidVoltageDeviation',
  CE: '/ConsumedAmphours',
  SOC: '/Soc',
  TTG: '/TimeToGo',
  H1: '/History/DeepestDischarge',
  H2: '/History/LastDischarge',
  H3: '/History/AverageDischarge',
  H4: '/History/ChargeCycles',
  H5: '/History/FullDischarges',
  H6: '/History/TotalAhDrawn',
  H9: '/History/TimeSinceLastFullCharge',
  H10: '/History/AutomaticSyncs',
  VS: '/Dc/1/Voltage',
  P: '/Dc/0/Power',
  T: '/Dc/0/Temperature',
  Alarm: '/Alarms/Alarm',
  Relay: '/Relay/0/State',
  H7: '/History/MinimumVoltage',
  H8: '/History/MaximumVoltage',
  H11: '/History/LowVoltageAlarms',
  H12: '/History/HighVoltageAlarms',
  H13: '/History/LowStarterVoltageAlarms',
  H14: '/History/HighStarterVoltageAlarms',
  H15: '/History/MinimumStarterVoltage',
  H16: '/History/MaximumStarterVoltage',
};

/** A shunt at a source or a load counts what is produced and what is consumed. */
const DC_METER: Paths = {
  ...MONITOR,
  MON: '/Settings/MonitorMode',
  H17: '/History/EnergyOut',
  H18: '/History/EnergyIn',
};

const CHARGER: Paths = {
  ...MAIN,
  V2: '/Dc/1/Voltage',
  I2: '/Dc/1/Current',
  V3: '/Dc/2/Voltage',
  I3: '/Dc/2/Current',
  T: '/Dc/0/Temperature',
  CS: '/State',
  ERR: '/ErrorCode',
  MODE: '/Mode',
  Relay: '/Relay/0/State',
};

/** DC-DC chargers, which are alternators to the clients in the field. */
const INPUT: Paths = {
  DC_IN_V: '/Dc/In/V',
  DC_IN_I: '/Dc/In/I',
  DC_IN_P: '/Dc/In/P',
  OR: '/DeviceOffReason',
  MODE: '/Mode',
};

/** What solar chargers and inverters with solar inputs share. */
const SOLAR: Paths = {
  VPV: '/Pv/V',
  PPV: '/Yield/Power',
  MPPT: '/MppOperationMode',
  OR: '/DeviceOffReason',
  H19: '/Yield/User',
  H20: '/History/Daily/0/Yield',
  H21: '/History/Daily/0/MaxPower',
  H22: '/History/Daily/1/Yield',
  H23: '/History/Daily/1/MaxPower',
  HSDS: '/History/Daily/0/Nr',
};

const INVERTER: Paths = {
  ...MAIN,
  CS: '/State',
  MODE: '/Mode',
  AC_OUT_V: '/Ac/Out/L1/V',
  AC_OUT_I: '/Ac/Out/L1/I',
  AC_OUT_S: '/Ac/Out/L1/S',
  Relay: '/Relay/0/State',
};

export const TEXT_PATHS: Readonly<Record<RegisterService, Paths>> = {
  battery: { ...MONITOR, H17: '/History/DischargedEnergy', H18: '/History/ChargedEnergy' },
  dcsource: DC_METER,
  alternator: { ...DC_METER, ...INPUT, CS: '/State', ERR: '/ErrorCode' },
  dcload: DC_METER,
  dcsystem: DC_METER,
  solarcharger: {
    ...MAIN,
    T: '/Dc/0/Temperature',
    ...SOLAR,
    IL: '/Load/I',
    LOAD: '/Load/State',
    Relay: '/Relay/0/State',
    CS: '/State',
    ERR: '/ErrorCode',
    MODE: '/Mode',
  },
  // Those of the RS kind have solar inputs.
  inverter: { ...INVERTER, ...SOLAR, ERR: '/ErrorCode' },
  charger: { ...CHARGER, OR: '/DeviceOffReason' },
  multi: { ...INVERTER, ...CHARGER, ...SOLAR },
};

/** Fields that several paths come from: the alarms of the services that have them. */
export const ALARM_SERVICES: ReadonlySet<RegisterService> = new Set([
  'battery',
  'dcsource',
  'dcload',
  'dcsystem',
  'alternator',
  'inverter',
  'multi',
]);
