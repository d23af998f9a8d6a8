/** com.victronenergy.temprelay: relays by temperature. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, mixed, text } from './units.ts';

export const temprelaySchema = {
  ...productRows,
  ...sourced('program', {
    '/AvailableTemperatureServices': mixed,
    '/Sensor/{name}/Enabled': int,
    '/Sensor/{name}/ServiceInstance': int,
    '/Sensor/{name}/ServiceName': text,
    '/Sensor/{name}/{n}/State': int,
    '/State': int,
  }),
} as const satisfies Schema;
