/** com.victronenergy.dcsource: DC energy meters at a source. */
import { monitorAlarms, monitorHistory, monitorSettings, n2k, relay, subDevices, veDirectCounters } from './common.ts';
import { monitorMode } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { ampereHours1, celsius1, int, labelled, percent1, seconds0, text, volts2, watts0 } from './units.ts';

export const dcsourceSchema = {
  ...productRows,
  ...subDevices,
  ...n2k,
  ...veDirectCounters,
  ...relay,
  ...monitorAlarms,
  ...monitorHistory,
  ...monitorSettings,
  ...sourced('recorded', {
    '/ConsumedAmphours': ampereHours1,
    '/Dc/0/Current': labelled('Battery current', { type: 'float', unit: 'A', decimals: 2 }),
    '/Dc/0/MidVoltage': volts2,
    '/Dc/0/MidVoltageDeviation': percent1,
    '/Dc/0/Power': watts0,
    '/Dc/0/Temperature': labelled('Battery temperature', celsius1),
    '/Dc/0/Voltage': labelled('Battery voltage', volts2),
    '/Dc/1/Voltage': labelled('Starter battery voltage', volts2),
    '/GroupId': int,
    '/Settings/MonitorMode': monitorMode,
    '/Soc': percent1,
    '/TimeToGo': seconds0,
  }),
  ...sourced('names', {
    '/DeviceName': text,
  }),
} as const satisfies Schema;
