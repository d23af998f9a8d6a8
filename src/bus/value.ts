/** Between what the program holds (Value) and what stands on the wire (Typed). Neither direction ever throws. */
import type { Row, Value } from '../schema/row.ts';
import type { Typed, TypedData } from './bus.ts';

/** "Invalid" on the wire: an empty array of int32. */
export const INVALID: Typed = { signature: 'ai', value: [] };

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;
const NESTING_LIMIT = 16;

/** Wire form of a value by the type of its row. What does not fit the type (NaN, a fraction in an int) is invalid. */
export function typedByRow(value: Value, row: Row): Typed {
  if (value === null) return INVALID;
  switch (row.type) {
    case 'int':
      return typeof value === 'number' ? typedInteger(value) : INVALID;
    case 'uint':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= UINT32_MAX
        ? { signature: 'u', value }
        : INVALID;
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? { signature: 'd', value } : INVALID;
    case 'string':
      return typeof value === 'string' ? typedString(value) : INVALID;
    case 'list':
      return Array.isArray(value) ? typedGuess(value) : INVALID;
    case 'dict':
      return typeof value === 'object' ? typedGuess(value) : INVALID;
    case 'mixed':
      return typeof value === 'object' ? INVALID : typedGuess(value);
    case 'bytes':
      return Array.isArray(value) && value.every(isByte) ? { signature: 'ay', value } : INVALID;
  }
}

/** Wire form of a value of which only the value is known: integers int32 (int64), other numbers double. */
export function typedGuess(value: Value, depth = 0): Typed {
  if (value === null || depth > NESTING_LIMIT) return INVALID;
  if (typeof value === 'string') return typedString(value);
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return typedInteger(value);
    return Number.isFinite(value) ? { signature: 'd', value } : INVALID;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return { signature: 'au', value: [] };
    return { signature: 'av', value: value.map(one => typedGuess(one, depth + 1)) };
  }
  const map = new Map<string, TypedData>();
  for (const [key, one] of Object.entries(value)) map.set(key.replaceAll('\0', ''), typedGuess(one, depth + 1));
  return { signature: 'a{sv}', value: map };
}

function typedInteger(value: number): Typed {
  if (!Number.isSafeInteger(value)) return INVALID;
  return { signature: value >= INT32_MIN && value <= INT32_MAX ? 'i' : 'x', value };
}

/** D-Bus strings end at a NUL, so one inside cannot be sent: it is left out. */
function typedString(value: string): Typed {
  return { signature: 's', value: value.includes('\0') ? value.replaceAll('\0', '') : value };
}

function isByte(value: Value): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

/**
 * What the program sees of a wire value: variants are opened, any empty array is invalid (as for the clients in the
 * field), booleans are 0 and 1. NaN and infinities are invalid. Integers beyond 2^53 become the nearest number.
 */
export function plain(typed: Typed): Value {
  return plainData(typed.value, 0);
}

function plainData(data: TypedData, depth: number): Value {
  if (depth > NESTING_LIMIT) return null;
  switch (typeof data) {
    case 'number':
      return Number.isFinite(data) ? data : null;
    case 'string':
      return data;
    case 'boolean':
      return data ? 1 : 0;
    case 'bigint':
      return Number(data);
  }
  if (isTyped(data)) return plainData(data.value, depth + 1);
  if (data instanceof Map) {
    const dict: Record<string, Value> = {};
    for (const [key, one] of data) {
      // A key like __proto__ would not become an entry of its own.
      Object.defineProperty(dict, key, { value: plainData(one, depth + 1), enumerable: true, configurable: true });
    }
    return dict;
  }
  const list = data as readonly TypedData[];
  return list.length === 0 ? null : list.map(one => plainData(one, depth + 1));
}

/** Whether this is a variant (a value with its type) rather than bare data. */
export function isTyped(data: TypedData): data is Typed {
  return typeof data === 'object' && 'signature' in data;
}

/** Whether two values are the same to a reader. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, i) => sameValue(one, b[i] ?? null));
  if (Array.isArray(b)) return false;
  const left = a as { readonly [key: string]: Value };
  const right = b as { readonly [key: string]: Value };
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(key => key in right && sameValue(left[key] ?? null, right[key] ?? null))
  );
}
