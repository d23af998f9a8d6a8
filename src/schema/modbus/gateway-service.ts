/** com.victronenergy.modbustcp as gxd has it: with who connects, and what they ask. */
import { modbustcpSchema } from '../modbustcp.ts';
import type { Schema } from '../row.ts';
import { int, text, uint } from '../units.ts';

export const modbusGatewaySchema = {
  ...modbustcpSchema,
  /** 1 while the port is open. */
  '/Listening': { type: 'int', enum: { 0: 'No', 1: 'Yes' }, label: 'Port is open' },
  /** TCP port; invalid while it is not open. */
  '/Port': int,
  '/Connections/Count': int,
  '/Connections/Refused': { ...uint, label: 'Connections not let in' },
  '/Connections/Closed': { ...uint, label: 'Connections closed for silence or for not reading' },
  '/Connections/Malformed': { ...uint, label: 'Connections closed for bytes that are not Modbus TCP' },
  '/Requests/Count': uint,
  '/Requests/Exceptions': { ...uint, label: 'Requests answered by an exception' },
  '/Clients/{n}/Address': text,
  '/Clients/{n}/Connections': int,
  '/Clients/{n}/Requests': uint,
  '/Clients/{n}/Exceptions': uint,
  /** Unix seconds, UTC. */
  '/Clients/{n}/LastRequest': { type: 'uint', text: 'time' },
} as const satisfies Schema;
