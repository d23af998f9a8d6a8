/** Fields of NMEA 2000 messages: the rows that the tables are made of (fact sheet vecan-n2k, section 5). */

/** What the numbers of an enumeration mean. */
export type Meanings = Readonly<Record<number, string>>;

/** A number of 1 to 64 bits, little endian. */
export interface NumberField<Name extends string = string> {
  readonly kind: 'number';
  readonly name: Name;
  readonly bits: number;
  readonly signed: boolean;
  /** Unit × scale is what one step stands for. */
  readonly scale: number;
  /** Added behind the scale. */
  readonly offset: number;
  readonly unit: string | undefined;
  readonly meanings: Meanings | undefined;
  /** Every code is a value: none says "not available". For flags. */
  readonly everyCode: boolean;
  /** No value is beyond this, in the unit and on both sides of 0 when signed: what is, counts as out of range. */
  readonly limit: number | undefined;
}

/** Text: of a fixed number of octets, padded; or preceded by its length. */
export interface TextField<Name extends string = string> {
  readonly kind: 'text' | 'counted-text';
  readonly name: Name;
  /** Of a text preceded by its length: 0. */
  readonly bits: number;
}

/** Bits that say nothing. Sent as ones. */
export interface Gap {
  readonly kind: 'gap';
  readonly name: '';
  readonly bits: number;
}

export type Field = NumberField | TextField | Gap;

/** What differs from a plain number. */
export interface NumberOptions {
  readonly offset?: number;
  readonly everyCode?: true;
  readonly limit?: number;
  readonly meanings?: Meanings;
}

export function unsigned<Name extends string>(
  name: Name,
  bits: number,
  scale = 1,
  unit?: string,
  options: NumberOptions = {},
): NumberField<Name> {
  return { ...numberField(name, bits, scale, unit, options), signed: false };
}

export function signed<Name extends string>(
  name: Name,
  bits: number,
  scale = 1,
  unit?: string,
  options: NumberOptions = {},
): NumberField<Name> {
  return { ...numberField(name, bits, scale, unit, options), signed: true };
}

export function u8<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return unsigned(name, 8, scale, unit);
}

export function u16<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return unsigned(name, 16, scale, unit);
}

export function u32<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return unsigned(name, 32, scale, unit);
}

export function s8<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return signed(name, 8, scale, unit);
}

export function s16<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return signed(name, 16, scale, unit);
}

export function s32<Name extends string>(name: Name, scale = 1, unit?: string): NumberField<Name> {
  return signed(name, 32, scale, unit);
}

/** A number that stands for something. */
export function choice<Name extends string>(name: Name, bits: number, meanings: Meanings): NumberField<Name> {
  return unsigned(name, bits, 1, undefined, { meanings });
}

/** Bits each of which has a meaning of its own, or a number that has no code for "not available". */
export function flags<Name extends string>(name: Name, bits: number): NumberField<Name> {
  return unsigned(name, bits, 1, undefined, { everyCode: true });
}

export function text<Name extends string>(name: Name, octets: number): TextField<Name> {
  return { kind: 'text', name, bits: octets * 8 };
}

export function countedText<Name extends string>(name: Name): TextField<Name> {
  return { kind: 'counted-text', name, bits: 0 };
}

export function gap(bits: number): Gap {
  return { kind: 'gap', name: '', bits };
}

/**
 * The raw numbers a field can tell: above `most` stand the codes that are no values. Of 2 and 3 bits the last one, of
 * 4 to 7 the last two, of more the last three; one bit has no code to spare. Signed fields have them below the sign bit.
 */
export function rawRange(field: NumberField): { readonly least: number; readonly most: number } {
  const codes = 2 ** (field.signed ? field.bits - 1 : field.bits);
  // Beyond 53 bits the last numbers cannot be told from one another.
  const unclear = Math.max(1, codes / 2 ** 53);
  return { least: field.signed ? -codes : 0, most: codes - Math.max(unclear, 1 + sparedCodes(field)) };
}

/** The raw number for "not available": all ones, below the sign bit when signed. */
export function notAvailable(field: NumberField): bigint {
  return (1n << BigInt(field.signed ? field.bits - 1 : field.bits)) - 1n;
}

/** The raw number for "there is a value, but it does not fit"; where there is no code for it that of "not available". */
export function outOfRange(field: NumberField): bigint {
  return notAvailable(field) - (sparedCodes(field) >= 2 ? 1n : 0n);
}

function sparedCodes({ everyCode, bits }: NumberField): number {
  if (everyCode || bits < 2) return 0;
  if (bits < 4) return 1;
  return bits < 8 ? 2 : 3;
}

function numberField<Name extends string>(
  name: Name,
  bits: number,
  scale: number,
  unit: string | undefined,
  { offset = 0, everyCode, limit, meanings }: NumberOptions,
): Omit<NumberField<Name>, 'signed'> {
  return { kind: 'number', name, bits, scale, offset, unit, meanings, everyCode: everyCode === true, limit };
}
