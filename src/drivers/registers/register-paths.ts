/** Where registers stand on D-Bus, by kind of device (fact sheet vedirect, sections 5.2 and 8). */

import { INVERTER_CHARGER_REGISTERS } from '../../protocols/vedirect/inverter-charger-registers.ts';
import type { ProductClass } from '../../protocols/vedirect/products.ts';
import { serialOf } from '../../protocols/vedirect/register.ts';
import {
  CHARGER_REGISTERS as C,
  COMMON_REGISTERS,
  INVERTER_REGISTERS as I,
  LINK_REGISTERS as L,
  MONITOR_REGISTERS as M,
  CUMULATIVE_REGISTERS as T,
} from '../../protocols/vedirect/registers.ts';
import type { Value } from '../../schema/row.ts';
import { INVERTER_CHARGER_ROWS, TRACKER_ROWS } from './inverter-charger-rows.ts';
import { bits, fromKelvin, is, link, once, type RegisterRow, slow, told, writable } from './register-row.ts';
import type { RegisterService } from './service-choice.ts';

/** Which bits of the network status say what is made use of. */
const STATUS_BITS = { current: 0x20, temperature: 0x40, voltage: 0x80 } as const;
/** Register values of the load output that stand for off and on. */
const LOAD = { off: 0, on: 4 } as const;
/** What the auxiliary input of a monitor measures. */
const AUXILIARY = { starter: 0, midpoint: 1, temperature: 2 } as const;

const COMMON: readonly RegisterRow[] = [
  once(COMMON_REGISTERS.serialNumber, '/Serial', value => (typeof value === 'string' ? serialOf(value) : value)),
  writable(once(COMMON_REGISTERS.customName, '/CustomName')),
  once(COMMON_REGISTERS.groupId, '/GroupId'),
];

const CAPABILITIES = once(COMMON_REGISTERS.capabilities, '/Capabilities/Capabilities1');
const MODE = writable(slow(COMMON_REGISTERS.deviceMode, '/Mode'));
const STATE = told(COMMON_REGISTERS.deviceState, '/State', known);
const OFF_REASON = slow(COMMON_REGISTERS.offReason, '/DeviceOffReason');

/** How a system steers a charger, and what the charger makes of it. */
const LINK: readonly RegisterRow[] = [
  link(L.linkNetworkMode, '/Link/NetworkMode'),
  link(L.linkChargeVoltage, '/Link/ChargeVoltage'),
  link(L.linkChargeCurrentLimit, '/Link/ChargeCurrent'),
  link(L.linkVoltageSense, '/Link/VoltageSense'),
  link(L.linkTemperatureSense, '/Link/TemperatureSense'),
  link(L.linkBatteryCurrent, '/Link/BatteryCurrent'),
  slow(L.linkNetworkStatus, '/Link/NetworkStatus'),
  slow(L.linkNetworkStatus, '/Link/VoltageSenseActive', bits(STATUS_BITS.voltage)),
  slow(L.linkNetworkStatus, '/Link/TemperatureSenseActive', bits(STATUS_BITS.temperature)),
  slow(L.linkNetworkStatus, '/Link/CurrentSenseActive', bits(STATUS_BITS.current)),
];

/** Shown alarm by alarm. */
const ALARMS: readonly RegisterRow[] = [
  told(COMMON_REGISTERS.warningReason, '/Alarms'),
  told(COMMON_REGISTERS.alarmReason, '/Alarms'),
];

const CHARGER: readonly RegisterRow[] = [
  ...COMMON,
  CAPABILITIES,
  MODE,
  STATE,
  OFF_REASON,
  told(C.chargerVoltage, '/Dc/0/Voltage'),
  told(C.chargerCurrent, '/Dc/0/Current'),
  told(C.chargerError, '/ErrorCode'),
  ...LINK,
  writable(slow(C.chargeCurrentLimit, '/Settings/ChargeCurrentLimit')),
  writable(slow(C.bmsPresent, '/Settings/BmsPresent')),
];

