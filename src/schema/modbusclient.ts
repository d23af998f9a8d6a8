/** com.victronenergy.modbusclient: the Modbus client: energy meters, chargers and gensets on Modbus. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text } from './units.ts';

export const modbusclientSchema = {
  ...sourced('names', {
    '/Devices/{name}/Enabled': int,
    '/Devices/{name}/Name': text,
    '/Devices/{name}/Serial': text,
    '/Scan': int,
    '/ScanProgress': int,
  }),
} as const satisfies Schema;
