/**
 * Between the value of an item and its registers, as the clients in the field know it (recorded exchanges). What cannot
 * be shown (no value, a text where a number belongs) reads 0.
 */
import type { Value } from '../row.ts';
import type { ItemType, Register } from './register.ts';

const WORD = 0x1_0000;
const DOUBLE_WORD = 0x1_0000_0000;
/** Each byte of a reserved register. */
const RESERVED = 0xff;
const UNKNOWN_CHARACTER = 0x3f; // ?

/**
 * Puts `count` registers of a value to `out` at `at`, two bytes each.
 * @param offset the first one wanted, counted from the first register of the value
 */
export function putRegisters(
  register: Register,
  value: Value,
  offset: number,
  count: number,
  out: Uint8Array,
  at: number,
): void {
  const { kind, size } = register;
  if (kind === 'reserved') {
    out.fill(RESERVED, at, at + 2 * count);
  } else if (kind === 'string') {
    putString(value, 2 * offset, 2 * count, out, at);
  } else {
    const number = typeof value === 'number' ? registerNumber(register, value) : 0;
    if (size === 1) {
      // Most registers by far. The array takes the lowest eight bits of what it is given.
      out[at] = number >>> 8;
      out[at + 1] = number;
      return;
    }
    // The last register has the lowest word.
    for (let place = size - 1 - offset; place >= size - offset - count; place--) {
      const word = wordOf(number, place);
      out[at++] = word >>> 8;
      out[at++] = word;
    }
  }
}

/**
 * The value in the registers of a whole item: what a client wrote to it, or read from it.
 * @param bytes two a register, as many as the item has
 * @returns null for reserved registers
 */
export function valueOfRegisters(register: Register, bytes: Uint8Array): number | string | null {
  const { kind, scale } = register;
  if (kind === 'reserved') return null;
  if (kind === 'string') return latin1(bytes);
  let number = 0;
  for (let i = 0; i < register.size; i++) number = number * WORD + ((bytes[2 * i] ?? 0) << 8) + (bytes[2 * i + 1] ?? 0);
  if (kind === 'int16' && number >= WORD / 2) number -= WORD;
  if (kind === 'int32' && number >= DOUBLE_WORD / 2) number -= DOUBLE_WORD;
  return number / scale;
}

/** The number or text that goes to the item of a written register; integers are rounded. */
export function valueToWrite(value: number | string | null, item: ItemType): number | string | null {
  return typeof value === 'number' && item !== 'float' ? roundHalfAway(value) : value;
}

/** Away from zero when in the middle, as C rounds: -2.5 is -3. */
function roundHalfAway(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

function registerNumber({ scale, min, max }: Register, value: number): number {
  const number = roundHalfAway(value * scale);
  return number < min ? min : number > max ? max : number;
}

/** Word `place` (0 the lowest) of an integer; negative ones as two's complement. */
function wordOf(value: number, place: number): number {
  // Bit operators take the lowest 32 bits of a number beyond them, which is what is wanted of a whole number.
  return (place === 0 ? value : Math.floor(value / WORD ** place)) & 0xffff;
}

function putString(value: Value, from: number, bytes: number, out: Uint8Array, at: number): void {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  for (let i = 0; i < bytes; i++) {
    const code = from + i < text.length ? text.charCodeAt(from + i) : 0;
    out[at + i] = code > 0xff ? UNKNOWN_CHARACTER : code;
  }
}

/** Text up to the first NUL. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
