/** HEX frames, and the registers in them. The input is what stands between `:` and LF. */

import { decodeFrame, encodeFrame, parseAnswer, parseRequest } from '../../src/protocols/vedirect/hex-frame.ts';
import { decodeDay, decodeTotals } from '../../src/protocols/vedirect/history-records.ts';
import { decodeRegister, encodeRegister, type Register } from '../../src/protocols/vedirect/register.ts';
import {
  CHARGER_REGISTERS,
  COMMON_REGISTERS,
  INVERTER_REGISTERS,
  LINK_REGISTERS,
  MONITOR_REGISTERS,
} from '../../src/protocols/vedirect/registers.ts';
import { jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

const REGISTERS: readonly Register[] = [
  COMMON_REGISTERS,
  CHARGER_REGISTERS,
  LINK_REGISTERS,
  MONITOR_REGISTERS,
  INVERTER_REGISTERS,
].flatMap(registers => Object.values<Register>(registers));

function checkValue(register: Register, payload: Uint8Array): void {
  const value = decodeRegister(register, payload);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`0x${register.id.toString(16)} is ${value}`);
  if (value !== undefined) encodeRegister(register, value);
}

export const target: FuzzTarget = {
  name: 'vedirect-hex',
  corpus: () =>
    jsonFixture<{ vectors: { req: string; resp: string }[] }>('vedirect/hex-vectors.json').vectors.flatMap(
      ({ req, resp }) => [req, resp].map(line => new Uint8Array(Buffer.from(line.slice(1)))),
    ),
  dictionary: () => ['A5010', '74F10', 'FF', '00', 'FFFFFFFF'].map(text => Buffer.from(text)),
  run(bytes) {
    const frame = decodeFrame(bytes);
    // The payload behind a wrong checksum is tried all the same.
    const payload = typeof frame === 'string' ? bytes.subarray(3) : frame.payload.subarray(3);
    for (const register of REGISTERS) checkValue(register, payload);
    decodeTotals(payload);
    decodeDay(payload);
    if (typeof frame === 'string') return;
    parseAnswer(frame);
    parseRequest(frame);
    const again = decodeFrame(encodeFrame(frame.command, frame.payload).subarray(1, -1));
    if (JSON.stringify(again) !== JSON.stringify(frame)) throw new Error('another frame when encoded again');
  },
};
