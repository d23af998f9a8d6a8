/** com.victronenergy.digitalinputs: the digital inputs of the platform. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text, writable } from './units.ts';

export const digitalinputsSchema = {
  ...productRows,
  ...sourced('program', {
    '/Devices/{name}/Label': text,
    '/Devices/{name}/Type': writable(int),
  }),
} as const satisfies Schema;
