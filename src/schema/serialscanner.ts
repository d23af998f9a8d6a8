/** com.victronenergy.serialscanner: what is done at each serial port, and why. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, labelled, text } from './units.ts';

export const serialscannerSchema = {
  ...productRows,
  ...sourced('program', {
    '/NrOfPorts': labelled('Ports', int),
    '/Ports/{name}/BaudRate': int,
    '/Ports/{name}/Candidates': labelled('Drivers that may own the port', text),
    '/Ports/{name}/Device': labelled('Device', text),
    '/Ports/{name}/Driver': labelled('Driver', text),
    '/Ports/{name}/Faults': labelled('Frames that could not be read', int),
    '/Ports/{name}/Lost': labelled('Devices lost', int),
    '/Ports/{name}/Path': text,
    '/Ports/{name}/Recognised': labelled('Devices recognised', int),
    '/Ports/{name}/State': labelled('State', text),
    '/Ports/{name}/Tried': labelled('Tried', text),
    '/Ports/{name}/Why': labelled('Why', text),
  }),
} as const satisfies Schema;
