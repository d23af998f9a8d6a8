/** Batteries, chargers, inverters and other things with a DC side on D-Bus (fact sheet vecan-n2k, section 7). */
import type { Message } from '../../../protocols/nmea2000/message.ts';
import { acInputStatus, acOutputStatus } from '../../../protocols/nmea2000/tables/ac.ts';
import * as dc from '../../../protocols/nmea2000/tables/dc.ts';
import { engineRapid } from '../../../protocols/nmea2000/tables/engine.ts';
import { alternatorSchema } from '../../../schema/alternator.ts';
import { batterySchema } from '../../../schema/battery.ts';
import { chargerSchema } from '../../../schema/charger.ts';
import { dcsourceSchema } from '../../../schema/dcsource.ts';
import { inverterSchema } from '../../../schema/inverter.ts';
import { multiSchema } from '../../../schema/multi.ts';
import { solarchargerSchema } from '../../../schema/solarcharger.ts';
import { vebusSchema } from '../../../schema/vebus.ts';
import { type DerivedRow, type PathRow, type ServiceKind, shows, showsLine, toCelsius } from './row.ts';

const LINES = [0, 1, 2] as const;

/** `/State` of chargers, by the states of PGN 127507. */
const STATE_OF_CHARGER: Readonly<Record<number, number>> = {
  0: 0,
  1: 3,
  2: 4,
  3: 4,
  4: 7,
  5: 5,
  6: 0,
  7: 11,
  8: 0,
  9: 2,
};
/** `/State` of inverters, by the states of PGN 127509. */
const STATE_OF_INVERTER: Readonly<Record<number, number>> = { 0: 9, 1: 8, 2: 1, 3: 2, 4: 0 };
const VOLTS_OF_BATTERY: Readonly<Record<number, number>> = { 0: 6, 1: 12, 2: 24, 3: 32, 4: 36, 5: 42, 6: 48 };
/** Code of an unknown state. */
const NO_STATE = 255;

/** 127508 is finer than 127751. */
const SIDE: readonly PathRow[] = [
  shows(dc.batteryStatus, 'voltage', '/Dc/{dc}/Voltage'),
  shows(dc.batteryStatus, 'current', '/Dc/{dc}/Current'),
  shows(dc.batteryStatus, 'temperature', '/Dc/{dc}/Temperature', toCelsius),
  shows(dc.dcVoltageCurrent, 'dcVoltage', '/Dc/{dc}/Voltage'),
  shows(dc.dcVoltageCurrent, 'dcCurrent', '/Dc/{dc}/Current'),
];

const POWER: DerivedRow = {
  path: '/Dc/0/Power',
  from: ['/Dc/0/Voltage', '/Dc/0/Current'],
  read: (volts = 0, amperes = 0) => Math.round(volts * amperes * 10) / 10,
};

const CONVERTER_STATE = shows(dc.converterStatus, 'operatingState', '/State', state =>
  state === NO_STATE ? null : state,
);

const SIDE_FIRST = ['/Dc/0/Voltage', '/Dc/0/Current'] as const;

/** Alarm levels of a two-bit state: good, warning, error. */
function alarm(
  field: 'temperatureState' | 'overloadState' | 'lowDcVoltageState' | 'rippleState',
  path: string,
): PathRow {
  return shows(dc.converterStatus, field, path);
}

/** What a message says of up to three lines. */
function lines(message: Message, fields: readonly (readonly [field: string, path: string])[], base: string): PathRow[] {
  return LINES.flatMap(line =>
    fields.map(([field, path]) => showsLine(message, line, field, `${base}/L${line + 1}/${path}`)),
  );
}

export const battery: ServiceKind = {
  type: 'battery',
  schema: batterySchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/Dc/0/Power', '/Dc/0/Temperature', '/Soc', '/TimeToGo', '/ConsumedAmphours'],
  rows: [
    ...SIDE,
    shows(dc.dcDetailedStatus, 'stateOfCharge', '/Soc'),
    shows(dc.dcDetailedStatus, 'stateOfHealth', '/Soh'),
    shows(dc.dcDetailedStatus, 'timeRemaining', '/TimeToGo'),
    shows(dc.batteryConfiguration, 'capacity', '/InstalledCapacity'),
    shows(
      dc.batteryConfiguration,
      'nominalVoltage',
      '/Settings/Battery/NominalVoltage',
      code => VOLTS_OF_BATTERY[code] ?? null,
    ),
  ],
  derived: [POWER],
};

export const charger: ServiceKind = {
  type: 'charger',
  schema: chargerSchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/State', '/Mode', '/ErrorCode'],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.chargerStatus, 'operatingState', '/State', state => STATE_OF_CHARGER[state] ?? null),
    shows(dc.chargerStatus, 'enabled', '/Mode'),
    shows(dc.chargerConfiguration, 'chargerEnableDisable', '/Mode'),
    showsLine(acInputStatus, 0, 'current', '/Ac/In/L1/I'),
    showsLine(acInputStatus, 0, 'realPower', '/Ac/In/L1/P'),
  ],
  commands: [
    {
      path: '/Mode',
      message: dc.chargerConfiguration,
      which: ['instance'],
      field: 'chargerEnableDisable',
      encode: value => (value === 0 || value === 1 ? value : undefined),
    },
  ],
};

