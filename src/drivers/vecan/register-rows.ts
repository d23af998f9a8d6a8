/** Registers that devices have on VE.Can and not on VE.Direct, on D-Bus (fact sheet vecan-n2k, section 6). */
import { BMS_REGISTERS } from '../../protocols/nmea2000/vreg-registers.ts';
import { type RegisterRow, slow, told } from '../registers/register-row.ts';

/** Service type → rows beside those of VE.Direct. */
export const EXTRA_REGISTER_ROWS: Readonly<Partial<Record<string, readonly RegisterRow[]>>> = {
  battery: [
    told(BMS_REGISTERS.chargeVoltageLimit, '/Info/MaxChargeVoltage'),
    told(BMS_REGISTERS.chargeCurrentLimit, '/Info/MaxChargeCurrent'),
    told(BMS_REGISTERS.dischargeVoltageLimit, '/Info/BatteryLowVoltage'),
    told(BMS_REGISTERS.dischargeCurrentLimit, '/Info/MaxDischargeCurrent'),
    slow(BMS_REGISTERS.bmsState, '/State'),
  ],
};
