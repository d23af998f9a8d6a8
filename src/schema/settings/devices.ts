/** Settings that each device has: its class and instance, and its name. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, string } from './setting.ts';

/**
 * @param device name of the device in paths, the same on every start: `cgwacs_ttyUSB0`, `vedirect_HQ1419K5H9C`
 * @param serviceType `battery`; with `instance` what is asked for, the settings service gives the next free instance
 */
export function deviceSettings(device: string, serviceType: string, instance: number): readonly SettingRow[] {
  return addedBy('program', [
    string(`/Settings/Devices/${device}/ClassAndVrmInstance`, `${serviceType}:${instance}`, {
      label: 'Class and VRM instance',
    }),
    string(`/Settings/Devices/${device}/CustomName`, '', { label: 'Name' }),
  ]);
}
