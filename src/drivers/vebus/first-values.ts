/** What stands on the bus before anything was measured: what is known by then, and stock paths without a value yet. */

import { COMBINED_FRAMES_FIRMWARE, hexDigits, versionOf } from '../../protocols/mk2/versions.ts';
import { ENERGY_COUNTERS } from '../../protocols/mk2/winmon.ts';
import { product } from '../../protocols/vedirect/products.ts';
import type { SerialPort } from '../driver.ts';
import type { LineFaultCounts } from './line.ts';
import type { Shown, VebusPath } from './poll.ts';
import { PHASES, type VebusSystem } from './system.ts';

const SENSOR_PLACES = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** Stock paths that clients look for (recorded on all or nearly all systems); null until they are known. */
const UNKNOWN_AT_FIRST: readonly VebusPath[] = [
  ...(['ActiveIn', 'Out'] as const).flatMap((side): VebusPath[] => [
    `/Ac/${side}/P`,
    `/Ac/${side}/S`,
    ...PHASES.flatMap((phase): VebusPath[] => [
      `/Ac/${side}/L${phase}/F`,
      `/Ac/${side}/L${phase}/I`,
      `/Ac/${side}/L${phase}/P`,
      `/Ac/${side}/L${phase}/S`,
      `/Ac/${side}/L${phase}/V`,
    ]),
  ]),
  '/Ac/ActiveIn/ActiveInput',
  '/Ac/ActiveIn/Connected',
  '/Ac/ActiveIn/CurrentLimit',
  '/Ac/ActiveIn/CurrentLimitIsAdjustable',
  '/Ac/In/1/CurrentLimit',
  '/Ac/In/1/CurrentLimitIsAdjustable',
  '/Ac/In/2/CurrentLimit',
  '/Ac/In/2/CurrentLimitIsAdjustable',
  '/Ac/NumberOfPhases',
  '/Ac/PowerMeasurementType',
  '/Ac/State/IgnoreAcIn1',
  '/AcSensor/Count',
  ...SENSOR_PLACES.flatMap((n): VebusPath[] => [
    `/AcSensor/${n}/Current`,
    `/AcSensor/${n}/Energy`,
    `/AcSensor/${n}/Location`,
    `/AcSensor/${n}/Phase`,
    `/AcSensor/${n}/Power`,
    `/AcSensor/${n}/Voltage`,
  ]),
  '/Alarms/GridLost',
  '/Alarms/HighDcCurrent',
  '/Alarms/HighDcVoltage',
  '/Alarms/HighTemperature',
  '/Alarms/LowBattery',
  '/Alarms/Overload',
  '/Alarms/PhaseRotation',
  '/Alarms/Ripple',
  '/Alarms/TemperatureSensor',
  '/Alarms/VoltageSensor',
  ...PHASES.flatMap((phase): VebusPath[] => [
    `/Alarms/L${phase}/HighTemperature`,
    `/Alarms/L${phase}/LowBattery`,
    `/Alarms/L${phase}/Overload`,
    `/Alarms/L${phase}/Ripple`,
  ]),
  '/BatteryOperationalLimits/BatteryLowVoltage',
  '/BatteryOperationalLimits/MaxChargeCurrent',
  '/BatteryOperationalLimits/MaxChargeVoltage',
  '/BatteryOperationalLimits/MaxDischargeCurrent',
  '/BatterySense/Temperature',
  '/BatterySense/Voltage',
  '/Dc/0/Current',
  '/Dc/0/MaxChargeCurrent',
  '/Dc/0/Power',
  '/Dc/0/Temperature',
  '/Dc/0/Voltage',
  '/Devices/Bms/Version',
  '/Devices/Dmc/Version',
  ...ENERGY_COUNTERS.map((name): VebusPath => `/Energy/${name}`),
  '/ExtraBatteryCurrent',
  '/Hub/ChargeVoltage',
  '/Hub4/AssistantId',
  '/Hub4/DisableCharge',
  '/Hub4/DisableFeedIn',
  '/Hub4/DoNotFeedInOvervoltage',
  '/Hub4/FixSolarOffsetTo100mV',
  ...PHASES.flatMap((phase): VebusPath[] => [`/Hub4/L${phase}/AcPowerSetpoint`, `/Hub4/L${phase}/MaxFeedInPower`]),
  '/Hub4/Sustain',
  '/Hub4/TargetPowerIsMaxFeedIn',
  '/Interfaces/Mk2/Tunnel',
  '/Leds/Absorption',
  '/Leds/Bulk',
  '/Leds/Float',
  '/Leds/Inverter',
  '/Leds/LowBattery',
  '/Leds/Mains',
  '/Leds/Overload',
  '/Leds/Temperature',
  '/Mode',
  '/ModeIsAdjustable',
  '/Settings/AssistCurrentBoostFactor',
  '/Settings/InverterOutputVoltage',
  '/Settings/PowerAssistEnabled',
  '/Settings/UpsFunction',
  '/Soc',
  '/State',
  '/SystemReset',
  '/VebusChargeState',
  '/VebusError',
  '/VebusMainState',
  '/VebusSubstate',
];

