/** Alarms of CAN-bus batteries, in the two forms there are (fact sheet canbms, section 3). */

export type AlarmName =
  | 'general'
  | 'highVoltage'
  | 'lowVoltage'
  | 'highTemperature'
  | 'lowTemperature'
  | 'highChargeTemperature'
  | 'lowChargeTemperature'
  | 'highDischargeCurrent'
  | 'highChargeCurrent'
  | 'contactor'
  | 'shortCircuit'
  | 'internalFailure'
  | 'cellImbalance';

/** Two bits for every alarm, and two more for its warning. */
export const ALARMS = 0x35a;
/** One bit for every alarm and warning, as Pylontech has them. */
export const PYLONTECH_ALARMS = 0x359;

/** 0 fine, 1 warning, 2 alarm; null where the battery does not watch for it. */
export type Severity = 0 | 1 | 2 | null;
export type Severities = Readonly<Record<AlarmName, Severity>>;

/** Of frame 0x35A: the alarms in the order of their pairs of bits. Octets 0 to 3 are alarms, 4 to 7 warnings. */
const PAIRS: readonly AlarmName[] = [
  'general',
  'highVoltage',
  'lowVoltage',
  'highTemperature',
  'lowTemperature',
  'highChargeTemperature',
  'lowChargeTemperature',
  'highDischargeCurrent',
  'highChargeCurrent',
  'contactor',
  'shortCircuit',
  'internalFailure',
  'cellImbalance',
];
const WARNING_OCTETS = 4;
const ALARM_OCTETS = 8;
/** Of a pair: 0 is not watched, 3 is reserved. */
const ACTIVE = 1;
const FINE = 2;

/** Frame 0x359: octets 0 and 1 are alarms, 2 and 3 warnings at the same bits. */
const PYLONTECH_BITS: readonly { readonly name: AlarmName; readonly octet: 0 | 1; readonly bit: number }[] = [
  { name: 'highVoltage', octet: 0, bit: 1 },
  { name: 'lowVoltage', octet: 0, bit: 2 },
  { name: 'highTemperature', octet: 0, bit: 3 },
  { name: 'lowTemperature', octet: 0, bit: 4 },
  { name: 'highDischargeCurrent', octet: 0, bit: 7 },
  { name: 'highChargeCurrent', octet: 1, bit: 0 },
  // A system error; as a warning, that the modules do not hear each other.
  { name: 'internalFailure', octet: 1, bit: 3 },
];
const PYLONTECH_WARNING_OCTETS = 2;
const PYLONTECH_OCTETS = 7;

/** @returns undefined when the frame is too short */
export function decodeAlarms(data: Uint8Array): Severities | undefined {
  if (data.length < ALARM_OCTETS) return undefined;
  return severities((name: AlarmName) => {
    const at = PAIRS.indexOf(name);
    const alarm = pairAt(data, at);
    const warning = pairAt(data, at + WARNING_OCTETS * 4);
    if (alarm === ACTIVE) return 2;
    if (warning === ACTIVE) return 1;
    return alarm === FINE || warning === FINE ? 0 : null;
  });
}

/** What octets 5 and 6 of frame 0x359 say of Pylontech batteries, and of those that do as they do. */
const PYLONTECH_SIGN = [0x50, 0x4e] as const;

export interface PylontechAlarms {
  readonly severities: Severities;
  readonly modules: number;
  /** Whether the frame has Pylontech's sign. */
  readonly signed: boolean;
}

/** @returns undefined when the frame is too short */
export function decodePylontechAlarms(data: Uint8Array): PylontechAlarms | undefined {
  if (data.length < PYLONTECH_OCTETS) return undefined;
  return {
    severities: severities(name => {
      const place = PYLONTECH_BITS.find(row => row.name === name);
      if (place === undefined) return null;
      const isSet = (octet: number): boolean => (((data[octet] ?? 0) >> place.bit) & 1) === 1;
      if (isSet(place.octet)) return 2;
      return isSet(place.octet + PYLONTECH_WARNING_OCTETS) ? 1 : 0;
    }),
    modules: data[4] ?? 0,
    signed: data[5] === PYLONTECH_SIGN[0] && data[6] === PYLONTECH_SIGN[1],
  };
}

/** Of a battery that sends both forms: the worse of the two. */
export function worse(a: Severity, b: Severity): Severity {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** The data of frame 0x35A. An alarm stands without its warning. */
export function encodeAlarms(told: Partial<Severities>): Uint8Array {
  const data = new Uint8Array(ALARM_OCTETS);
  PAIRS.forEach((name, at) => {
    const severity = told[name] ?? null;
    if (severity === null) return;
    setPair(data, at, severity === 2 ? ACTIVE : FINE);
    setPair(data, at + WARNING_OCTETS * 4, severity === 1 ? ACTIVE : FINE);
  });
  return data;
}

/** The data of frame 0x359. */
export function encodePylontechAlarms(told: Partial<Severities>, modules: number): Uint8Array {
  const data = Uint8Array.of(0, 0, 0, 0, modules, ...PYLONTECH_SIGN);
  for (const { name, octet, bit } of PYLONTECH_BITS) {
    const severity = told[name];
    const at = severity === 2 ? octet : octet + PYLONTECH_WARNING_OCTETS;
    if (severity === 1 || severity === 2) data[at] = (data[at] ?? 0) | (1 << bit);
  }
  return data;
}

function severities(of: (name: AlarmName) => Severity): Severities {
  // Every name of the type is in the list.
  return Object.fromEntries(PAIRS.map(name => [name, of(name)])) as unknown as Severities;
}

function pairAt(data: Uint8Array, at: number): number {
  return ((data[at >> 2] ?? 0) >> ((at & 3) * 2)) & 3;
}

function setPair(data: Uint8Array, at: number, value: number): void {
  data[at >> 2] = (data[at >> 2] ?? 0) | (value << ((at & 3) * 2));
}
