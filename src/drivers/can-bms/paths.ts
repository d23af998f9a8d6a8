/** Where the values of CAN-bus batteries stand on the bus (fact sheet canbms, section 4). */

import type { AlarmName } from '../../protocols/can-bms/alarms.ts';
import { FRAMES, type FrameValues, type KnownFrame } from '../../protocols/can-bms/frames.ts';
import type { batterySchema } from '../../schema/battery.ts';
import type { PathOf } from '../../schema/row.ts';

export type BatteryPath = PathOf<typeof batterySchema>;

/** Values that go from frame to path as they are. The others are put together in battery-picture.ts. */
export const VALUE_PATHS: Partial<Readonly<Record<keyof FrameValues, BatteryPath>>> = {
  chargeVoltageLimit: '/Info/MaxChargeVoltage',
  chargeCurrentLimit: '/Info/MaxChargeCurrent',
  dischargeCurrentLimit: '/Info/MaxDischargeCurrent',
  stateOfHealth: '/Soh',
  voltage: '/Dc/0/Voltage',
  current: '/Dc/0/Current',
  temperature: '/Dc/0/Temperature',
  onlineCapacity: '/Capacity',
  modulesOnline: '/System/NrOfModulesOnline',
  modulesBlockingCharge: '/System/NrOfModulesBlockingCharge',
  modulesBlockingDischarge: '/System/NrOfModulesBlockingDischarge',
  modulesOffline: '/System/NrOfModulesOffline',
  minimumCellVoltage: '/System/MinCellVoltage',
  maximumCellVoltage: '/System/MaxCellVoltage',
  minimumCellTemperature: '/System/MinCellTemperature',
  maximumCellTemperature: '/System/MaxCellTemperature',
  minimumVoltageCell: '/System/MinVoltageCellId',
  maximumVoltageCell: '/System/MaxVoltageCellId',
  minimumTemperatureCell: '/System/MinTemperatureCellId',
  maximumTemperatureCell: '/System/MaxTemperatureCellId',
  chargedEnergy: '/History/ChargedEnergy',
  dischargedEnergy: '/History/DischargedEnergy',
  installedCapacity: '/InstalledCapacity',
  manufacturer: '/Manufacturer',
  family: '/Family',
};

/** Alarms that no path is for are left out: clients do not know them. */
export const ALARM_PATHS: Partial<Readonly<Record<AlarmName, BatteryPath>>> = {
  highVoltage: '/Alarms/HighVoltage',
  lowVoltage: '/Alarms/LowVoltage',
  highTemperature: '/Alarms/HighTemperature',
  lowTemperature: '/Alarms/LowTemperature',
  highChargeTemperature: '/Alarms/HighChargeTemperature',
  lowChargeTemperature: '/Alarms/LowChargeTemperature',
  highDischargeCurrent: '/Alarms/HighDischargeCurrent',
  highChargeCurrent: '/Alarms/HighChargeCurrent',
  internalFailure: '/Alarms/InternalFailure',
  cellImbalance: '/Alarms/CellImbalance',
};

/** Frames whose values are kept while the battery is there: they do not change, and may come seldom. */
export const LASTING: ReadonlySet<KnownFrame> = new Set([
  FRAMES.manufacturer,
  FRAMES.model,
  FRAMES.nameFirst,
  FRAMES.nameSecond,
  FRAMES.energy,
  FRAMES.capacity,
  FRAMES.serialFirst,
  FRAMES.serialSecond,
  FRAMES.family,
]);

/** Every battery has these paths from the start. */
export const FIRST_PATHS: readonly BatteryPath[] = [
  '/Soc',
  '/Soh',
  '/Dc/0/Voltage',
  '/Dc/0/Current',
  '/Dc/0/Power',
  '/Dc/0/Temperature',
  '/Info/MaxChargeVoltage',
  '/Info/MaxChargeCurrent',
  '/Info/MaxDischargeCurrent',
  '/Info/BatteryLowVoltage',
  '/Io/AllowToCharge',
  '/Io/AllowToDischarge',
  ...Object.values(ALARM_PATHS),
];
