/**
 * Bytes to values. What is read is what a stranger sent: a fault is noted in `fault`, reading goes on with zeros and
 * empty strings, and whoever reads looks at `fault` before he believes anything. Nothing throws, and nothing is
 * allocated by a length that the bytes tell: an element must be there to be taken.
 */
import type { Value } from '../../schema/row.ts';
import type { Typed, TypedData } from '../bus.ts';
import { plain } from '../value.ts';
import { parseSignature, parseSingle, WIRE_LIMITS, type WireType } from './wire-types.ts';

export class WireReader {
  readonly bytes: Buffer;
  readonly little: boolean;
  /** Where the next value starts, before alignment. Alignment counts from the start of `bytes`. */
  at: number;
  readonly end: number;
  /** What was wrong first; undefined as long as all is well. */
  fault: string | undefined;
  #values = 0;

  constructor(bytes: Buffer, at: number, end: number, little: boolean) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.little = little;
  }

  /** Notes what is wrong and moves to the end, so that loops stop. */
  fail(what: string): void {
    this.fault ??= what;
    this.at = this.end;
  }

  /** All values of a body; undefined after a fault, also when bytes are left over. */
  body(signature: string): readonly TypedData[] | undefined {
    const types = parseSignature(signature);
    if (types === undefined) {
      this.fail('invalid signature');
      return undefined;
    }
    const values: TypedData[] = [];
    for (const type of types) values.push(this.value(type, 0));
    if (this.at !== this.end) this.fail('bytes behind the last value');
    return this.fault === undefined ? values : undefined;
  }

  byte(): number {
    if (!this.#has(1, 1)) return 0;
    return this.bytes.readUInt8(this.at++);
  }

  uint32(): number {
    if (!this.#has(4, 4)) return 0;
    const value = this.little ? this.bytes.readUInt32LE(this.at) : this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  double(): number {
    if (!this.#has(8, 8)) return 0;
    const value = this.little ? this.bytes.readDoubleLE(this.at) : this.bytes.readDoubleBE(this.at);
    this.at += 8;
    return value;
  }

  /** A string or an object path. */
  string(): string {
    const start = this.#stringStart();
    return start < 0 ? '' : this.bytes.toString('utf8', start, this.at - 1);
  }

  /**
   * As `string`, where only ASCII can stand: names and paths in the header.
   * @param likely what it probably is: making a new string of bytes costs more than to compare them
   */
  ascii(likely: string): string {
    const start = this.#stringStart();
    return start < 0 ? '' : this.#text(start, this.at - 1, likely);
  }

  /** Reads a string and says whether it is `text` (ASCII), without making a string of it. */
  stringIs(text: string): boolean {
    const start = this.#stringStart();
    return start >= 0 && this.#equals(start, this.at - 1, text);
  }

  /** @param likely as with `ascii` */
  signature(likely = ''): string {
    const length = this.byte();
    if (!this.#has(length + 1, 1)) return '';
    const start = this.at;
    this.at += length + 1;
    if (this.bytes[this.at - 1] !== 0) this.fail('signature without its end');
    return this.#text(start, start + length, likely);
  }

  /** Reads the length of an array. @returns where the array ends; the reader stands at its first element */
  arrayEnd(alignment: number): number {
    const length = this.uint32();
    this.align(alignment);
    if (length > WIRE_LIMITS.arrayBytes || this.at + length > this.end) {
      this.fail('array longer than its message');
      return this.end;
    }
    return this.at + length;
  }

  /** Says whether the array that ends at `end` has another element. One that runs over its end is a fault. */
  within(end: number): boolean {
    if (this.at === end || this.fault !== undefined) return false;
    if (this.at > end) this.fail('element runs over the end of its array');
    else if (++this.#values > WIRE_LIMITS.values) this.fail('too many values in one message');
    return this.fault === undefined;
  }

  align(alignment: number): void {
    const at = (this.at + alignment - 1) & -alignment;
    if (at > this.end) this.fail('message ends early');
    else this.at = at;
  }

  variant(depth = 0): Typed {
    const signature = this.signature();
    const type = parseSingle(signature);
    if (type === undefined) {
      this.fail('variant without one valid type');
      return EMPTY;
    }
    return { signature, value: this.value(type, depth + 1) };
  }

  /** A variant as the program sees it: `plain(variant())`, without the way in between for simple values. */
  plainVariant(): Value {
    if (this.at + 2 < this.end && this.bytes[this.at] === 1) {
      const code = this.bytes[this.at + 1];
      this.at += 3;
      if (this.bytes[this.at - 1] !== 0) this.fail('signature without its end');
      switch (code) {
        case 0x64: {
          const value = this.double();
          return Number.isFinite(value) ? value : null;
        }
        case 0x69:
          return this.int32();
        case 0x75:
          return this.uint32();
        case 0x73:
          return this.string();
      }
      this.at -= 3;
    }
    return plain(this.variant());
  }

  /** Steps over a variant: strings without a look, the rest by reading it. */
  skipVariant(): void {
    if (this.bytes[this.at] === 1 && this.bytes[this.at + 1] === 0x73 && this.bytes[this.at + 2] === 0) {
      this.at += 3;
      this.#stringStart();
    } else this.variant();
  }

  value(type: WireType, depth: number): TypedData {
    if (depth > WIRE_LIMITS.valueDepth) this.fail('values nested too deep');
    if (this.fault !== undefined) return 0;
    switch (type.code) {
      case 'y':
        return this.byte();
      case 'b': {
        const value = this.uint32();
        if (value > 1) this.fail('boolean that is neither 0 nor 1');
        return value === 1;
      }
      case 'n':
        return (this.#uint16() << 16) >> 16;
      case 'q':
        return this.#uint16();
      case 'i':
        return this.int32();
      case 'u':
      case 'h':
        return this.uint32();
      case 'x':
        return this.#int64(true);
      case 't':
        return this.#int64(false);
      case 'd':
        return this.double();
      case 's':
      case 'o':
        return this.string();
      case 'g':
        return this.signature();
      case 'v':
        return this.variant(depth);
      case 'a':
        return this.#array(type, depth);
      default:
        return this.#struct(type, depth);
    }
  }

  #array(type: WireType, depth: number): TypedData {
    const element = type.inner[0] ?? NO_TYPE;
    const end = this.arrayEnd(element.alignment);
    if (element.code === 'y') {
      if (end - this.at > WIRE_LIMITS.byteArrayBytes) this.fail('byte array too long');
      const values = [...this.bytes.subarray(this.at, end)];
      this.at = end;
      return values;
    }
    if (element.code === '{') return this.#dictionary(element, end, depth + 1);
    const values: TypedData[] = [];
    while (this.within(end)) values.push(this.value(element, depth + 1));
    return values;
  }

  #dictionary(entry: WireType, end: number, depth: number): ReadonlyMap<string, TypedData> {
    const [keyType = NO_TYPE, valueType = NO_TYPE] = entry.inner;
    const values = new Map<string, TypedData>();
    while (this.within(end)) {
      this.align(8);
      const key = this.value(keyType, depth);
      values.set(typeof key === 'string' ? key : String(key), this.value(valueType, depth + 1));
    }
    return values;
  }

  #struct(type: WireType, depth: number): readonly TypedData[] {
    this.align(8);
    const values: TypedData[] = [];
    for (const field of type.inner) values.push(this.value(field, depth + 1));
    return values;
  }

  #uint16(): number {
    if (!this.#has(2, 2)) return 0;
    const value = this.little ? this.bytes.readUInt16LE(this.at) : this.bytes.readUInt16BE(this.at);
    this.at += 2;
    return value;
  }

  #int64(signed: boolean): number | bigint {
    if (!this.#has(8, 8)) return 0;
    const { bytes, at } = this;
    this.at += 8;
    const unsigned = this.little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    const value = signed ? BigInt.asIntN(64, unsigned) : unsigned;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** Reads the length of a string and steps over it. @returns its first byte; its end is one before `at`. -1: fault */
  #stringStart(): number {
    const length = this.uint32();
    const start = this.at;
    if (start + length + 1 > this.end) {
      this.fail('string longer than its message');
      return -1;
    }
    this.at = start + length + 1;
    if (this.bytes[start + length] === 0) return start;
    this.fail('string without its end');
    return -1;
  }

  #text(start: number, end: number, likely: string): string {
    return this.#equals(start, end, likely) ? likely : this.bytes.toString('latin1', start, end);
  }

  #equals(start: number, end: number, text: string): boolean {
    if (end - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Aligns, and says whether `size` bytes follow. */
  #has(size: number, alignment: number): boolean {
    const at = (this.at + alignment - 1) & -alignment;
    if (at + size <= this.end) {
      this.at = at;
      return true;
    }
    this.fail('message ends early');
    return false;
  }
}

const EMPTY: Typed = { signature: 'ai', value: [] };
/** Never used with a valid signature: types always have what they need inside. */
const NO_TYPE: WireType = { code: 'y', alignment: 1, inner: [], signature: 'y' };
