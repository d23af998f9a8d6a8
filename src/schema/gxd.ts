/** com.victronenergy.gxd: the program itself, and how its actors are. */
import type { Schema } from './row.ts';

export const ACTOR_STATES = { 0: 'Stopped', 1: 'Starting', 2: 'Running', 3: 'Waiting', 4: 'Degraded' } as const;

export const gxdSchema = {
  '/Mgmt/ProcessName': { type: 'string' },
  '/Mgmt/ProcessVersion': { type: 'string' },
  '/Mgmt/Connection': { type: 'string' },
  '/DeviceInstance': { type: 'int' },
  '/ProductName': { type: 'string' },
  '/Connected': { type: 'int' },
  '/SafeMode': { type: 'int', enum: { 0: 'No', 1: 'Yes' }, label: 'Only what is needed to repair runs' },
  '/Healthy': {
    type: 'int',
    enum: { 0: 'No', 1: 'Yes' },
    label: 'All actors run, and none has failed lately',
  },
  '/Actors/{name}/State': { type: 'int', enum: ACTOR_STATES, enumText: true, label: 'State of an actor' },
  '/Actors/{name}/Restarts': { type: 'int', label: 'Restarts since the program started' },
  '/Actors/{name}/LastError': { type: 'string', label: 'Why it failed last' },
} as const satisfies Schema;
