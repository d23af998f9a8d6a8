/** Little-endian numbers in octets. What lies beyond the end reads as 0: callers check lengths first. */

export function u16(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8);
}

export function s16(data: Uint8Array, at: number): number {
  return toSigned(u16(data, at));
}

export function u24(data: Uint8Array, at: number): number {
  return u16(data, at) | ((data[at + 2] ?? 0) << 16);
}

export function u32(data: Uint8Array, at: number): number {
  return u16(data, at) + u16(data, at + 2) * 0x1_0000;
}

/** 16 bits as a number from −32768. */
export function toSigned(word: number): number {
  return (word << 16) >> 16;
}

/** The two octets of the lower 16 bits. */
export function word(value: number): [low: number, high: number] {
  return [value & 0xff, (value >> 8) & 0xff];
}

export function word24(value: number): [number, number, number] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff];
}

export function word32(value: number): [number, number, number, number] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}
