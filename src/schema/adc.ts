/** com.victronenergy.adc: the analogue inputs of the platform. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text, writable } from './units.ts';

export const adcSchema = {
  ...sourced('program', {
    '/Devices/{name}/Function': writable(int),
    '/Devices/{name}/Label': text,
  }),
} as const satisfies Schema;
