/** Tanks, temperatures, positions and switches on D-Bus (fact sheet vecan-n2k, section 7). */
import * as environment from '../../../protocols/nmea2000/tables/environment.ts';
import * as navigation from '../../../protocols/nmea2000/tables/navigation.ts';
import { gpsSchema } from '../../../schema/gps.ts';
import type { Value } from '../../../schema/row.ts';
import { switchSchema } from '../../../schema/switch.ts';
import { tankSchema } from '../../../schema/tank.ts';
import { temperatureSchema } from '../../../schema/temperature.ts';
import { type CommandRow, makes, type PathRow, type ServiceKind, shows, toCelsius, toDegrees } from './row.ts';

const LITRES = 1000;
const PASCAL_PER_KILOPASCAL = 1000;
const DAY_SECONDS = 86_400;

/** The sensor's place → `/TemperatureType`; what is not here is generic. */
const TEMPERATURE_TYPES: Readonly<Record<number, number>> = { 1: 4, 2: 3, 4: 3, 7: 1, 13: 6 };
const GENERIC_TEMPERATURE = 2;
/** How the position was found → `/Fix`. */
const NO_FIX = 0;

export const tank: ServiceKind = {
  type: 'tank',
  schema: tankSchema,
  productId: 0xa161,
  first: ['/Level', '/Capacity', '/Remaining', '/FluidType', '/Status'],
  fixed: [['/Status', 0]],
  rows: [
    shows(environment.fluidLevel, 'level', '/Level'),
    shows(environment.fluidLevel, 'capacity', '/Capacity', litres => litres / LITRES),
    shows(environment.fluidLevel, 'type', '/FluidType'),
  ],
  derived: [
    {
      path: '/Remaining',
      from: ['/Level', '/Capacity'],
      read: (level = 0, capacity = 0) => Math.round(level * capacity * 100) / 10_000,
    },
  ],
  commands: [
    {
      path: '/Capacity',
      message: environment.fluidLevel,
      which: ['instance', 'type'],
      field: 'capacity',
      encode: value => (typeof value === 'number' && value >= 0 ? value * LITRES : undefined),
    },
    {
      path: '/FluidType',
      message: environment.fluidLevel,
      which: ['instance'],
      field: 'type',
    },
  ],
};

export const temperature: ServiceKind = {
  type: 'temperature',
  schema: temperatureSchema,
  productId: 0xa162,
  first: ['/Temperature', '/TemperatureType', '/Status'],
  fixed: [['/Status', 0]],
  rows: [
    shows(environment.temperatureExtended, 'temperature', '/Temperature', toCelsius),
    shows(environment.temperature, 'actualTemperature', '/Temperature', toCelsius),
    shows(environment.environment, 'temperature', '/Temperature', toCelsius),
    ...[environment.temperatureExtended, environment.temperature].map(message =>
      shows(message, 'source', '/TemperatureType', source => TEMPERATURE_TYPES[source] ?? GENERIC_TEMPERATURE),
    ),
    shows(
      environment.environment,
      'temperatureSource',
      '/TemperatureType',
      source => TEMPERATURE_TYPES[source] ?? GENERIC_TEMPERATURE,
    ),
    shows(environment.humidity, 'actualHumidity', '/Humidity'),
    shows(environment.environment, 'humidity', '/Humidity'),
    shows(environment.pressure, 'pressure', '/Pressure', pascal => pascal / PASCAL_PER_KILOPASCAL),
    shows(environment.environment, 'atmosphericPressure', '/Pressure', pascal => pascal / PASCAL_PER_KILOPASCAL),
  ],
};

