/** Registers that devices have on VE.Can and not on VE.Direct, on D-Bus (fact sheet vecan-n2k, section 6). */
import { AC_REGISTERS, BMS_FLAGS, BMS_REGISTERS, OUTPUT_REGISTERS } from '../../protocols/nmea2000/vreg-registers.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { Value } from '../../schema/row.ts';
import { bits, type RegisterRow, type RegisterValue, slow, told, writable } from '../registers/register-row.ts';
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

/** Service type → rows beside those of VE.Direct. */
export const EXTRA_REGISTER_ROWS: Readonly<Partial<Record<string, readonly RegisterRow[]>>> = {
  battery: [
    ...ALARMS,
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
