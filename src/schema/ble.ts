/** com.victronenergy.ble: Bluetooth sensors. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text } from './units.ts';

export const bleSchema = {
  ...sourced('names', {
    '/ContinuousScan': int,
    '/Devices/{name}/Enabled': int,
    '/Devices/{name}/Key': text,
    '/Devices/{name}/Name': text,
    '/Interfaces/{name}/Address': text,
    '/Socket/BindAddress': text,
    '/Socket/Port': int,
  }),
} as const satisfies Schema;
