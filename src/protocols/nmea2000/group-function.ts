/**
 * PGN 126208: asks another node for messages, or tells it to change fields of them (fact sheet vecan-n2k, section 4).
 * Fields are numbered from 1, gaps too. How long a value is, only the table of its message tells: at a message or field
 * that is not known reading has to stop.
 */
import type { Field } from './field.ts';
import { decodeField, encodeField, type FieldValue, MESSAGE_OCTETS, type Message } from './message.ts';
import { isProprietary, messageOf } from './pgns.ts';

/** A field by its number, with what it is, or shall be. */
export interface Parameter {
  readonly parameter: number;
  readonly value: FieldValue;
}

/** What all that name fields have. */
interface WithParameters {
  readonly pgn: number;
  /** Those that could be read. */
  readonly parameters: readonly Parameter[];
  /** How many were announced: more than `parameters` when one was not known. */
  readonly count: number;
}

/** Send a message, now or in another interval. */
export interface Request extends WithParameters {
  readonly function: 'request';
  /** Milliseconds; null leaves it as it is, 0 ends it. */
  readonly intervalMs: number | null;
  readonly offsetMs: number | null;
}

/** Set fields. */
export interface Command extends WithParameters {
  readonly function: 'command';
  /** 8 leaves it as it is. */
  readonly priority: number;
}

/** How it went with a request or command. */
export interface Acknowledge {
  readonly function: 'acknowledge';
  readonly pgn: number;
  /** `GROUP_ERRORS` */
  readonly pgnError: number;
  /** 0 when neither interval nor priority was refused. */
  readonly intervalError: number;
  /** `PARAMETER_ERRORS`, one for each parameter asked. */
  readonly parameterErrors: readonly number[];
}

/** Reads or sets fields of one of several messages with one PGN, chosen by the values of others of its fields. */
export interface FieldsFunction {
  readonly function: 'read' | 'read reply' | 'write' | 'write reply';
  readonly pgn: number;
  /** The two octets of the maker, of a proprietary message. */
  readonly maker?: number;
  readonly uniqueId: number;
  readonly selection: readonly Parameter[];
  /** In `read` their values are null: only their numbers are sent. */
  readonly parameters: readonly Parameter[];
  /** Selection and parameters that were announced. */
  readonly count: number;
}

export type GroupFunction = Request | Command | Acknowledge | FieldsFunction;

export const GROUP_ERRORS = {
  none: 0,
  pgnNotSupported: 1,
  pgnNotAvailable: 2,
  accessDenied: 3,
  notSupported: 4,
  tagNotSupported: 5,
  readOrWriteNotSupported: 6,
} as const;

export const PARAMETER_ERRORS = {
  none: 0,
  invalidField: 1,
  temporary: 2,
  outOfRange: 3,
  accessDenied: 4,
  notSupported: 5,
  readOrWriteNotSupported: 6,
} as const;

/** Of a command that leaves the priority as it is. */
export const PRIORITY_UNCHANGED = 8;

const FUNCTIONS = [
  'request',
  'command',
  'acknowledge',
  'read',
  'read reply',
  'write',
  'write reply',
] as const satisfies readonly GroupFunction['function'][];

const NO_INTERVAL = 0xffff_ffff;
const NO_OFFSET = 0xffff;
/** Steps of the offset, milliseconds. */
const OFFSET_STEP_MS = 10;

/** @param bytes the whole message @returns undefined when it is too short, or its function unknown */
export function decodeGroupFunction(bytes: Uint8Array): GroupFunction | undefined {
  const name = FUNCTIONS[bytes[0] ?? FUNCTIONS.length];
  if (name === undefined || bytes.length < 4) return undefined;
  const pgn = number(bytes, 1, 3);
  switch (name) {
    case 'request':
      return decodeRequest(pgn, bytes);
    case 'command': {
      if (bytes.length < 6) return undefined;
      const { found } = decodeParameters(pgn, bytes, 6, bytes[5] ?? 0, true);
      return { function: name, pgn, priority: (bytes[4] ?? 0) & 0xf, parameters: found, count: bytes[5] ?? 0 };
    }
    case 'acknowledge':
      return decodeAcknowledge(pgn, bytes);
    default:
      return decodeFieldsFunction(name, pgn, bytes);
  }
}

/** @returns undefined when it names a message or field that is not known, or is too long */
export function encodeGroupFunction(message: GroupFunction): Uint8Array | undefined {
  const head = [FUNCTIONS.indexOf(message.function), ...octetsOf(message.pgn, 3)];
  const rest = encodeRest(message);
  if (rest === undefined || head.length + rest.length > MESSAGE_OCTETS) return undefined;
  return Uint8Array.from([...head, ...rest]);
}

