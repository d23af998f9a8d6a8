/** Settings of the digital inputs. */
import { DIGITAL_INPUT_TYPES } from '../enums.ts';
import type { SettingRow } from '../setting-row.ts';
import { addedBy, decimal, flag, integer, string } from './setting.ts';

/** Pulses counted at most: the largest number that clients take as int32. */
const COUNT_LIMIT = 2 ** 31 - 1;

/** @param input its number, from 1; its name on an extender */
export function digitalInputSettings(input: number | string): readonly SettingRow[] {
  const path = `/Settings/DigitalInput/${input}`;
  return addedBy('digitalinputs', [
    flag(`${path}/AlarmSetting`, 0, 'Alarm'),
    integer(`${path}/Count`, 0, 0, COUNT_LIMIT, { silent: true, label: 'Pulses' }),
    string(`${path}/CustomName`, '', { label: 'Name' }),
    flag(`${path}/InvertAlarm`, 0, 'Alarm on the other state'),
    flag(`${path}/InvertTranslation`, 0, 'States are swapped'),
    decimal(`${path}/Multiplier`, 0.001, 0, 1, { unit: 'm3', label: 'Volume of a pulse' }),
    integer(`${path}/Type`, 0, 0, Object.keys(DIGITAL_INPUT_TYPES).length - 1, {
      enum: DIGITAL_INPUT_TYPES,
      label: 'Type',
    }),
  ]);
}