export const solarcharger: ServiceKind = {
  type: 'solarcharger',
  schema: solarchargerSchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/State', '/Mode', '/ErrorCode', '/Pv/V', '/Yield/Power', '/NrOfTrackers'],
  fixed: [['/NrOfTrackers', 1]],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.chargerStatus, 'operatingState', '/State', state => STATE_OF_CHARGER[state] ?? null),
  ],
};

const AC_OUT = [
  ['voltage', 'V'],
  ['current', 'I'],
  ['realPower', 'P'],
] as const;

export const inverter: ServiceKind = {
  type: 'inverter',
  schema: inverterSchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/State', '/Mode', '/Ac/Out/L1/V', '/Ac/Out/L1/I', '/Ac/Out/L1/P'],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.inverterStatus, 'operatingState', '/State', state => STATE_OF_INVERTER[state] ?? null),
    alarm('temperatureState', '/Alarms/HighTemperature'),
    alarm('overloadState', '/Alarms/Overload'),
    alarm('lowDcVoltageState', '/Alarms/LowVoltage'),
    alarm('rippleState', '/Alarms/Ripple'),
    ...lines(acOutputStatus, AC_OUT, '/Ac/Out'),
  ],
  derived: [POWER],
};

export const multi: ServiceKind = {
  type: 'multi',
  schema: multiSchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/Dc/0/Power', '/State', '/Mode', '/Ac/Out/L1/V', '/Ac/Out/L1/I', '/Ac/Out/L1/P'],
  fixed: [['/IsInverterCharger', 1]],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.dcDetailedStatus, 'stateOfCharge', '/Soc'),
    shows(dc.inverterStatus, 'operatingState', '/State', state => STATE_OF_INVERTER[state] ?? null),
    shows(dc.chargerStatus, 'operatingState', '/State', state => STATE_OF_CHARGER[state] ?? null),
    alarm('temperatureState', '/Alarms/HighTemperature'),
    alarm('overloadState', '/Alarms/Overload'),
    alarm('lowDcVoltageState', '/Alarms/LowVoltage'),
    alarm('rippleState', '/Alarms/Ripple'),
    ...lines(acOutputStatus, [...AC_OUT, ['frequency', 'F']], '/Ac/Out'),
    ...lines(acInputStatus, [...AC_OUT, ['frequency', 'F']], '/Ac/In/1'),
  ],
  derived: [POWER],
};

const AC_OUT_OF_VEBUS = [...AC_OUT, ['frequency', 'F']] as const;

/** A VE.Bus system behind its interface to VE.Can. */
export const vebus: ServiceKind = {
  type: 'vebus',
  schema: vebusSchema,
  productId: null,
  settles: true,
  first: [
    ...SIDE_FIRST,
    '/Dc/0/Power',
    '/State',
    '/Mode',
    ...['V', 'I', 'P', 'F'].flatMap(one => [`/Ac/Out/L1/${one}`, `/Ac/ActiveIn/L1/${one}`]),
  ],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.inverterStatus, 'operatingState', '/State', state => STATE_OF_INVERTER[state] ?? null),
    shows(dc.chargerStatus, 'operatingState', '/State', state => STATE_OF_CHARGER[state] ?? null),
    alarm('temperatureState', '/Alarms/HighTemperature'),
    alarm('overloadState', '/Alarms/Overload'),
    alarm('lowDcVoltageState', '/Alarms/LowBattery'),
    alarm('rippleState', '/Alarms/Ripple'),
    ...lines(acOutputStatus, AC_OUT_OF_VEBUS, '/Ac/Out'),
    ...lines(acInputStatus, AC_OUT_OF_VEBUS, '/Ac/ActiveIn'),
  ],
  derived: [POWER],
};

export const alternator: ServiceKind = {
  type: 'alternator',
  schema: alternatorSchema,
  productId: null,
  settles: true,
  first: [...SIDE_FIRST, '/Dc/0/Power', '/State'],
  rows: [
    ...SIDE,
    CONVERTER_STATE,
    shows(dc.chargerStatus, 'operatingState', '/State', state => STATE_OF_CHARGER[state] ?? null),
    shows(engineRapid, 'speed', '/Engine/Speed'),
  ],
  derived: [POWER],
};

/** `/Settings/MonitorMode` of what gives power and is no alternator: see `DC_SOURCES` in placement.ts. */
function source(mode: number): ServiceKind {
  return {
    type: 'dcsource',
    schema: dcsourceSchema,
    productId: null,
    settles: true,
    first: [...SIDE_FIRST, '/Dc/0/Power'],
    fixed: [['/Settings/MonitorMode', mode]],
    rows: SIDE,
    derived: [POWER],
  };
}

export const solarSource = source(-9);
export const windSource = source(-8);
export const converterSource = source(-1);
export const fuelCellSource = source(-5);