export function firstValues(system: VebusSystem, port: SerialPort): Shown {
  const { interfaceVersion, units, config, master } = system;
  const interfaceProduct = versionOf(interfaceVersion.number)?.productId ?? null;
  return [
    ...UNKNOWN_AT_FIRST.map(path => [path, null] as const),
    ['/Ac/NumberOfAcInputs', system.acInputs],
    ['/Devices/NumberOfMultis', units.length],
    ...units.flatMap(
      (unit): Shown => [
        [`/Devices/${unit.index}/ProductId`, unit.version.productId],
        [`/Devices/${unit.index}/FirmwareVersion`, firmwareOnBus(unit.version.firmware)],
        [`/Devices/${unit.index}/Version`, unit.version.number],
        [`/Devices/${unit.index}/Assistants`, null],
        [`/Devices/${unit.index}/SerialNumber`, null],
        [`/Devices/${unit.index}/Settings/AssistCurrentBoostFactor`, null],
        [`/Devices/${unit.index}/Settings/InverterOutputVoltage`, null],
        [`/Devices/${unit.index}/Settings/PowerAssistEnabled`, null],
        [`/Devices/${unit.index}/Settings/UpsFunction`, null],
      ],
    ),
    ['/FirmwareSubVersion', 0],
    // The frames by which these are told to the devices are not published.
    ['/FirmwareFeatures/BolFrame', 0],
    ['/FirmwareFeatures/BolUBatAndTBatSense', 0],
    ['/FirmwareFeatures/IBatSOCBroadcast', 0],
    ['/FirmwareFeatures/NewPanelFrame', 0],
    ['/FirmwareFeatures/CommandWriteViaId', master.version.firmware >= COMBINED_FRAMES_FIRMWARE ? 1 : 0],
    ['/FirmwareFeatures/SetChargeState', 1],
    ['/Interfaces/Mk2/Connection', port.path],
    ['/Interfaces/Mk2/ProductId', interfaceProduct],
    ['/Interfaces/Mk2/ProductName', interfaceProduct === null ? null : (product(interfaceProduct)?.name ?? 'MK2')],
    ['/Interfaces/Mk2/Version', interfaceVersion.number],
    ['/Quirks', system.quirks],
    ['/RedetectSystem', 0],
    ['/ShortIds', config?.present ?? 1],
    ['/VebusSetChargeState', 0],
  ];
}

/** 422 stands on D-Bus as 0x422 (recorded). */
export function firmwareOnBus(firmware: number): number {
  return hexDigits(firmware);
}

/** Faults of the line, as counted since the port was opened. */
export function faultValues(faults: LineFaultCounts): Shown {
  return [
    ['/Interfaces/Mk2/Faults/Checksum', faults.checksum],
    ['/Interfaces/Mk2/Faults/Noise', faults.noise],
    ['/Interfaces/Mk2/Faults/Unfinished', faults.cut],
    ['/Interfaces/Mk2/Faults/Timeout', faults.timeout],
    ['/Interfaces/Mk2/Faults/Unexpected', faults.unexpected],
    ['/Interfaces/Mk2/Faults/OtherAddress', faults.otherAddress],
  ];
}
