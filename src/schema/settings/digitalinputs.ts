/** Settings of the digital inputs. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, decimal, flag, integer, type Place, string } from './setting.ts';

/** Pulses counted at most: the largest number that clients take as int32. */
const COUNT_LIMIT = 2 ** 31 - 1;

const TYPES = {
  0: 'Disabled',
  1: 'Pulse meter',
  2: 'Door',
  3: 'Bilge pump',
  4: 'Bilge alarm',
  5: 'Burglar alarm',
  6: 'Smoke alarm',
  7: 'Fire alarm',
  8: 'CO2 alarm',
  9: 'Generator',
  10: 'Generic input',
  11: 'Touch input control',
} as const;

/** @param input its number, from 1 */
export function digitalInputSettings(input: Place): readonly SettingRow[] {
  const path = `/Settings/DigitalInput/${input}`;
  return addedBy('digitalinputs', [
    flag(`${path}/AlarmSetting`, 0, 'Alarm'),
    integer(`${path}/Count`, 0, 0, COUNT_LIMIT, { silent: true, label: 'Pulses' }),
    string(`${path}/CustomName`, '', { label: 'Name' }),
    flag(`${path}/InvertAlarm`, 0, 'Alarm on the other state'),
    flag(`${path}/InvertTranslation`, 0, 'States are swapped'),
    decimal(`${path}/Multiplier`, 0.001, 0, 1, { unit: 'm3', label: 'Volume of a pulse' }),
    integer(`${path}/Type`, 0, 0, Object.keys(TYPES).length - 1, { enum: TYPES, label: 'Type' }),
  ]);
}
