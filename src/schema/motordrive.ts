/** com.victronenergy.motordrive: electric motor drives. */
import { n2k } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, int, labelled, rpm0, volts2, watts0 } from './units.ts';

export const motordriveSchema = {
  ...productRows,
  ...n2k,
  ...sourced('modbus', {
    '/Controller/Temperature': labelled('Controller temperature', celsius1),
    '/Dc/0/Current': labelled('Controller DC current', amperes1),
    '/Dc/0/Power': labelled('Controller DC power', watts0),
    '/Dc/0/Voltage': labelled('Controller DC voltage', volts2),
    '/Motor/RPM': labelled('Motor RPM', rpm0),
    '/Motor/Temperature': labelled('Motor temperature', celsius1),
  }),
  ...sourced('names', {
    '/Coolant/Temperature': celsius1,
    '/Dc/0/Temperature': celsius1,
    '/Motor/Direction': int,
    '/Motor/Torque': int,
    '/Settings/Motor/DirectionInverted': int,
  }),
} as const satisfies Schema;
