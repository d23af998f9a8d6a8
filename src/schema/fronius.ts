/** com.victronenergy.fronius: the search for PV inverters on the LAN. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, percent0, writable } from './units.ts';

export const froniusSchema = {
  ...productRows,
  ...sourced('recorded', {
    '/AutoDetect': writable(int),
    '/ScanProgress': percent0,
  }),
} as const satisfies Schema;
