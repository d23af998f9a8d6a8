/** com.victronenergy.modbustcp: the Modbus TCP server. */
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text, uint } from './units.ts';

export const modbustcpSchema = {
  ...productRows,
  ...sourced('program', {
    '/LastError/Message': text,
    '/LastError/Timestamp': uint,
    '/Services/Count': int,
    '/Services/{n}/IsActive': int,
    '/Services/{n}/ServiceName': text,
    '/Services/{n}/UnitId': int,
    '/Services/{n}/VrmInstanceId': int,
  }),
} as const satisfies Schema;
