/** com.victronenergy.digitalinput: digital inputs. */
import { alarm, DIGITAL_INPUT_TYPES } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { choice, float, int, labelled, writable } from './units.ts';

export const digitalinputSchema = {
  ...productRows,
  ...sourced('modbus', {
    '/Alarm': labelled('Digital input alarm', alarm),
    '/Count': labelled('Digital input count', int),
    '/State': labelled(
      'Digital input state',
      choice({
        0: 'Low',
        1: 'High',
        2: 'Off',
        3: 'On',
        4: 'No',
        5: 'Yes',
        6: 'Open',
        7: 'Closed',
        8: 'Ok',
        9: 'Alarm',
        10: 'Running',
        11: 'Stopped',
      }),
    ),
    '/Type': labelled('Input type', writable(choice(DIGITAL_INPUT_TYPES))),
  }),
  ...sourced('program', {
    '/Aggregate': float,
    '/InputState': int,
    '/Settings/AlarmSetting': writable(int),
    '/Settings/InvertAlarm': writable(int),
    '/Settings/InvertTranslation': writable(int),
  }),
} as const satisfies Schema;
