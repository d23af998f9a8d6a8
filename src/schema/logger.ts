/** com.victronenergy.logger: the VRM logger. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { choice, int, text, uint } from './units.ts';

export const loggerSchema = {
  ...sourced('names', {
    '/Buffer/Count': int,
    '/Buffer/ErrorState': choice({
      0: 'No error',
      1: 'No space left',
      2: 'Reading or writing failed',
      3: 'Mounting failed',
      4: 'Contains a firmware image',
      5: 'Not writable',
    }),
    '/Buffer/FreeDiskSpace': { type: 'int', unit: 'B' },
    '/Buffer/Location': choice({ 0: 'Internal', 1: 'Transferring', 2: 'External' }),
    '/Buffer/OldestTimestamp': uint,
    '/Storage/MountState': int,
    '/Vrm/ConnectionError': choice({
      0: 'No error',
      150: 'Unexpected response',
      151: 'Unexpected HTTP status',
      152: 'Time-out',
      153: 'Connection failed',
      154: 'DNS failed',
      155: 'No route',
      156: 'VRM is not available',
      159: 'Unknown error',
    }),
    '/Vrm/ConnectionErrorMessage': text,
    '/Vrm/TimeLastContact': uint,
  }),
} as const satisfies Schema;
