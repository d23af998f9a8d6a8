/** The settings of the gateway. */
import type { SettingRow } from '../../schema/setting-row.ts';

export const MODBUS_TCP_SETTINGS = {
  /** As the installer's pages know it. A port on the command line switches the gateway on too. */
  enabled: {
    path: '/Settings/Services/Modbus',
    type: 'i',
    default: 0,
    min: 0,
    max: 1,
    label: 'Modbus TCP',
    source: 'settings catalogue',
  },
  readWrite: {
    path: '/Settings/ModbusServer/ReadWrite',
    type: 'i',
    default: 1,
    min: 0,
    max: 1,
    label: 'Modbus TCP clients may write',
    source: 'settings catalogue',
  },
  port: {
    path: '/Settings/ModbusServer/Port',
    type: 'i',
    default: 502,
    min: 1,
    max: 65_535,
    label: 'Modbus TCP port',
  },
  allowedNetworks: {
    path: '/Settings/ModbusServer/AllowedNetworks',
    type: 's',
    default: '',
    label: 'Networks that may connect by Modbus TCP; empty: all',
  },
} as const satisfies Record<string, SettingRow>;

export type ModbusTcpSetting = keyof typeof MODBUS_TCP_SETTINGS;
