/** com.victronenergy.modem: GSM modem. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text } from './units.ts';

export const modemSchema = {
  ...productRows,
  ...sourced('names', {
    '/IMEI': text,
    '/IP': text,
    '/Model': text,
    '/NetworkName': text,
    '/NetworkType': text,
    '/RegStatus': int,
    '/Roaming': int,
    '/SignalStrength': int,
    '/SimStatus': int,
  }),
} as const satisfies Schema;
