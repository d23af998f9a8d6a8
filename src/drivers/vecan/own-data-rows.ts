/** What of the system is told to an NMEA 2000 network: for plotters and displays (fact sheet vecan-n2k, section 7). */
import type { Message, ValuesOf } from '../../protocols/nmea2000/message.ts';
import { acPowerA, acVoltageA } from '../../protocols/nmea2000/tables/ac.ts';
import {
  batteryStatus,
  chargerStatus,
  converterStatus,
  dcDetailedStatus,
  dcVoltageCurrent,
  inverterStatus,
} from '../../protocols/nmea2000/tables/dc.ts';
import { fluidLevel, temperatureExtended } from '../../protocols/nmea2000/tables/environment.ts';
import { courseRapid, gnssPosition, positionRapid } from '../../protocols/nmea2000/tables/navigation.ts';

/** Reads a number of a service; null when there is none. */
export type Read = (path: string) => number | null;

/** A message that is made of a service. */
export interface OwnRow {
  /** Type of the service: `battery` */
  readonly type: string;
  /** Services that share the instances of this name have different ones. */
  readonly instances: 'dc' | 'ac' | 'tank' | 'temperature' | 'gps';
  readonly message: Message;
  readonly intervalMs: number;
  /** The fields; undefined when the service has nothing to tell. */
  readonly values: (read: Read, instance: number) => Readonly<Record<string, number | null>> | undefined;
}

/** Of messages for which the standard has no interval. */
const USUAL_MS = 1_500;
const KELVIN = 273.15;
const LITRES = 1_000;
const DAY_SECONDS = 86_400;
const DC_TYPE = { battery: 0, alternator: 1, solar: 3 } as const;
/** States of PGN 127507, by `/State`. */
const CHARGER_STATE: Readonly<Record<number, number>> = { 0: 0, 2: 9, 3: 1, 4: 2, 5: 5, 6: 5, 7: 4, 11: 7, 252: 7 };
/** States of PGN 127509, by `/State`. */
const INVERTER_STATE: Readonly<Record<number, number>> = { 0: 4, 1: 2, 2: 3, 8: 1, 9: 0, 10: 0, 11: 0 };
/** Sensor places of PGN 130316, by `/TemperatureType`. */
const TEMPERATURE_SOURCE: Readonly<Record<number, number>> = { 0: 3, 1: 7, 2: 2, 3: 4, 4: 1, 5: 8, 6: 13 };
const INSIDE = 2;
const CHARGING_STATES: ReadonlySet<number> = new Set([3, 4, 5, 6, 7, 252]);
const GNSS_FIX = 1;

function row<M extends Message>(
  type: string,
  instances: OwnRow['instances'],
  message: M,
  values: (read: Read, instance: number) => ValuesOf<M> | undefined,
): OwnRow {
  // The values are those of this very message.
  return { type, instances, message, intervalMs: message.intervalMs ?? USUAL_MS, values: values as OwnRow['values'] };
}

/** Voltage, current and temperature of a DC side. */
function side(type: string): OwnRow {
  return row(type, 'dc', batteryStatus, (read, instance) => {
    const [voltage, current, celsius] = [
      read('/Dc/0/Voltage'),
      read('/Dc/0/Current'),
      read('/Dc/0/Temperature'),
    ] as const;
    if (voltage === null && current === null) return undefined;
    return { instance, voltage, current, temperature: kelvin(celsius), sid: null };
  });
}

function detailed(type: string, dcType: number): OwnRow {
  return row(type, 'dc', dcDetailedStatus, (read, instance) => {
    if (dcType !== DC_TYPE.battery) return { instance, dcType };
    const [stateOfCharge, stateOfHealth, timeRemaining] = [read('/Soc'), read('/Soh'), read('/TimeToGo')] as const;
    if (stateOfCharge === null && timeRemaining === null) return undefined;
    return {
      instance,
      dcType,
      stateOfCharge: stateOfCharge === null ? null : Math.round(stateOfCharge),
      stateOfHealth: stateOfHealth === null ? null : Math.round(stateOfHealth),
      timeRemaining,
    };
  });
}

function charging(type: string, statePath = '/State'): OwnRow {
  return row(type, 'dc', chargerStatus, (read, instance) => {
    const state = read(statePath);
    const operatingState = state === null ? undefined : CHARGER_STATE[state];
    return operatingState === undefined
      ? undefined
      : {
          instance,
          batteryInstance: 0,
          operatingState,
          chargeMode: 0,
          enabled: CHARGING_STATES.has(state ?? 0) ? 1 : 0,
        };
  });
}

