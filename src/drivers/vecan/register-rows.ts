/** Registers that devices have on VE.Can and not on VE.Direct, on D-Bus (fact sheet vecan-n2k, section 6). */
import { AC_REGISTERS, BMS_FLAGS, BMS_REGISTERS, OUTPUT_REGISTERS } from '../../protocols/nmea2000/vreg-registers.ts';
import { STATE_NOT_AVAILABLE } from '../../protocols/vedirect/codes.ts';
import { INVERTER_CHARGER_REGISTERS } from '../../protocols/vedirect/inverter-charger-registers.ts';
import { classOf } from '../../protocols/vedirect/products.ts';
import { COMMON_REGISTERS, MONITOR_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { Value } from '../../schema/row.ts';
import { registerRows } from '../registers/register-paths.ts';
import {
  bits,
  coarse,
  once,
  type RegisterRow,
  type RegisterValue,
  slow,
  told,
  writable,
} from '../registers/register-row.ts';
import { isRegisterService } from '../registers/service-choice.ts';
import { toCelsius } from './rows/row.ts';

const NOT_AVAILABLE = 0xffff;
const HUNDREDTHS = 100;

/** One of two words: 0 the low one, 1 the high one, in hundredths. */
function word(index: 0 | 1, convert: (value: number) => number = value => value): (value: RegisterValue) => Value {
  return value => {
    if (typeof value !== 'number') return null;
    const raw = index === 0 ? value % 0x1_0000 : Math.floor(value / 0x1_0000);
    return raw === NOT_AVAILABLE ? null : convert(raw / HUNDREDTHS);
  };
}

/** One of four octets. */
function octet(index: number): (value: RegisterValue) => Value {
  return value => (typeof value === 'number' ? Math.floor(value / 0x100 ** index) % 0x100 : null);
}

/** Shown alarm by alarm. On VE.Direct, TEXT tells them. */
const ALARMS: readonly RegisterRow[] = [
  told(COMMON_REGISTERS.warningReason, '/Alarms'),
  told(COMMON_REGISTERS.alarmReason, '/Alarms'),
];

/** What a VE.Bus system behind its interface has. */
const VEBUS: readonly RegisterRow[] = [
  once(COMMON_REGISTERS.serialNumber, '/Serial'),
  writable(once(COMMON_REGISTERS.customName, '/CustomName')),
  writable(told(COMMON_REGISTERS.deviceMode, '/Mode')),
  told(COMMON_REGISTERS.deviceState, '/State', value => (value === STATE_NOT_AVAILABLE ? null : value)),
  told(INVERTER_CHARGER_REGISTERS.activeInput, '/Ac/ActiveIn/ActiveInput'),
  writable(told(AC_REGISTERS.acInputLimit, '/Ac/ActiveIn/CurrentLimit')),
  told(AC_REGISTERS.vebusError, '/VebusError'),
];

/**
 * @param type of the service @param productId 0 when the device did not tell one
 * @returns none for services without registers
 */
export function vecanRegisterRows(type: string, productId: number): readonly RegisterRow[] {
  if (type === 'vebus') return VEBUS;
  if (!isRegisterService(type)) return [];
  return [...(EXTRA_REGISTER_ROWS[type] ?? []), ...registerRows(type, classOf(productId), productId)];
}

/** Service type → rows beside those of VE.Direct. */
export const EXTRA_REGISTER_ROWS: Readonly<Partial<Record<string, readonly RegisterRow[]>>> = {
  battery: [
    ...ALARMS,
    coarse(told(MONITOR_REGISTERS.mainCurrent, '/Dc/0/Current')),
    told(BMS_REGISTERS.chargeVoltageLimit, '/Info/MaxChargeVoltage'),
    told(BMS_REGISTERS.chargeCurrentLimit, '/Info/MaxChargeCurrent'),
    told(BMS_REGISTERS.dischargeVoltageLimit, '/Info/BatteryLowVoltage'),
    told(BMS_REGISTERS.dischargeCurrentLimit, '/Info/MaxDischargeCurrent'),
    told(BMS_REGISTERS.bmsFlags, '/Balancing', bits(BMS_FLAGS.balancing)),
    told(BMS_REGISTERS.bmsFlags, '/Alarms/HighChargeCurrent', bits(BMS_FLAGS.highChargeCurrent)),
    told(BMS_REGISTERS.bmsFlags, '/Alarms/HighDischargeCurrent', bits(BMS_FLAGS.highDischargeCurrent)),
    told(BMS_REGISTERS.bmsState, '/State'),
    told(BMS_REGISTERS.cellVoltages, '/System/MinCellVoltage', word(0)),
    told(BMS_REGISTERS.cellVoltages, '/System/MaxCellVoltage', word(1)),
    told(BMS_REGISTERS.cellTemperatures, '/System/MinCellTemperature', word(0, toCelsius)),
    told(BMS_REGISTERS.cellTemperatures, '/System/MaxCellTemperature', word(1, toCelsius)),
    slow(BMS_REGISTERS.batteryLayout, '/System/NrOfBatteries', octet(0)),
    slow(BMS_REGISTERS.batteryLayout, '/System/NrOfCellsPerBattery', octet(1)),
    slow(BMS_REGISTERS.batteryLayout, '/System/BatteriesParallel', octet(2)),
    slow(BMS_REGISTERS.batteryLayout, '/System/BatteriesSeries', octet(3)),
  ],
  solarcharger: ALARMS,
  alternator: ALARMS,
  inverter: ALARMS,
  charger: [
    ...ALARMS,
    slow(OUTPUT_REGISTERS.outputs, '/NrOfOutputs'),
    told(OUTPUT_REGISTERS.voltage2, '/Dc/1/Voltage'),
    told(OUTPUT_REGISTERS.current2, '/Dc/1/Current'),
    told(OUTPUT_REGISTERS.voltage3, '/Dc/2/Voltage'),
    told(OUTPUT_REGISTERS.current3, '/Dc/2/Current'),
    writable(slow(AC_REGISTERS.acInputLimit, '/Ac/In/CurrentLimit')),
  ],
};
