/** Settings of the Modbus TCP gateway. */
import type { SettingRow } from '../setting-row.ts';
import { flag, integer, string } from './setting.ts';

/** By the keys of the gateway. */
export const modbusTcpSettings = {
  /** As the installer's pages know it. A port on the command line switches the gateway on too. */
  enabled: { ...flag('/Settings/Services/Modbus', 0, 'Modbus TCP'), source: 'platform' },
  readWrite: { ...flag('/Settings/ModbusServer/ReadWrite', 1, 'Registers may be written'), source: 'names' },
  port: integer('/Settings/ModbusServer/Port', 502, 1, 65_535, { label: 'Modbus TCP port' }),
  /** `192.168.1.0/24, fd00::/8`: see the list of allowed networks in the gateway. */
  allowedNetworks: string('/Settings/ModbusServer/AllowedNetworks', '', {
    label: 'Networks that may connect by Modbus TCP; empty: all',
  }),
} as const satisfies Record<string, SettingRow>;

export type ModbusTcpSetting = keyof typeof modbusTcpSettings;

export const modbusSettings: readonly SettingRow[] = Object.values(modbusTcpSettings);