function encodeRest(message: GroupFunction): readonly number[] | undefined {
  if (message.function === 'acknowledge') {
    const { pgnError, intervalError, parameterErrors } = message;
    return [(pgnError & 0xf) | ((intervalError & 0xf) << 4), parameterErrors.length, ...nibbles(parameterErrors)];
  }
  const withValues = message.function !== 'read' && message.function !== 'write reply';
  const parameters = encodeParameters(message.pgn, message.parameters, withValues);
  if (parameters === undefined) return undefined;
  const count = message.parameters.length;
  if (message.function === 'command') return [(message.priority & 0xf) | 0xf0, count, ...parameters];
  if (message.function === 'request') {
    const { intervalMs, offsetMs } = message;
    const offset = offsetMs === null ? NO_OFFSET : Math.round(offsetMs / OFFSET_STEP_MS);
    return [...octetsOf(intervalMs ?? NO_INTERVAL, 4), ...octetsOf(offset, 2), count, ...parameters];
  }
  const { maker, uniqueId, selection } = message;
  const chosen = encodeParameters(message.pgn, selection, true);
  if (chosen === undefined) return undefined;
  const makerOctets = isProprietary(message.pgn) ? octetsOf(maker ?? 0xffff, 2) : [];
  return [...makerOctets, uniqueId & 0xff, selection.length, count, ...chosen, ...parameters];
}

function decodeRequest(pgn: number, bytes: Uint8Array): Request | undefined {
  if (bytes.length < 11) return undefined;
  const interval = number(bytes, 4, 4);
  const offset = number(bytes, 8, 2);
  const count = bytes[10] ?? 0;
  const { found } = decodeParameters(pgn, bytes, 11, count, true);
  return {
    function: 'request',
    pgn,
    intervalMs: interval === NO_INTERVAL ? null : interval,
    offsetMs: offset === NO_OFFSET ? null : offset * OFFSET_STEP_MS,
    parameters: found,
    count,
  };
}

function decodeAcknowledge(pgn: number, bytes: Uint8Array): Acknowledge | undefined {
  const count = bytes[5];
  const errors = bytes[4];
  if (count === undefined || errors === undefined || bytes.length < 6 + Math.ceil(count / 2)) return undefined;
  const parameterErrors = Array.from({ length: count }, (_, i) => {
    const pair = bytes[6 + (i >> 1)] ?? 0;
    return i % 2 === 0 ? pair & 0xf : pair >> 4;
  });
  return { function: 'acknowledge', pgn, pgnError: errors & 0xf, intervalError: errors >> 4, parameterErrors };
}

function decodeFieldsFunction(
  name: FieldsFunction['function'],
  pgn: number,
  bytes: Uint8Array,
): FieldsFunction | undefined {
  const hasMaker = isProprietary(pgn);
  const at = hasMaker ? 6 : 4;
  const [uniqueId, selectionCount, parameterCount] = bytes.subarray(at, at + 3);
  if (uniqueId === undefined || selectionCount === undefined || parameterCount === undefined) return undefined;
  const selection = decodeParameters(pgn, bytes, at + 3, selectionCount, true);
  const withValues = name !== 'read' && name !== 'write reply';
  const parameters =
    selection.found.length < selectionCount
      ? { found: [] }
      : decodeParameters(pgn, bytes, selection.end, parameterCount, withValues);
  return {
    function: name,
    pgn,
    ...(hasMaker ? { maker: number(bytes, 4, 2) } : {}),
    uniqueId,
    selection: selection.found,
    parameters: parameters.found,
    count: selectionCount + parameterCount,
  };
}

function decodeParameters(
  pgn: number,
  bytes: Uint8Array,
  at: number,
  count: number,
  withValues: boolean,
): { readonly found: readonly Parameter[]; readonly end: number } {
  const found: Parameter[] = [];
  while (found.length < count) {
    const parameter = bytes[at];
    if (parameter === undefined) break;
    if (!withValues) {
      found.push({ parameter, value: null });
      at++;
      continue;
    }
    const field = fieldOf(messageOf(pgn), parameter);
    const value = field === undefined ? undefined : decodeField(field, bytes, (at + 1) * 8);
    if (value === undefined) break;
    found.push({ parameter, value: value.value });
    at = (value.end + 7) >> 3;
  }
  return { found, end: at };
}

function encodeParameters(
  pgn: number,
  parameters: readonly Parameter[],
  withValues: boolean,
): readonly number[] | undefined {
  const octets: number[] = [];
  for (const { parameter, value } of parameters) {
    octets.push(parameter);
    if (!withValues) continue;
    const field = fieldOf(messageOf(pgn), parameter);
    if (field === undefined) return undefined;
    octets.push(...encodeField(field, value));
  }
  return octets;
}

/** The field of a number; those that repeat are numbered on. */
function fieldOf(message: Message | undefined, parameter: number): Field | undefined {
  if (message === undefined || parameter < 1) return undefined;
  const { fields, repeated = [] } = message;
  if (parameter <= fields.length) return fields[parameter - 1];
  return repeated.length === 0 ? undefined : repeated[(parameter - fields.length - 1) % repeated.length];
}

function nibbles(values: readonly number[]): number[] {
  return Array.from(
    { length: Math.ceil(values.length / 2) },
    (_, i) => ((values[2 * i] ?? 0) & 0xf) | (((values[2 * i + 1] ?? 0xf) & 0xf) << 4),
  );
}

function number(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let i = octets - 1; i >= 0; i--) value = value * 0x100 + (bytes[at + i] ?? 0);
  return value;
}

function octetsOf(value: number, octets: number): number[] {
  return Array.from({ length: octets }, (_, i) => Math.floor(value / 0x100 ** i) % 0x100);
}
