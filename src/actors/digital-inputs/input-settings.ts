/** The settings of one input, by their names below /Settings/DigitalInput/1. */
import type { InputNames } from '../../ports/gpio.ts';
import type { SettingRow } from '../../schema/setting-row.ts';
import { deviceSettings } from '../../schema/settings/devices.ts';
import { digitalInputSettings } from '../../schema/settings/digitalinputs.ts';

/** The instance of its service; the only one that is not below /Settings/DigitalInput. */
export const INSTANCE = 'Instance';

export function inputSettingRows({ id, device, instance }: InputNames): Record<string, SettingRow> {
  const prefix = `/Settings/DigitalInput/${id}/`;
  const rows = Object.fromEntries(digitalInputSettings(id).map(row => [row.path.slice(prefix.length), row]));
  const row = deviceSettings(device, 'digitalinput', instance).find(({ path }) =>
    path.endsWith('/ClassAndVrmInstance'),
  );
  return row === undefined ? rows : { ...rows, [INSTANCE]: row };
}

/** `digitalinput:1` → 1 */
export function instanceOf(setting: number | string): number | null {
  const digits = /^\w+:(\d{1,6})$/.exec(String(setting))?.[1];
  return digits === undefined ? null : Number(digits);
}
