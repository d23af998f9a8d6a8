/** Modbus on a serial line: a unit, a PDU, a CRC, and silence around it (Modbus over serial line V1.02). */

/** Bytes of a frame: unit, PDU, CRC. */
export const RTU_BYTES = 256;
const CRC_BYTES = 2;
const POLYNOMIAL = 0xa001;

/** CRC-16/Modbus. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  }
  return crc;
}

/** A frame as it goes on the wire: the CRC with its low byte first. */
export function encodeRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + pdu.length + CRC_BYTES);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16(frame.subarray(0, -CRC_BYTES));
  frame.set([crc & 0xff, crc >>> 8], frame.length - CRC_BYTES);
  return frame;
}

export interface RtuFrame {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** @returns the frame that `bytes` are, or undefined when they are cut, too many, or damaged */
export function decodeRtu(bytes: Uint8Array): RtuFrame | undefined {
  if (bytes.length < 2 + CRC_BYTES || bytes.length > RTU_BYTES) return undefined;
  const crc = (bytes.at(-2) ?? 0) | ((bytes.at(-1) ?? 0) << 8);
  if (crc16(bytes.subarray(0, -CRC_BYTES)) !== crc) return undefined;
  return { unit: bytes[0] ?? 0, pdu: bytes.subarray(1, -CRC_BYTES) };
}
