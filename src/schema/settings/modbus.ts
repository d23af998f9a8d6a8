/** Settings of the Modbus TCP server. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, flag } from './setting.ts';

export const modbusSettings: readonly SettingRow[] = [
  ...addedBy('platform', [flag('/Settings/Services/Modbus', 0, 'Modbus TCP')]),
  ...addedBy('names', [flag('/Settings/ModbusServer/ReadWrite', 1, 'Registers may be written')]),
];
