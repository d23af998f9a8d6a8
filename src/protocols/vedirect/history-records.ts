/** History records of solar chargers: registers 0x104F and 0x1050 … (fact sheet vedirect, section 5.3). */
import { decodeNumber, type NumberType } from './hex-values.ts';
import { fromRaw } from './scale.ts';

/** Error codes of the last four errors, most recent first. */
export type LastErrors = readonly [number, number, number, number];

/** What a charger has seen since it was made or reset. Null is "not available". */
export interface HistoryTotals {
  readonly version: number;
  readonly errors: LastErrors;
  /** kWh */
  readonly userYield: number | null;
  /** kWh */
  readonly systemYield: number | null;
  /** V */
  readonly maximumPanelVoltage: number | null;
  /** V */
  readonly maximumBatteryVoltage: number | null;
  /** V; null too where the record's version has none. */
  readonly minimumBatteryVoltage: number | null;
  readonly daysAvailable: number;
}

/** One day of a charger. Null is "not available". */
export interface HistoryDay {
  readonly version: number;
  readonly errors: LastErrors;
  /** kWh */
  readonly yield: number | null;
  /** By the load output, kWh. */
  readonly consumption: number | null;
  /** V */
  readonly maximumBatteryVoltage: number | null;
  /** V */
  readonly minimumBatteryVoltage: number | null;
  /** Minutes */
  readonly timeInBulk: number | null;
  /** Minutes */
  readonly timeInAbsorption: number | null;
  /** Minutes */
  readonly timeInFloat: number | null;
  /** W */
  readonly maximumPower: number | null;
  /** A */
  readonly maximumBatteryCurrent: number | null;
  /** V */
  readonly maximumPanelVoltage: number | null;
  /** Day number, counts on from day to day. */
  readonly day: number;
}

const TOTALS_OCTETS = 19;
const TOTALS_WITH_MINIMUM_OCTETS = 21;
const DAY_OCTETS = 34;

/** @returns undefined when the record is too short */
export function decodeTotals(record: Uint8Array): HistoryTotals | undefined {
  if (record.length < TOTALS_OCTETS) return undefined;
  const version = record[0] ?? 0;
  const hasMinimum = version >= 1 && record.length >= TOTALS_WITH_MINIMUM_OCTETS;
  return {
    version,
    errors: errorsAt(record, 2),
    userYield: numberAt(record, 6, 'u32', 0.01),
    systemYield: numberAt(record, 10, 'u32', 0.01),
    maximumPanelVoltage: numberAt(record, 14, 'u16', 0.01),
    maximumBatteryVoltage: numberAt(record, 16, 'u16', 0.01),
    daysAvailable: record[18] ?? 0,
    minimumBatteryVoltage: hasMinimum ? numberAt(record, 19, 'u16', 0.01) : null,
  };
}

/** @returns undefined when the record is too short: the charger has no such day */
export function decodeDay(record: Uint8Array): HistoryDay | undefined {
  if (record.length < DAY_OCTETS) return undefined;
  return {
    version: record[0] ?? 0,
    yield: numberAt(record, 1, 'u32', 0.01),
    consumption: numberAt(record, 5, 'u32', 0.01),
    maximumBatteryVoltage: numberAt(record, 9, 'u16', 0.01),
    minimumBatteryVoltage: numberAt(record, 11, 'u16', 0.01),
    errors: errorsAt(record, 14),
    timeInBulk: numberAt(record, 18, 'u16', 1),
    timeInAbsorption: numberAt(record, 20, 'u16', 1),
    timeInFloat: numberAt(record, 22, 'u16', 1),
    maximumPower: numberAt(record, 24, 'u32', 1),
    maximumBatteryCurrent: numberAt(record, 28, 'u16', 0.1),
    maximumPanelVoltage: numberAt(record, 30, 'u16', 0.01),
    day: (record[32] ?? 0) | ((record[33] ?? 0) << 8),
  };
}

/** A totals record as D-Bus clients know it from `/History/Overall/Raw`: 24 octets, numbers on even places. */
export function totalsForBus(record: Uint8Array): Uint8Array | undefined {
  if (record.length < TOTALS_OCTETS) return undefined;
  const raw = new Uint8Array(24);
  raw[0] = record[0] ?? 0;
  raw[1] = record[18] ?? 0;
  raw.set(record.subarray(2, 6), 2);
  raw.set(record.subarray(6, 18), 8);
  raw.set(record.length >= TOTALS_WITH_MINIMUM_OCTETS ? record.subarray(19, 21) : [0xff, 0xff], 20);
  return raw;
}

/** A day record as D-Bus clients know it from `/History/Daily/n/Raw`: 40 octets, numbers on even places. */
export function dayForBus(record: Uint8Array): Uint8Array | undefined {
  if (record.length < DAY_OCTETS) return undefined;
  const raw = new Uint8Array(40);
  raw[0] = record[0] ?? 0;
  raw.set(record.subarray(1, 13), 4); // yield, consumption, battery voltages
  raw.set(record.subarray(14, 24), 16); // errors, times
  raw.set(record.subarray(24, 34), 28); // power, current, panel voltage, day
  return raw;
}

function errorsAt(record: Uint8Array, at: number): LastErrors {
  return [record[at] ?? 0, record[at + 1] ?? 0, record[at + 2] ?? 0, record[at + 3] ?? 0];
}

function numberAt(record: Uint8Array, at: number, type: NumberType, scale: number): number | null {
  const raw = decodeNumber(type, record.subarray(at, at + (type === 'u32' ? 4 : 2)));
  return typeof raw === 'number' ? fromRaw(raw, scale) : null;
}
