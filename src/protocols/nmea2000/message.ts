/** Messages: a table of fields for each PGN; decoding and encoding are derived from it. */
import { fromRaw, toRaw } from '../vedirect/scale.ts';
import { readBits, writeBits } from './bits.ts';
import { type Field, type NumberField, notAvailable, outOfRange, rawRange, type TextField } from './field.ts';
import { decodeCountedText, decodeFixedText, encodeCountedText, encodeFixedText } from './texts.ts';

/** The longest message: 32 frames of a fast packet. */
export const MESSAGE_OCTETS = 223;
/** The shortest that is sent in one frame. */
export const FRAME_OCTETS = 8;

/** One PGN. */
export interface Message {
  readonly pgn: number;
  /** As the standard calls it, in one word. */
  readonly name: string;
  /** In one frame, or in several by fast packet, or by the transport protocol of ISO 11783. */
  readonly kind: 'single' | 'fast' | 'iso';
  readonly priority: number;
  /** How often it is sent when nothing else is asked for, milliseconds; only when asked for, where absent. */
  readonly intervalMs?: number;
  readonly fields: readonly Field[];
  /** Fields that follow all others any number of times. */
  readonly repeated?: readonly Field[];
  /** Sent in a frame shorter than 8 octets. */
  readonly short?: true;
}

/** Of a field: null when the device says "not available" or "out of range". */
export type FieldValue = number | string | null;

/** Field → value. A field that the message was too short for is missing. */
export type Values = Readonly<Record<string, FieldValue>>;

/** The values of a message by the names of its fields; of just any message, `Values`. */
export type ValuesOf<M extends Message> = string extends M['fields'][number]['name']
  ? Values
  : { readonly [F in Extract<M['fields'][number], NumberField> as F['name']]?: number | null } & {
      readonly [F in Extract<M['fields'][number], TextField> as F['name']]?: string | null;
    };

/** What `decodeMessage` finds. */
export interface Decoded<M extends Message = Message> {
  readonly values: ValuesOf<M>;
  /** The repeated fields, as often as they came whole. */
  readonly list: readonly Values[];
}

/** @param bytes the whole message, put together from its frames; what follows the fields is not looked at */
export function decodeMessage<M extends Message>(message: M, bytes: Uint8Array): Decoded<M> {
  const whole = bytes.subarray(0, MESSAGE_OCTETS);
  const values: Record<string, FieldValue> = {};
  let at = decodeFields(message.fields, whole, 0, values);
  const list: Values[] = [];
  const repeated = message.repeated;
  while (repeated !== undefined && at !== undefined && at < whole.length * 8) {
    const item: Record<string, FieldValue> = {};
    at = decodeFields(repeated, whole, at, item);
    if (at !== undefined) list.push(item);
  }
  // Built from the very table that the type is derived from.
  return { values: values as ValuesOf<M>, list };
}

/**
 * @param values a field that is missing or null is sent as "not available", a value that does not fit as "out of range"
 * @returns the message, filled up to a whole frame with ones when it is sent in one
 */
export function encodeMessage<M extends Message>(
  message: M,
  values: ValuesOf<M>,
  list: readonly Values[] = [],
): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_OCTETS).fill(0xff);
  // A type derived from the table has no index of its own.
  let at = encodeFields(message.fields, values as Values, bytes, 0);
  for (const item of message.repeated === undefined ? [] : list) {
    const next = encodeFields(message.repeated ?? [], item, bytes, at);
    if (next === at) break;
    at = next;
  }
  const octets = (at + 7) >> 3;
  return bytes.slice(0, message.kind === 'single' && message.short !== true ? FRAME_OCTETS : octets);
}

/** The values of fields that stand at bit `at`. @returns where they end, undefined when `bytes` end before */
function decodeFields(
  fields: readonly Field[],
  bytes: Uint8Array,
  at: number,
  values: Record<string, FieldValue>,
): number | undefined {
  let next: number | undefined = at;
  for (const field of fields) {
    const found = decodeField(field, bytes, next);
    if (found === undefined) return undefined;
    if (field.kind !== 'gap') values[field.name] = found.value;
    next = found.end;
  }
  return next;
}

/** One field at bit `at`. @returns its value and the bit behind it; undefined when `bytes` end before */
export function decodeField(
  field: Field,
  bytes: Uint8Array,
  at: number,
): { readonly value: FieldValue; readonly end: number } | undefined {
  if (field.kind === 'counted-text') {
    const found = decodeCountedText(bytes, at >> 3);
    return found === undefined ? undefined : { value: found.text, end: at + found.octets * 8 };
  }
  const end = at + field.bits;
  if (end > bytes.length * 8) return undefined;
  if (field.kind === 'number') {
    const raw = readBits(bytes, at, field.bits, field.signed);
    return raw === undefined ? undefined : { value: numberOf(field, raw), end };
  }
  return { value: field.kind === 'gap' ? null : decodeFixedText(bytes.subarray(at >> 3, end >> 3)), end };
}

function numberOf(field: NumberField, raw: number): number | null {
  if (raw > rawRange(field).most) return null;
  const value = fromRaw(raw, field.scale) + field.offset;
  return field.limit !== undefined && Math.abs(value) > field.limit ? null : value;
}

/** Writes fields from bit `at` on. @returns the bit behind them, or `at` when there is no room for all of them */
function encodeFields(fields: readonly Field[], values: Values, bytes: Uint8Array, at: number): number {
  const start = at;
  for (const field of fields) {
    const octets = encodeField(field, values[field.name]);
    const bits = field.kind === 'counted-text' ? octets.length * 8 : field.bits;
    if (at + bits > bytes.length * 8) return start;
    if (field.kind === 'number') writeBits(bytes, at, bits, rawOf(field, values[field.name]));
    else if (field.kind !== 'gap') bytes.set(octets, at >> 3);
    at += bits;
  }
  return at;
}

/** One field in octets of its own: numbers fill them up with zeros. */
export function encodeField(field: Field, value: FieldValue | undefined): Uint8Array {
  if (field.kind === 'counted-text') return encodeCountedText(typeof value === 'string' ? value : '');
  const octets = (field.bits + 7) >> 3;
  if (field.kind === 'text') return encodeFixedText(typeof value === 'string' ? value : '', octets);
  const bytes = new Uint8Array(octets);
  if (field.kind !== 'number') return bytes.fill(0xff);
  writeBits(bytes, 0, field.bits, rawOf(field, value));
  return bytes;
}

/** The raw number of a value, or the code for one that there is not. */
export function rawOf(field: NumberField, value: FieldValue | undefined): number | bigint {
  if (typeof value !== 'number' || Number.isNaN(value)) return notAvailable(field);
  const raw = toRaw(value - field.offset, field.scale);
  const { least, most } = rawRange(field);
  const fits = raw >= least && raw <= most && (field.limit === undefined || Math.abs(value) <= field.limit);
  return fits ? raw : outOfRange(field);
}
