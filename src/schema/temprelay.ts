/** com.victronenergy.temprelay: relays by temperature. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, mixed, text, writable } from './units.ts';

/** Whole degrees, as the settings have them. */
const celsius = { type: 'int', unit: '°C' } as const;

export const temprelaySchema = {
  ...productRows,
  ...sourced('program', {
    '/AvailableTemperatureServices': mixed,
    '/Sensor/{name}/Enabled': writable(int),
    '/Sensor/{name}/ServiceInstance': int,
    '/Sensor/{name}/ServiceName': text,
    '/Sensor/{name}/{n}/ClearValue': writable(celsius),
    '/Sensor/{name}/{n}/Relay': writable(int),
    '/Sensor/{name}/{n}/SetValue': writable(celsius),
    '/Sensor/{name}/{n}/State': int,
    '/State': int,
  }),
} as const satisfies Schema;
