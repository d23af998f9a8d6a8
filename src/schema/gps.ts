/** com.victronenergy.gps: GPS receivers. */
import { n2k } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, labelled, metersPerSecond2, uint } from './units.ts';

export const gpsSchema = {
  ...productRows,
  ...n2k,
  ...sourced('recorded', {
    '/Altitude': labelled('Altitude', { type: 'float', unit: 'm', decimals: 1 }),
    '/Course': labelled('Course', { type: 'float', unit: '°', suffix: 'deg', decimals: 1 }),
    '/Fix': labelled('Fix', int),
    '/MagneticVariation': { type: 'float', unit: '°', suffix: 'deg', decimals: 1 },
    '/NrOfSatellites': labelled('Number of satellites', int),
    '/Position/Latitude': labelled('Latitude', { type: 'float', unit: '°', suffix: 'deg', decimals: 5 }),
    '/Position/Longitude': labelled('Longitude', { type: 'float', unit: '°', suffix: 'deg', decimals: 5 }),
    '/Speed': labelled('Speed', metersPerSecond2),
    '/UtcTimestamp': labelled('UTC', uint),
  }),
  ...sourced('systemcalc', {
    '/UtcTime': { type: 'uint', unit: 'ms' },
  }),
} as const satisfies Schema;
