/** Numbers at any bit of a message, least significant bit first. */

/** Up to so many bits a number is exact. */
const EXACT_BITS = 48;

/** @returns undefined when `bytes` end before the number does; of more than 53 bits, the double nearest to it */
export function readBits(bytes: Uint8Array, at: number, bits: number, signed: boolean): number | undefined {
  if (at + bits > bytes.length * 8) return undefined;
  const raw = bits + 7 <= EXACT_BITS ? readExact(bytes, at, bits) : readLong(bytes, at, bits);
  if (!signed) return Number(raw);
  const half = 2 ** (bits - 1);
  return typeof raw === 'bigint' ? Number(BigInt.asIntN(bits, raw)) : raw >= half ? raw - 2 * half : raw;
}

/** Writes the low `bits` of a whole number. The place must be within `bytes`. */
export function writeBits(bytes: Uint8Array, at: number, bits: number, value: number | bigint): void {
  let rest = BigInt.asUintN(bits, BigInt(value));
  for (let done = 0; done < bits; ) {
    const octet = (at + done) >> 3;
    const shift = (at + done) & 7;
    const take = Math.min(8 - shift, bits - done);
    const mask = ((1 << take) - 1) << shift;
    const part = (Number(rest & 0xffn) << shift) & mask;
    bytes[octet] = ((bytes[octet] ?? 0) & ~mask) | part;
    rest >>= BigInt(take);
    done += take;
  }
}

function readExact(bytes: Uint8Array, at: number, bits: number): number {
  const first = at >> 3;
  const end = (at + bits + 7) >> 3;
  let raw = 0;
  for (let i = end - 1; i >= first; i--) raw = raw * 0x100 + (bytes[i] ?? 0);
  return Math.floor(raw / 2 ** (at & 7)) % 2 ** bits;
}

function readLong(bytes: Uint8Array, at: number, bits: number): bigint {
  let raw = 0n;
  for (let i = ((at + bits + 7) >> 3) - 1; i >= at >> 3; i--) raw = (raw << 8n) | BigInt(bytes[i] ?? 0);
  return BigInt.asUintN(bits, raw >> BigInt(at & 7));
}
