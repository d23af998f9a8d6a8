/** Values of VREG payloads: little endian, one code of each type says "not available" (fact sheet vedirect, 5.1). */

export type NumberType = 'u8' | 's8' | 'u16' | 's16' | 'u24' | 'u32' | 's32';
export type ValueType = NumberType | 'string';

const OCTETS: Readonly<Record<NumberType, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u24: 3, u32: 4, s32: 4 };

/** The longest text a register holds. */
export const TEXT_OCTETS = 64;

export function octetsOf(type: NumberType): number {
  return OCTETS[type];
}

export function isSigned(type: NumberType): boolean {
  return type.startsWith('s');
}

/** The code for "not available": all ones, or the greatest number when signed. */
export function notAvailable(type: NumberType): number {
  return codeOfWidth(OCTETS[type], isSigned(type));
}

/**
 * The number in `bytes`. Its width is that of `bytes`, for some registers differ in width between devices; only the
 * sign is taken from `type`.
 *
 * @returns null when the device says "not available", undefined when `bytes` are not 1 to 4
 */
export function decodeNumber(type: NumberType, bytes: Uint8Array): number | null | undefined {
  const raw = decodeRaw(type, bytes);
  return raw === codeOfWidth(bytes.length, isSigned(type)) ? null : raw;
}

/** As `decodeNumber`, for registers in which every code is a number. */
export function decodeRaw(type: NumberType, bytes: Uint8Array): number | undefined {
  if (bytes.length < 1 || bytes.length > 4) return undefined;
  let raw = 0;
  for (let i = bytes.length - 1; i >= 0; i--) raw = raw * 0x100 + (bytes[i] ?? 0);
  const range = 0x100 ** bytes.length;
  return isSigned(type) && raw >= range / 2 ? raw - range : raw;
}

/**
 * @param value null writes "not available"
 * @returns undefined when `value` is no whole number or does not fit
 */
export function encodeNumber(type: NumberType, value: number | null): Uint8Array | undefined {
  const octets = OCTETS[type];
  const range = 0x100 ** octets;
  const [least, most] = isSigned(type) ? [-range / 2, range / 2 - 1] : [0, range - 1];
  let rest = value ?? notAvailable(type);
  if (!Number.isInteger(rest) || rest < least || rest > most) return undefined;
  if (rest < 0) rest += range;
  const bytes = new Uint8Array(octets);
  for (let i = 0; i < octets; i++) {
    bytes[i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return bytes;
}

/** Text up to the first padding octet (0x00 or 0xFF). Octets that are not UTF-8 become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.findIndex(octet => octet === 0x00 || octet === 0xff);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** @returns UTF-8 ended by a zero; undefined when it is longer than a register holds */
export function encodeText(text: string): Uint8Array | undefined {
  const bytes = new TextEncoder().encode(`${text}\0`);
  return bytes.length > TEXT_OCTETS || text.includes('\0') ? undefined : bytes;
}

function codeOfWidth(octets: number, signed: boolean): number {
  const range = 0x100 ** octets;
  return signed ? range / 2 - 1 : range - 1;
}