export const gps: ServiceKind = {
  type: 'gps',
  schema: gpsSchema,
  productId: 0xa164,
  first: ['/Position/Latitude', '/Position/Longitude', '/Fix', '/Course', '/Speed', '/Altitude', '/NrOfSatellites'],
  rows: [
    shows(navigation.positionRapid, 'latitude', '/Position/Latitude'),
    shows(navigation.positionRapid, 'longitude', '/Position/Longitude'),
    shows(navigation.gnssPosition, 'latitude', '/Position/Latitude'),
    shows(navigation.gnssPosition, 'longitude', '/Position/Longitude'),
    shows(navigation.gnssPosition, 'altitude', '/Altitude'),
    shows(navigation.gnssPosition, 'numberOfSvs', '/NrOfSatellites'),
    shows(navigation.gnssPosition, 'method', '/Fix', method => (method === NO_FIX ? 0 : 1)),
    // Receivers that only send positions do so when they have one.
    makes(navigation.positionRapid, '/Fix', ({ latitude, longitude }) =>
      typeof latitude === 'number' && typeof longitude === 'number' ? 1 : 0,
    ),
    // The course is the true one; a magnetic one would be taken for it.
    makes(navigation.courseRapid, '/Course', ({ cogReference, cog }) =>
      cogReference === 0 && typeof cog === 'number' ? toDegrees(cog) : null,
    ),
    shows(navigation.courseRapid, 'sog', '/Speed'),
    shows(navigation.magneticVariation, 'variation', '/MagneticVariation', toDegrees),
    makes(navigation.gnssPosition, '/UtcTimestamp', timestamp),
    makes(navigation.timeDate, '/UtcTimestamp', timestamp),
    makes(navigation.systemTime, '/UtcTimestamp', timestamp),
  ],
};

/** Unix seconds. */
function timestamp({ date, time }: { date?: number | null; time?: number | null }): Value {
  return typeof date === 'number' && typeof time === 'number' ? Math.floor(date * DAY_SECONDS + time) : null;
}

/** Switches of one bank. */
const SWITCHES = Array.from({ length: 28 }, (_, i) => i + 1);
/** `/SwitchableOutput/{name}/Status` */
const STATUS = { off: 0, fault: 8, on: 9 } as const;
const FAULT = 2;
const TOGGLE = 1;

const switchStates: readonly PathRow[] = SWITCHES.flatMap(number => {
  const state = (said: { readonly values: Readonly<Record<string, unknown>> }): number | undefined => {
    const value = said.values[`indicator${number}`];
    // A bank has fewer than 28: those that are not there say "not available".
    return typeof value === 'number' ? value : undefined;
  };
  const base = `/SwitchableOutput/${number}`;
  return [
    {
      message: environment.switchBankStatus,
      path: `${base}/State`,
      read: said => {
        const value = state(said);
        return value === undefined ? undefined : value === FAULT ? null : value;
      },
    },
    {
      message: environment.switchBankStatus,
      path: `${base}/Status`,
      read: said => {
        const value = state(said);
        return value === undefined ? undefined : value === FAULT ? STATUS.fault : value === 1 ? STATUS.on : STATUS.off;
      },
    },
    ...(
      [
        ['Name', `Channel ${number}`],
        ['Settings/Type', TOGGLE],
        ['Settings/ValidTypes', 1 << TOGGLE],
        ['Settings/ShowUIControl', 1],
      ] as const
    ).map(
      ([path, value]): PathRow => ({
        message: environment.switchBankStatus,
        path: `${base}/${path}`,
        read: said => (state(said) === undefined ? undefined : value),
      }),
    ),
  ];
});

const switchCommands: readonly CommandRow[] = SWITCHES.map(number => ({
  path: `/SwitchableOutput/${number}/State`,
  message: environment.switchBankStatus,
  which: ['instance'],
  field: `indicator${number}`,
  encode: value => (value === 0 || value === 1 ? value : undefined),
  older: { message: environment.switchBankControl, field: `switch${number}` },
}));

export const switchBank: ServiceKind = {
  type: 'switch',
  schema: switchSchema,
  productId: null,
  first: ['/State'],
  fixed: [['/State', 256]],
  rows: switchStates,
  commands: switchCommands,
};
