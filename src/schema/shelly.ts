/** com.victronenergy.shelly: the search for Shelly devices. */
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import { int, text, writable } from './units.ts';

export const shellySchema = {
  ...sourced('systemcalc', {
    '/Pv/Disable': writable(int),
  }),
  ...sourced('names', {
    ...each('/Devices/{name}', text, ['Ip', 'Mac', 'Model', 'Name', 'Server']),
    '/Devices/{name}/{n}/Enabled': int,
    '/Devices/{name}/{n}/Name': text,
    '/Devices/{name}/{n}/Type': text,
    '/Refresh': int,
  }),
} as const satisfies Schema;
