/**
 * Values to bytes, little-endian. Whatever stands in them, what comes out is well-formed or `fault` says why not: a
 * daemon drops a connection for one bad message. Strings lose NULs, which D-Bus cannot carry.
 */
import type { Typed, TypedData } from '../bus.ts';
import { isTyped } from '../value.ts';
import { isObjectPath, parseSignature, parseSingle, WIRE_LIMITS, type WireType } from './wire-types.ts';

const FIRST_BYTES = 4096;
/** A buffer that grew beyond this for one message is not kept. */
const KEPT_BYTES = 1024 * 1024;

export class WireWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Bytes written. */
  at = 0;
  fault: string | undefined;

  /** Starts anew. */
  reset(): void {
    this.at = 0;
    this.fault = undefined;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** A copy of what was written. */
  taken(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.at));
  }

  fail(what: string): void {
    this.fault ??= what;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.at++] = value;
  }

  uint32(value: number): void {
    this.align(4);
    this.#room(4);
    this.#put32(this.at, value);
    this.at += 4;
  }

  double(value: number): void {
    this.align(8);
    this.#room(8);
    this.#bytes.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  /** A string or an object path. */
  string(value: string): void {
    if (value.length > WIRE_LIMITS.sentChars) {
      this.fail('string too long');
      return;
    }
    this.align(4);
    // A UTF-16 unit takes three bytes at most.
    this.#room(5 + 3 * value.length);
    const start = this.at + 4;
    let end = start;
    const bytes = this.#bytes;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit === 0 || unit > 0x7f) {
        const clean = value.includes('\0') ? value.replaceAll('\0', '') : value;
        end = start + bytes.write(clean, start, 'utf8');
        break;
      }
      bytes[end++] = unit;
    }
    this.#put32(start - 4, end - start);
    bytes[end] = 0;
    this.at = end + 1;
  }

  signature(value: string): void {
    if (value.length > WIRE_LIMITS.signatureChars) {
      this.fail('signature too long');
      return;
    }
    this.#room(2 + value.length);
    this.#bytes[this.at++] = value.length;
    for (let i = 0; i < value.length; i++) this.#bytes[this.at++] = value.charCodeAt(i);
    this.#bytes[this.at++] = 0;
  }

  /** Starts an array. @returns where it stands, for `endArray` */
  beginArray(alignment: number): number {
    this.uint32(0);
    const mark = this.at;
    this.align(alignment);
    return mark;
  }

  endArray(mark: number, alignment: number): void {
    const length = this.at - ((mark + alignment - 1) & -alignment);
    if (length > WIRE_LIMITS.arrayBytes) this.fail('array too long');
    this.#put32(mark - 4, length);
  }

  align(alignment: number): void {
    const to = (this.at + alignment - 1) & -alignment;
    this.#room(to - this.at);
    while (this.at < to) this.#bytes[this.at++] = 0;
  }

  /** Writes a uint32 over what stands at `at`. */
  patch32(at: number, value: number): void {
    this.#put32(at, value);
  }

  /** The values of a body. */
  body(signature: string, values: readonly TypedData[]): void {
    const types = parseSignature(signature);
    if (types === undefined || types.length !== values.length) {
      this.fail(`values do not match signature "${signature}"`);
      return;
    }
    types.forEach((type, i) => {
      this.value(type, values[i] ?? NOTHING, 0);
    });
  }

  variant(typed: Typed, depth = 0): void {
    const { signature, value } = typed;
    // What most items are, without a look at the signature's parts.
    if (signature === 'd' && typeof value === 'number') {
      this.signature('d');
      this.double(value);
    } else if (signature === 's' && typeof value === 'string') {
      this.signature('s');
      this.string(value);
    } else {
      const type = parseSingle(signature);
      if (type === undefined) {
        this.fail(`"${signature}" is not one type`);
        return;
      }
      this.signature(signature);
      this.value(type, value, depth + 1);
    }
  }

  value(type: WireType, data: TypedData, depth: number): void {
    if (this.fault !== undefined) return;
    if (depth > WIRE_LIMITS.valueDepth) this.fail('values nested too deep');
    else if (!this.#fits(type, data, depth)) this.fail(`value does not fit type ${type.signature}`);
  }

  /** Writes a value. @returns false when it is not of the type */
  #fits(type: WireType, data: TypedData, depth: number): boolean {
    switch (type.code) {
      case 'y':
        if (!isInteger(data, 0, 0xff)) return false;
        this.byte(Number(data));
        return true;
      case 'b':
        if (!isInteger(data, 0, 1)) return false;
        this.uint32(Number(data));
        return true;
      case 'n':
        if (!isInteger(data, -0x8000, 0x7fff)) return false;
        this.#int16(Number(data));
        return true;
      case 'q':
        if (!isInteger(data, 0, 0xffff)) return false;
        this.#int16(Number(data));
        return true;
      case 'i':
        if (!isInteger(data, -0x80000000, 0x7fffffff)) return false;
        this.uint32(Number(data));
        return true;
      case 'u':
        if (!isInteger(data, 0, 0xffffffff)) return false;
        this.uint32(Number(data));
        return true;
      case 'x':
        return this.#int64(data, -(2n ** 63n), 2n ** 63n - 1n);
      case 't':
        return this.#int64(data, 0n, 2n ** 64n - 1n);
      case 'd':
        if (typeof data !== 'number') return false;
        this.double(data);
        return true;
      case 's':
        if (typeof data !== 'string') return false;
        this.string(data);
        return true;
      case 'o':
        if (typeof data !== 'string' || !isObjectPath(data)) return false;
        this.string(data);
        return true;
      case 'g':
        if (typeof data !== 'string' || parseSignature(data) === undefined) return false;
        this.signature(data);
        return true;
      case 'v':
        if (!isTyped(data)) return false;
        this.variant(data, depth);
        return true;
      case 'a':
        return this.#array(type, data, depth);
      case '(':
        return this.#struct(type, data, depth);
      default:
        // `h`: file descriptors are not sent.
        return false;
    }
  }

  #array(type: WireType, data: TypedData, depth: number): boolean {
    const element = type.inner[0];
    if (element === undefined) return false;
    const mark = this.beginArray(element.alignment);
    if (data instanceof Map) {
      if (element.code !== '{') return false;
      this.#entries(element, data, depth + 1);
    } else if (Array.isArray(data)) {
      // An empty dictionary may come as an empty list.
      if (element.code === '{' && data.length > 0) return false;
      for (const one of data as readonly TypedData[]) this.value(element, one, depth + 1);
    } else return false;
    this.endArray(mark, element.alignment);
    return true;
  }

  #entries(entry: WireType, data: ReadonlyMap<string, TypedData>, depth: number): void {
    const [keyType, valueType] = entry.inner;
    if (keyType === undefined || valueType === undefined) return;
    for (const [key, value] of data) {
      this.align(8);
      this.value(keyType, keyData(keyType.code, key), depth);
      this.value(valueType, value, depth + 1);
    }
  }

  #struct(type: WireType, data: TypedData, depth: number): boolean {
    if (!Array.isArray(data) || data.length !== type.inner.length) return false;
    this.align(8);
    const values: readonly TypedData[] = data;
    type.inner.forEach((field, i) => {
      this.value(field, values[i] ?? NOTHING, depth + 1);
    });
    return true;
  }

  #int16(value: number): void {
    this.align(2);
    this.byte(value & 0xff);
    this.byte((value >> 8) & 0xff);
  }

  #int64(data: TypedData, min: bigint, max: bigint): boolean {
    const value = typeof data === 'number' && Number.isInteger(data) ? BigInt(data) : data;
    if (typeof value !== 'bigint' || value < min || value > max) return false;
    this.align(8);
    this.#room(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.at);
    this.at += 8;
    return true;
  }

  #put32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
  }

  #room(size: number): void {
    const needed = this.at + size;
    if (needed <= this.#bytes.length) return;
    if (needed > WIRE_LIMITS.sentBytes) {
      // Nobody will see the bytes: the rest is written over the beginning.
      this.fail('message too long');
      this.at = 0;
      return;
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(grown, 0, 0, this.at);
    this.#bytes = grown;
  }
}

/** For the compiler: lengths have been compared, so no value is missing. */
const NOTHING: TypedData = '';

/** Booleans are 0 and 1. */
function isInteger(data: TypedData, min: number, max: number): boolean {
  if (typeof data === 'object' || typeof data === 'string') return false;
  const value = Number(data);
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Keys of dictionaries are strings here, whatever they are on the wire. */
function keyData(code: string, key: string): TypedData {
  if (code === 's' || code === 'o' || code === 'g') return key;
  if (code === 'b') return key === 'true' || key === '1';
  if (/^-?\d{1,20}$/.test(key)) return code === 'x' || code === 't' ? BigInt(key) : Number(key);
  return code === 'd' ? Number(key) : key;
}
