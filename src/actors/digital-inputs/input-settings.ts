/** The settings of one input, by their names below /Settings/DigitalInput/1. */
import type { SettingRow } from '../../schema/setting-row.ts';
import { deviceSettings } from '../../schema/settings/devices.ts';
import { digitalInputSettings } from '../../schema/settings/digitalinputs.ts';

/** The instance of its service; the only one that is not below /Settings/DigitalInput. */
export const INSTANCE = 'Instance';

/** @param device its name among the devices: `digital_input_1` */
export function inputSettingRows(number: number, device: string): Record<string, SettingRow> {
  const prefix = `/Settings/DigitalInput/${number}/`;
  const rows = Object.fromEntries(digitalInputSettings(number).map(row => [row.path.slice(prefix.length), row]));
  const instance = deviceSettings(device, 'digitalinput', number).find(row =>
    row.path.endsWith('/ClassAndVrmInstance'),
  );
  return instance === undefined ? rows : { ...rows, [INSTANCE]: instance };
}

/** `digitalinput:1` → 1 */
export function instanceOf(setting: number | string): number | null {
  const digits = /^\w+:(\d{1,6})$/.exec(String(setting))?.[1];
  return digits === undefined ? null : Number(digits);
}
