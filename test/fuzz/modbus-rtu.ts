/** Modbus frames on a serial line. The input is what was heard between two silences. */
import { decodeRtu, encodeRtu } from '../../src/protocols/modbus/rtu.ts';
import type { FuzzTarget } from './fuzz.ts';

const SEEDS = [
  '0103000B0001F5C8',
  '0103020047F876',
  '01030206D0BA78',
  '010611030001BD36',
  '01030CCB93FFFFC793FFFF11DD00008C09',
];

export const target: FuzzTarget = {
  name: 'modbus-rtu',
  corpus: () => SEEDS.map(hex => new Uint8Array(Buffer.from(hex, 'hex'))),
  dictionary: () => ['0103', '0183', 'FFFF'].map(hex => Buffer.from(hex, 'hex')),
  run(bytes) {
    const frame = decodeRtu(bytes);
    if (frame === undefined) {
      // With a right checksum the same octets are a frame, unless there are too few or too many.
      const mended = encodeRtu(bytes[0] ?? 0, bytes.subarray(1));
      if (bytes.length >= 2 && mended.length <= 256 && decodeRtu(mended) === undefined)
        throw new Error('no frame in spite of its checksum');
      return;
    }
    if (Buffer.compare(encodeRtu(frame.unit, frame.pdu), bytes) !== 0)
      throw new Error('another frame when encoded again');
  },
};
