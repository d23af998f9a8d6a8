/** com.victronenergy.canscanner: what is done at each CAN interface, and how it stands. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import { int, labelled, list, text } from './units.ts';

export const canscannerSchema = {
  ...productRows,
  ...sourced('program', {
    '/NrOfInterfaces': labelled('CAN interfaces', int),
    '/Interfaces/{name}/BitRate': { type: 'int', unit: 'bit/s', label: 'Bit rate' },
    '/Interfaces/{name}/Bus': labelled('State of the controller', text),
    '/Interfaces/{name}/Config': labelled('What the board has it for', text),
    '/Interfaces/{name}/Drivers': labelled('Drivers that speak', text),
    '/Interfaces/{name}/Label': labelled('Name on the board', text),
    '/Interfaces/{name}/Profile': labelled('Profile', int),
    '/Interfaces/{name}/State': labelled('State', text),
    '/Interfaces/{name}/Trouble': labelled('Last complaint of the controller', text),
    '/Interfaces/{name}/Why': labelled('Why', text),
    ...each('/Interfaces/{name}', labelled('Counter', int), [
      'BusErrors',
      'BusOffs',
      'Faults',
      'Passives',
      'ReceiveDropped',
      'ReceiveErrors',
      'Received',
      'Recoveries',
      'Restarts',
      'SendDropped',
      'Sent',
      'TransmitErrors',
      'Warnings',
    ]),
  }),
  // As com.victronenergy.platform has them, for whoever shows them there.
  ...sourced('names', {
    '/CanBus/Interface/{name}/Statistics': text,
    '/CanBus/Interfaces': list,
  }),
} as const satisfies Schema;
