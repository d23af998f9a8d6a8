/** com.victronenergy.dcsystem: DC energy meters at the DC system as a whole. */
import { monitorAlarms, monitorHistory, monitorSettings, relay, subDevices } from './common.ts';
import { monitorMode } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, int, labelled, volts2, watts0 } from './units.ts';

export const dcsystemSchema = {
  ...productRows,
  ...subDevices,
  ...relay,
  ...monitorAlarms,
  ...monitorHistory,
  ...monitorSettings,
  ...sourced('recorded', {
    '/Dc/0/Current': labelled('Battery current', amperes1),
    '/Dc/0/Power': watts0,
    '/Dc/0/Temperature': labelled('Battery temperature', celsius1),
    '/Dc/0/Voltage': labelled('Battery voltage', volts2),
    '/Dc/1/Voltage': labelled('Auxiliary voltage', volts2),
    '/GroupId': int,
  }),
  ...sourced('names', {
    '/Settings/MonitorMode': monitorMode,
  }),
} as const satisfies Schema;
