/** What a VREG register is, and its values in its unit. */
import {
  decodeNumber,
  decodeRaw,
  decodeText,
  encodeNumber,
  encodeText,
  octetsOf,
  type ValueType,
} from './hex-values.ts';
import { fromRaw, toRaw } from './scale.ts';

export interface Register {
  readonly id: number;
  readonly type: ValueType;
  /** Unit × scale is what one step stands for. */
  readonly scale?: number;
  readonly unit?: string;
  /** Read only when absent; `w` is a command: written without a value, or never read. */
  readonly access?: 'rw' | 'w';
  /**
   * Where a written value is kept. `flash` wears out: never write it in a control loop. `ram` is forgotten by the
   * device after `LINK_TIMEOUT_MS`: repeat it. Absent where it is not known: as for flash, write changes only.
   */
  readonly storage?: 'flash' | 'ram';
  /** The type's "not available" code is an ordinary value here. */
  readonly always?: true;
  /** Where the number stands in a record of octets. */
  readonly at?: number;
  /** Identifier in front of the value, skipped: an octet of registers 0x0100 and 0x0102. */
  readonly skip?: 1;
}

/** A link register that is not written again within this time no longer counts. */
export const LINK_TIMEOUT_MS = 60_000;

/**
 * @param payload the value's octets of an answer
 * @returns in the register's unit; null when the device says "not available", undefined when the length is impossible
 */
export function decodeRegister(register: Register, payload: Uint8Array): number | string | null | undefined {
  if (register.type === 'string') return decodeText(payload);
  if (register.at !== undefined) return decodeAt(register, register.at, payload);
  // Some devices leave the identifier out.
  const value = payload.length > octetsOf(register.type) ? payload.subarray(register.skip ?? 0) : payload;
  // Behind a skipped octet others may follow the number.
  const octets = register.skip === undefined ? value : value.subarray(0, register.type === 'u24' ? 3 : 2);
  const raw = register.always === true ? decodeRaw(register.type, octets) : decodeNumber(register.type, octets);
  return typeof raw === 'number' ? fromRaw(raw, register.scale ?? 1) : raw;
}

function decodeAt({ type, scale = 1 }: Register, at: number, record: Uint8Array): number | null | undefined {
  const end = at + (type === 'string' ? 0 : octetsOf(type));
  if (type === 'string' || record.length < end) return undefined;
  const raw = decodeNumber(type, record.subarray(at, end));
  return typeof raw === 'number' ? fromRaw(raw, scale) : raw;
}

/**
 * @param value in the register's unit; null writes "not available"
 * @returns the octets to set, or undefined when the value is not of the register's type or does not fit
 */
export function encodeRegister(register: Register, value: number | string | null): Uint8Array | undefined {
  if (register.type === 'string') return typeof value === 'string' ? encodeText(value) : undefined;
  if (typeof value === 'string') return undefined;
  if (value === null) return register.always === true ? undefined : encodeNumber(register.type, null);
  return encodeNumber(register.type, toRaw(value, register.scale ?? 1));
}

/** The serial number of a device: battery monitors tell that of their board too, in front of their own. */
export function serialOf(text: string): string {
  return text.slice(text.lastIndexOf(',') + 1).trim();
}
