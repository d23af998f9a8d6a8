/** Settings of an NMEA 2000 network, VE.Can or another. */
import type { SettingRow } from '../setting-row.ts';
import { flag, integer } from './setting.ts';

/** @param port `can0`, `vecan0` */
export function vecanSettings(port: string): {
  readonly gateway: SettingRow;
  readonly uniqueNumbers: SettingRow;
  readonly address: SettingRow;
  readonly instance: SettingRow;
} {
  const base = `/Settings/Vecan/${port}`;
  return {
    gateway: flag(`${base}/N2kGatewayEnabled`, 0, 'Values are sent to NMEA 2000'),
    uniqueNumbers: integer(`${base}/VenusUniqueId`, 0, 0, 0, { label: 'Unique number on the network' }),
    address: integer(`${base}/SourceAddress`, FIRST_ADDRESS, 0, LAST_ADDRESS, {
      silent: true,
      label: 'Address on the network',
    }),
    instance: integer(`${base}/DeviceInstance`, 0, 0, LAST_INSTANCE, { label: 'Device instance on the network' }),
  };
}

const FIRST_ADDRESS = 100;
const LAST_ADDRESS = 251;
const LAST_INSTANCE = 255;
