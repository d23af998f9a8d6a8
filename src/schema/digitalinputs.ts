/** com.victronenergy.digitalinputs: the digital inputs of the platform. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text } from './units.ts';

export const digitalinputsSchema = {
  ...productRows,
  ...sourced('names', {
    '/Devices/{name}/Label': text,
    '/Devices/{name}/Type': int,
  }),
} as const satisfies Schema;
