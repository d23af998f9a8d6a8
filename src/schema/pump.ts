/** com.victronenergy.pump: start and stop of a pump by tank level. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { choice, dict, labelled, text } from './units.ts';

export const pumpSchema = {
  ...productRows,
  ...sourced('modbus', {
    '/State': labelled('Pump state', choice({ 0: 'Stopped', 1: 'Running' })),
  }),
  ...sourced('program', {
    '/ActiveTankService': text,
    '/AvailableTankServices': dict,
  }),
} as const satisfies Schema;