const SOLAR: readonly RegisterRow[] = [
  ...CHARGER,
  ...TRACKER_ROWS,
  slow(C.batteryVoltageSetting, '/Settings/BatteryVoltageSetting'),
  slow(C.systemYield, '/Yield/System'),
  slow(C.batteryTemperature, '/Dc/0/Temperature', fromKelvin),
  slow(C.panelCurrent, '/Pv/I'),
  writable(slow(M.relayControl, '/Relay/0/State')),
  slow(L.linkEqualisationPending, '/Equalization/Pending'),
  slow(L.linkEqualisationTime, '/Equalization/TimeRemaining'),
  told(C.panelVoltage, '/Pv/V'),
  told(C.panelPower, '/Yield/Power'),
  told(C.trackerMode, '/MppOperationMode'),
  told(C.userYield, '/Yield/User'),
  told(C.yieldToday, '/History/Daily/0/Yield'),
  told(C.maximumPowerToday, '/History/Daily/0/MaxPower'),
  told(C.yieldYesterday, '/History/Daily/1/Yield'),
  told(C.maximumPowerYesterday, '/History/Daily/1/MaxPower'),
  told(C.loadCurrent, '/Load/I'),
  writable(told(C.loadState, '/Load/State', is(1)), { register: C.loadControl, encode: loadControl }),
];

const DC_DC: readonly RegisterRow[] = [
  ...CHARGER,
  slow(C.batteryVoltageSetting, '/Settings/BatteryVoltageSetting'),
  told(C.panelVoltage, '/Dc/In/V'),
  told(C.panelCurrent, '/Dc/In/I'),
  told(C.panelPower, '/Dc/In/P'),
  slow(T.operationTime, '/History/Cumulative/User/OperationTime'),
  slow(T.charged, '/History/Cumulative/User/ChargedAh'),
  slow(T.cyclesStarted, '/History/Cumulative/User/CyclesStarted'),
  slow(T.cyclesCompleted, '/History/Cumulative/User/CyclesCompleted'),
  slow(T.powerUps, '/History/Cumulative/User/NrOfPowerups'),
  slow(T.deepDischarges, '/History/Cumulative/User/NrOfDeepDischarges'),
];

const MONITOR: readonly RegisterRow[] = [
  ...COMMON,
  writable(slow(M.relayControl, '/Relay/0/State')),
  slow(M.relayMode, '/Settings/RelayMode'),
  slow(M.auxiliaryInput, '/Settings/HasStarterVoltage', is(AUXILIARY.starter)),
  slow(M.auxiliaryInput, '/Settings/HasMidVoltage', is(AUXILIARY.midpoint)),
  slow(M.auxiliaryInput, '/Settings/HasTemperature', is(AUXILIARY.temperature)),
  told(M.mainVoltage, '/Dc/0/Voltage'),
  told(M.mainCurrentFine, '/Dc/0/Current'),
  told(M.mainPower, '/Dc/0/Power'),
  told(M.auxiliaryVoltage, '/Dc/1/Voltage'),
  told(M.monitorTemperature, '/Dc/0/Temperature', fromKelvin),
];

