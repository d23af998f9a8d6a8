/**
 * NMEA 2000: identifiers, fast packets and the transport protocol, every message, commands, registers. The input is
 * frames of 14 octets: identifier, milliseconds since the frame before, how many octets of data, data.
 */
import { decodeId, encodeId } from '../../src/protocols/nmea2000/can-id.ts';
import { FastPacketAssembler, SESSION_LIMIT, splitFastPacket } from '../../src/protocols/nmea2000/fast-packet.ts';
import { decodeGroupFunction, encodeGroupFunction } from '../../src/protocols/nmea2000/group-function.ts';
import { TransportAssembler } from '../../src/protocols/nmea2000/iso-transport.ts';
import { decodeMessage, encodeMessage, MESSAGE_OCTETS, type Message } from '../../src/protocols/nmea2000/message.ts';
import { decodeName, encodeName } from '../../src/protocols/nmea2000/name.ts';
import { GROUP_FUNCTION, isFast, MESSAGES, messageOf, PROPRIETARY_SINGLE } from '../../src/protocols/nmea2000/pgns.ts';
import { decodeVreg, decodeVregValue, encodeVreg } from '../../src/protocols/nmea2000/vreg.ts';
import { BMS_REGISTERS } from '../../src/protocols/nmea2000/vreg-registers.ts';
import { COMMON_REGISTERS, MONITOR_REGISTERS } from '../../src/protocols/vedirect/registers.ts';
import { jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

const REGISTERS = [COMMON_REGISTERS, MONITOR_REGISTERS, BMS_REGISTERS].flatMap(table => Object.values(table));
const FRAME = 14;

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Values within their bounds, and the same when they were sent once. */
function checkMessage(message: Message, bytes: Uint8Array): void {
  const { values, list } = decodeMessage(message, bytes);
  for (const field of message.fields) {
    const value = field.kind === 'number' ? values[field.name] : undefined;
    if (typeof value !== 'number' || field.kind !== 'number') continue;
    if (!Number.isFinite(value)) throw new Error(`${message.pgn} ${field.name} is ${value}`);
    if (field.limit !== undefined && Math.abs(value) > field.limit) throw new Error(`${field.name} beyond its limit`);
  }
  // A text that is no UTF-8, or too long, is cut: from then on it stays the same.
  const once = decodeMessage(message, encodeMessage(message, values, list));
  const twice = decodeMessage(message, encodeMessage(message, once.values, once.list));
  if (!same(once, twice)) throw new Error(`${message.pgn} changes when it is sent on`);
}

function checkWhole(pgn: number, bytes: Uint8Array): void {
  if (bytes.length > MESSAGE_OCTETS) throw new Error(`${bytes.length} octets`);
  const message = messageOf(pgn);
  if (message !== undefined) checkMessage(message, bytes);
  const group = decodeGroupFunction(bytes);
  if (group !== undefined && pgn === GROUP_FUNCTION) encodeGroupFunction(group);
  const vreg = decodeVreg(bytes);
  if (vreg === undefined) return;
  if (encodeVreg(vreg) === undefined) throw new Error('a register that cannot be sent on');
  if (vreg.kind !== 'value') return;
  for (const register of REGISTERS) decodeVregValue(register, vreg.payload);
}

function checkNames(bytes: Uint8Array): void {
  const name = decodeName(bytes);
  if (name !== undefined && !same(decodeName(encodeName(name)), name)) throw new Error('another name');
}

function hear(bytes: Uint8Array): void {
  const fast = new FastPacketAssembler();
  const transport = new TransportAssembler();
  let now = 0;
  for (let at = 0; at + FRAME <= bytes.length; at += FRAME) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME);
    const id = decodeId(view.getUint32(0));
    now += view.getUint8(4);
    const data = bytes.subarray(at + 6, at + 6 + (view.getUint8(5) > 8 ? 8 : view.getUint8(5)));
    if (id === undefined) continue;
    if (!same(decodeId(encodeId(id)), id)) throw new Error('another identifier');
    const whole = isFast(id.pgn) ? fast.push(id.source, id.pgn, data, now) : data;
    if (whole !== undefined) checkWhole(id.pgn, whole);
    const transported = transport.push(id.source, id.pgn, data, now);
    if (transported !== undefined) checkWhole(transported.pgn, transported.bytes);
  }
  if (fast.pending > SESSION_LIMIT) throw new Error(`${fast.pending} messages are held`);
}

export const target: FuzzTarget = {
  name: 'nmea2000',
  corpus: () =>
    jsonFixture<{ vectors: { line: string }[] }>('nmea2000/vectors.json').vectors.map(({ line }) => {
      const [, priority, pgn, source, destination, , ...octets] = line.split(',');
      const id = encodeId({
        priority: Number(priority),
        pgn: Number(pgn),
        source: Number(source),
        destination: Number(destination),
      });
      const message = Uint8Array.from(octets, octet => Number.parseInt(octet, 16));
      const frames = isFast(Number(pgn)) ? splitFastPacket(message, 0) : [message];
      return Uint8Array.from(
        frames.flatMap(frame => [id >>> 24, (id >> 16) & 0xff, (id >> 8) & 0xff, id & 0xff, 1, frame.length, ...frame]),
      );
    }),
  dictionary: () =>
    [PROPRIETARY_SINGLE, ...MESSAGES.map(({ pgn }) => pgn)]
      .map(pgn => {
        const id = encodeId({ priority: 6, pgn, source: 1, destination: 255 });
        return Uint8Array.of(id >>> 24, (id >> 16) & 0xff, (id >> 8) & 0xff, id & 0xff);
      })
      .concat([Uint8Array.of(0x66, 0x99), new Uint8Array(8).fill(0xff)]),
  run(bytes) {
    hear(bytes);
    // Most inputs are no whole message: their octets as one of every kind.
    const whole = bytes.subarray(0, MESSAGE_OCTETS);
    const pick = MESSAGES[(bytes[0] ?? 0) % MESSAGES.length];
    if (pick !== undefined) checkMessage(pick, whole.subarray(1));
    checkWhole(GROUP_FUNCTION, whole);
    checkNames(whole);
    const frames = splitFastPacket(whole, bytes[0] ?? 0);
    const assembler = new FastPacketAssembler();
    const out = frames.map(frame => assembler.push(1, 1, frame, 0)).at(-1);
    if (whole.length > 0 && !(out !== undefined && Buffer.from(out).equals(whole)))
      throw new Error('another message when put together again');
  },
};
