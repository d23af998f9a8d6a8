/** D-Bus signatures, taken apart. (D-Bus specification, "Type System" and "Valid Signatures") */

export interface WireType {
  /** `a`, `(`, `{`, `v` or a basic type's letter. */
  readonly code: string;
  /** Bytes that the value is aligned to. */
  readonly alignment: number;
  /** Of an array: its element; of a struct: its fields; of a dictionary entry: key and value. */
  readonly inner: readonly WireType[];
  readonly signature: string;
}

export const WIRE_LIMITS = {
  /** Characters of one signature, by the specification. */
  signatureChars: 255,
  /** Arrays in arrays, and structs in structs, by the specification. */
  typeDepth: 32,
  /** Containers and variants within one another in one value, by the specification. */
  valueDepth: 64,
  /** Bytes of one array, by the specification. */
  arrayBytes: 64 * 1024 * 1024,
  /** Bytes of one message, by the specification; a longer one is no message at all. */
  messageBytes: 128 * 1024 * 1024,
  /** Values taken from one message: more would fill the memory. Bytes of byte arrays are not counted. */
  values: 250_000,
  /** Bytes of one byte array taken. */
  byteArrayBytes: 1024 * 1024,
  /** Characters of one string that we send. */
  sentChars: 4 * 1024 * 1024,
  /** Bytes of one message that we send. */
  sentBytes: 32 * 1024 * 1024,
  /** Characters of a bus, interface, member or error name, by the specification. */
  nameChars: 255,
  /** Characters of an object path that we send or take. */
  pathChars: 1024,
} as const;

const ALIGNMENT: Readonly<Record<string, number>> = {
  y: 1,
  b: 4,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  x: 8,
  t: 8,
  d: 8,
  s: 4,
  o: 4,
  g: 1,
  h: 4,
  v: 1,
  a: 4,
  '(': 8,
  '{': 8,
};

const BASIC = 'ybnqiuxtdsogh';

/** Signatures taken apart already. Strangers send signatures too, so it is emptied when it is full. */
const known = new Map<string, readonly WireType[] | undefined>();
const KNOWN_LIMIT = 500;

/** @returns the complete types of a signature; undefined when it is not valid */
export function parseSignature(signature: string): readonly WireType[] | undefined {
  if (known.has(signature)) return known.get(signature);
  const types = parse(signature);
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(signature, types);
  return types;
}

/** @returns the type when the signature is exactly one complete type */
export function parseSingle(signature: string): WireType | undefined {
  const types = parseSignature(signature);
  return types?.length === 1 ? types[0] : undefined;
}

function parse(signature: string): readonly WireType[] | undefined {
  if (signature.length > WIRE_LIMITS.signatureChars) return undefined;
  const types: WireType[] = [];
  for (let at = 0; at < signature.length; ) {
    const type = parseOne(signature, at, 0, 0);
    if (type === undefined) return undefined;
    types.push(type);
    at += type.signature.length;
  }
  return types;
}

function parseOne(text: string, at: number, arrays: number, structs: number): WireType | undefined {
  const code = text[at];
  if (code === undefined) return undefined;
  if (code === 'v' || BASIC.includes(code)) return wireType(code, [], code);
  if (code === 'a') {
    if (arrays >= WIRE_LIMITS.typeDepth) return undefined;
    const entry = text[at + 1] === '{';
    const element = entry ? parseEntry(text, at + 1, arrays + 1, structs) : parseOne(text, at + 1, arrays + 1, structs);
    return element && wireType('a', [element], `a${element.signature}`);
  }
  if (code !== '(' || structs >= WIRE_LIMITS.typeDepth) return undefined;
  const fields: WireType[] = [];
  let next = at + 1;
  while (text[next] !== ')') {
    const field = parseOne(text, next, arrays, structs + 1);
    if (field === undefined) return undefined;
    fields.push(field);
    next += field.signature.length;
  }
  return fields.length === 0 ? undefined : wireType('(', fields, text.slice(at, next + 1));
}

function parseEntry(text: string, at: number, arrays: number, structs: number): WireType | undefined {
  const key = text[at + 1];
  if (key === undefined || !BASIC.includes(key) || structs >= WIRE_LIMITS.typeDepth) return undefined;
  const value = parseOne(text, at + 2, arrays, structs + 1);
  if (value === undefined || text[at + 2 + value.signature.length] !== '}') return undefined;
  return wireType('{', [wireType(key, [], key), value], `{${key}${value.signature}}`);
}

function wireType(code: string, inner: readonly WireType[], signature: string): WireType {
  return { code, inner, signature, alignment: ALIGNMENT[code] ?? 1 };
}

const PATH = /^\/(?:[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)*)?$/;
const INTERFACE = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+$/;
const MEMBER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BUS_NAME = /^(?::[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+)$/;

export function isObjectPath(text: string): boolean {
  return text.length <= WIRE_LIMITS.pathChars && PATH.test(text);
}

/** Error names follow the same rule. */
export function isInterfaceName(text: string): boolean {
  return text.length <= WIRE_LIMITS.nameChars && INTERFACE.test(text);
}

export function isMemberName(text: string): boolean {
  return text.length <= WIRE_LIMITS.nameChars && MEMBER.test(text);
}

export function isBusName(text: string): boolean {
  return text.length <= WIRE_LIMITS.nameChars && BUS_NAME.test(text);
}
