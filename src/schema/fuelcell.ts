/** com.victronenergy.fuelcell: fuel cells. */
import { monitorAlarms } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, kilowattHours2, labelled, volts2 } from './units.ts';

export const fuelcellSchema = {
  ...productRows,
  ...monitorAlarms,
  ...sourced('modbus', {
    '/Dc/0/Current': labelled('Battery current', amperes1),
    '/Dc/0/Temperature': labelled('Battery temperature', celsius1),
    '/Dc/0/Voltage': labelled('Battery voltage', volts2),
    '/Dc/1/Voltage': labelled('Auxiliary voltage', volts2),
    '/History/EnergyOut': labelled('Total energy produced', kilowattHours2),
  }),
} as const satisfies Schema;
