/** com.victronenergy.grid: energy meters at the grid. */
import { acMeter, meterRole, n2k, subDevices } from './common.ts';
import { alarm } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text, watts0 } from './units.ts';

export const gridSchema = {
  ...productRows,
  ...subDevices,
  ...n2k,
  ...acMeter,
  ...meterRole,
  ...sourced('recorded', {
    '/DeviceType': int,
    '/ErrorCode': int,
  }),
  ...sourced('names', {
    '/Ac/Phase': int,
    '/Ac/PowerLimit': watts0,
    '/Alarms/PhaseRotation': alarm,
    '/DataManagerVersion': text,
    '/DeviceName': text,
    '/StatusCode': int,
  }),
} as const satisfies Schema;
