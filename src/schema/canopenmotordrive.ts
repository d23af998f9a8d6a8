/** com.victronenergy.canopenmotordrive: the search for CANopen motor drives. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text } from './units.ts';

export const canopenmotordriveSchema = {
  ...sourced('names', {
    '/DiscoveredNodes': text,
    '/Scan': int,
    '/ScanProgress': int,
  }),
} as const satisfies Schema;
