/** Position, course and time (fact sheet vecan-n2k, section 5). */
import { choice, gap, s16, s32, signed, u8, u16, unsigned } from '../field.ts';
import {
  FIX_INTEGRITIES,
  FIX_METHODS,
  NORTHS,
  SATELLITE_SYSTEMS,
  TIME_SOURCES,
  VARIATION_SOURCES,
} from '../meanings.ts';
import type { Message } from '../message.ts';

/** A leap second is within the day. */
const DAY_SECONDS = 86_401;
const FULL_TURN = 6.2831853;
const HALF_TURN = Math.PI;

const date = u16('date', 1, 'd');
const time = unsigned('time', 32, 0.0001, 's', { limit: DAY_SECONDS });

export const systemTime = {
  pgn: 126_992,
  name: 'systemTime',
  kind: 'single',
  priority: 3,
  intervalMs: 1000,
  fields: [u8('sid'), choice('source', 4, TIME_SOURCES), gap(4), date, time],
} as const satisfies Message;

export const magneticVariation = {
  pgn: 127_258,
  name: 'magneticVariation',
  kind: 'single',
  priority: 7,
  intervalMs: 1000,
  fields: [
    u8('sid'),
    choice('source', 4, VARIATION_SOURCES),
    gap(4),
    u16('ageOfService', 1, 'd'),
    signed('variation', 16, 0.0001, 'rad', { limit: HALF_TURN }),
    gap(16),
  ],
} as const satisfies Message;

export const positionRapid = {
  pgn: 129_025,
  name: 'positionRapidUpdate',
  kind: 'single',
  priority: 2,
  intervalMs: 100,
  fields: [signed('latitude', 32, 1e-7, 'deg', { limit: 90 }), signed('longitude', 32, 1e-7, 'deg', { limit: 180 })],
} as const satisfies Message;

export const courseRapid = {
  pgn: 129_026,
  name: 'cogSogRapidUpdate',
  kind: 'single',
  priority: 2,
  intervalMs: 250,
  fields: [
    u8('sid'),
    choice('cogReference', 2, NORTHS),
    gap(6),
    unsigned('cog', 16, 0.0001, 'rad', { limit: FULL_TURN }),
    u16('sog', 0.01, 'm/s'),
    gap(16),
  ],
} as const satisfies Message;

/** The date counts days since 1970-01-01. */
export const gnssPosition = {
  pgn: 129_029,
  name: 'gnssPositionData',
  kind: 'fast',
  priority: 3,
  intervalMs: 1000,
  fields: [
    u8('sid'),
    date,
    time,
    signed('latitude', 64, 1e-16, 'deg', { limit: 90 }),
    signed('longitude', 64, 1e-16, 'deg', { limit: 180 }),
    signed('altitude', 64, 1e-6, 'm'),
    choice('gnssType', 4, SATELLITE_SYSTEMS),
    choice('method', 4, FIX_METHODS),
    unsigned('integrity', 2, 1, undefined, { everyCode: true, meanings: FIX_INTEGRITIES }),
    gap(6),
    u8('numberOfSvs'),
    s16('hdop', 0.01),
    s16('pdop', 0.01),
    s32('geoidalSeparation', 0.01, 'm'),
    u8('referenceStations'),
  ],
  repeated: [
    choice('referenceStationType', 4, SATELLITE_SYSTEMS),
    unsigned('referenceStationId', 12),
    u16('ageOfDgnssCorrections', 0.01, 's'),
  ],
} as const satisfies Message;

export const timeDate = {
  pgn: 129_033,
  name: 'timeDate',
  kind: 'single',
  priority: 3,
  intervalMs: 1000,
  fields: [date, time, s16('localOffset', 60, 's')],
} as const satisfies Message;
