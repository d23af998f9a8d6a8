/** com.victronenergy.dcload: DC energy meters at a load. */
import { monitorAlarms, monitorHistory, monitorSettings, relay, subDevices, veDirectCounters } from './common.ts';
import { monitorMode } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, int, labelled, text, volts2, watts0 } from './units.ts';

export const dcloadSchema = {
  ...productRows,
  ...subDevices,
  ...veDirectCounters,
  ...relay,
  ...monitorAlarms,
  ...monitorHistory,
  ...monitorSettings,
  ...sourced('modbus', {
    '/Dc/0/Current': labelled('Battery current', amperes1),
    '/Dc/0/Temperature': labelled('Battery temperature', celsius1),
    '/Dc/0/Voltage': labelled('Battery voltage', volts2),
    '/Dc/1/Voltage': labelled('Starter battery voltage', volts2),
  }),
  ...sourced('names', {
    '/Dc/0/Power': watts0,
    '/DeviceName': text,
    '/GroupId': int,
    '/Settings/MonitorMode': monitorMode,
  }),
} as const satisfies Schema;