function converter(type: string): OwnRow {
  return row(type, 'dc', converterStatus, (read, instance) => {
    const operatingState = read('/State');
    return operatingState === null || operatingState > 252
      ? undefined
      : { sid: null, connectionNumber: instance, operatingState };
  });
}

function sideFine(type: string): OwnRow {
  return row(type, 'dc', dcVoltageCurrent, (read, instance) => {
    const [dcVoltage, dcCurrent] = [read('/Dc/0/Voltage'), read('/Dc/0/Current')] as const;
    return dcVoltage === null && dcCurrent === null
      ? undefined
      : { sid: null, connectionNumber: instance, dcVoltage, dcCurrent };
  });
}

/** The output of an inverter, its first phase. */
function output(type: string): readonly OwnRow[] {
  return [
    row(type, 'ac', acPowerA, (read, instance) => {
      const [power, current] = [read('/Ac/Out/L1/P'), read('/Ac/Out/L1/I')] as const;
      return power === null && current === null
        ? undefined
        : { sid: null, connectionNumber: instance, acRmsCurrent: current, power };
    }),
    row(type, 'ac', acVoltageA, (read, instance) => {
      const [volts, frequency] = [read('/Ac/Out/L1/V'), read('/Ac/Out/L1/F')] as const;
      return volts === null
        ? undefined
        : { sid: null, connectionNumber: instance, acVoltageLineToNeutral: volts, frequency };
    }),
    row(type, 'dc', inverterStatus, (read, instance) => {
      const state = read('/State');
      const operatingState = state === null ? undefined : INVERTER_STATE[state];
      return operatingState === undefined
        ? undefined
        : { instance, acInstance: 0, dcInstance: 0, operatingState, inverterEnable: state === 0 ? 0 : 1 };
    }),
  ];
}

export const OWN_ROWS: readonly OwnRow[] = [
  side('battery'),
  detailed('battery', DC_TYPE.battery),
  side('alternator'),
  detailed('alternator', DC_TYPE.alternator),
  side('solarcharger'),
  detailed('solarcharger', DC_TYPE.solar),
  charging('solarcharger'),
  sideFine('solarcharger'),
  side('charger'),
  charging('charger'),
  ...['vebus', 'multi', 'inverter'].flatMap(type => [converter(type), sideFine(type), ...output(type)]),
  charging('vebus'),
  charging('multi'),
  row('tank', 'tank', fluidLevel, (read, instance) => {
    const [level, capacity, type] = [read('/Level'), read('/Capacity'), read('/FluidType')] as const;
    return level === null
      ? undefined
      : { instance, type, level, capacity: capacity === null ? null : capacity * LITRES };
  }),
  row('temperature', 'temperature', temperatureExtended, (read, instance) => {
    const [celsius, type] = [read('/Temperature'), read('/TemperatureType')] as const;
    const source = TEMPERATURE_SOURCE[type ?? INSIDE] ?? INSIDE;
    return celsius === null ? undefined : { sid: null, instance, source, temperature: kelvin(celsius) };
  }),
  row('gps', 'gps', positionRapid, read => {
    const [latitude, longitude] = position(read);
    return latitude === null || longitude === null ? undefined : { latitude, longitude };
  }),
  row('gps', 'gps', courseRapid, read => {
    const [course, sog] = [read('/Course'), read('/Speed')] as const;
    if (course === null && sog === null) return undefined;
    return { sid: null, cogReference: 0, cog: course === null ? null : (course * Math.PI) / 180, sog };
  }),
  row('gps', 'gps', gnssPosition, read => {
    const [latitude, longitude] = position(read);
    if (latitude === null || longitude === null) return undefined;
    const seconds = read('/UtcTimestamp');
    return {
      sid: null,
      date: seconds === null ? null : Math.floor(seconds / DAY_SECONDS),
      time: seconds === null ? null : seconds % DAY_SECONDS,
      latitude,
      longitude,
      altitude: read('/Altitude'),
      gnssType: 0,
      method: GNSS_FIX,
      integrity: 0,
      numberOfSvs: read('/NrOfSatellites'),
      referenceStations: 0,
    };
  }),
];

/** Only while there is a fix: an old position must not be told as the present one. */
function position(read: Read): readonly [number | null, number | null] {
  return read('/Fix') === 0 ? [null, null] : [read('/Position/Latitude'), read('/Position/Longitude')];
}

function kelvin(celsius: number | null): number | null {
  return celsius === null ? null : celsius + KELVIN;
}
