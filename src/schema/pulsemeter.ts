/** com.victronenergy.pulsemeter: pulse meters. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { float, int, labelled, writable } from './units.ts';

export const pulsemeterSchema = {
  ...productRows,
  ...sourced('modbus', {
    '/Aggregate': labelled('Volume', { type: 'float', unit: 'm3', decimals: 3 }),
    '/Count': labelled('Count', int),
  }),
  ...sourced('program', {
    '/Settings/AlarmSetting': writable(int),
    '/Settings/InvertAlarm': writable(int),
    '/Settings/InvertTranslation': writable(int),
    '/Settings/Multiplier': writable(float),
  }),
} as const satisfies Schema;
