/** Settings of the CAN ports and of the devices on them. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, flag, integer } from './setting.ts';
import { vecanSettings } from './vecan.ts';

/** What a port speaks. @param port `can0`, `vecan0`. @param initial depends on what the board has the port for */
export function canProfileSetting(port: string, initial = 0): SettingRow {
  return {
    ...integer(`/Settings/Canbus/${port}/Profile`, initial, 0, 0, {
      enum: {
        0: 'Disabled',
        1: 'VE.Can, 250 kbit/s',
        2: 'VE.Can and CAN-bus BMS, 250 kbit/s',
        3: 'CAN-bus BMS, 500 kbit/s',
        4: 'Oceanvolt, 250 kbit/s',
        5: 'Up, but no services, 250 kbit/s',
        6: 'RV-C, 250 kbit/s',
        7: 'High-voltage CAN-bus BMS, 500 kbit/s',
        8: 'Up, but no services, 500 kbit/s',
        9: 'CANopen motor drive and VE.Can, 250 kbit/s',
        10: 'CANopen motor drive, 500 kbit/s',
      },
      label: 'CAN profile',
    }),
    source: 'names',
  };
}

/** @param port `can0`, `vecan0` */
export function canPortSettings(port: string): readonly SettingRow[] {
  return addedBy('names', [
    canProfileSetting(port),
    flag(`/Settings/Vecan/${port}/AlertsInEnable`, 0),
    ...Object.values(vecanSettings(port)),
  ]);
}