const BATTERY: readonly RegisterRow[] = [
  ...MONITOR,
  told(M.stateOfCharge, '/Soc'),
  told(M.timeToGo, '/TimeToGo'),
  told(M.consumed, '/ConsumedAmphours'),
  told(M.midVoltage, '/Dc/0/MidVoltage'),
  told(M.midDeviation, '/Dc/0/MidVoltageDeviation'),
  // In TEXT they come once a second too, but not from every firmware.
  slow(M.deepestDischarge, '/History/DeepestDischarge'),
  slow(M.lastDischarge, '/History/LastDischarge'),
  slow(M.averageDischarge, '/History/AverageDischarge'),
  slow(M.chargeCycles, '/History/ChargeCycles'),
  slow(M.fullDischarges, '/History/FullDischarges'),
  slow(M.totalDrawn, '/History/TotalAhDrawn'),
  slow(M.minimumVoltage, '/History/MinimumVoltage'),
  slow(M.maximumVoltage, '/History/MaximumVoltage'),
  slow(M.timeSinceFullCharge, '/History/TimeSinceLastFullCharge'),
  slow(M.automaticSyncs, '/History/AutomaticSyncs'),
  slow(M.lowVoltageAlarms, '/History/LowVoltageAlarms'),
  slow(M.highVoltageAlarms, '/History/HighVoltageAlarms'),
  slow(M.lowAuxiliaryAlarms, '/History/LowStarterVoltageAlarms'),
  slow(M.highAuxiliaryAlarms, '/History/HighStarterVoltageAlarms'),
  slow(M.minimumAuxiliaryVoltage, '/History/MinimumStarterVoltage'),
  slow(M.maximumAuxiliaryVoltage, '/History/MaximumStarterVoltage'),
  slow(M.dischargedEnergy, '/History/DischargedEnergy'),
  slow(M.chargedEnergy, '/History/ChargedEnergy'),
];

const INVERTER: readonly RegisterRow[] = [
  ...COMMON,
  MODE,
  STATE,
  OFF_REASON,
  once(I.acOutRatedPower, '/Ac/Out/L1/NominalInverterPower'),
  writable(slow(M.relayControl, '/Relay/0/State')),
  told(I.acOutVoltage, '/Ac/Out/L1/V'),
  told(I.acOutCurrent, '/Ac/Out/L1/I'),
  told(I.acOutApparentPower, '/Ac/Out/L1/S'),
  told(INVERTER_CHARGER_REGISTERS.realPower, '/Ac/Out/L1/P'),
  told(I.inverterBatteryVoltage, '/Dc/0/Voltage'),
];

const INVERTER_CHARGER: readonly RegisterRow[] = [...INVERTER, ...ALARMS, ...INVERTER_CHARGER_ROWS];
/** Their TEXT says nothing of alarms. */
const AC_CHARGER: readonly RegisterRow[] = [
  ...CHARGER,
  slow(COMMON_REGISTERS.warningReason, '/Alarms'),
  slow(COMMON_REGISTERS.alarmReason, '/Alarms'),
];
/** Inverters with solar inputs, of which the others have no registers. */
const RS_INVERTERS: ReadonlySet<number> = new Set([0xa401, 0xa402]);

/**
 * @param productClass of the device: an alternator may be a DC-DC charger, or a shunt that measures one
 * @param productId where it is known
 */
export function registerRows(
  service: RegisterService,
  productClass: ProductClass,
  productId?: number,
): readonly RegisterRow[] {
  switch (service) {
    case 'battery':
      return BATTERY;
    case 'solarcharger':
      return SOLAR;
    case 'charger':
      return AC_CHARGER;
    case 'inverter':
      return productId !== undefined && RS_INVERTERS.has(productId) ? INVERTER_CHARGER : INVERTER;
    case 'multi':
      return INVERTER_CHARGER;
    case 'alternator':
      return productClass === 'battery' ? MONITOR : DC_DC;
    case 'dcsource':
    case 'dcload':
    case 'dcsystem':
      return MONITOR;
  }
}

/** Devices that keep days of history. */
export const HISTORY_SERVICES: ReadonlySet<RegisterService> = new Set(['solarcharger', 'multi']);
/** Devices whose history clients may clear. */
export const CLEARABLE_SERVICES: ReadonlySet<RegisterService> = new Set(['battery']);

/** 255 is "cannot say". */
function known(value: number | string | null): Value {
  return value === 255 ? null : value;
}

function loadControl(value: Value): number | undefined {
  return value === 0 ? LOAD.off : value === 1 ? LOAD.on : undefined;
}
