/** Frames of CAN-bus batteries. The input is frames of two octets of identifier, one of length, and the data. */
import {
  type AlarmName,
  decodeAlarms,
  decodePylontechAlarms,
  encodeAlarms,
} from '../../src/protocols/can-bms/alarms.ts';
import { decodeRequests, encodeRequests } from '../../src/protocols/can-bms/control.ts';
import { decodeFrame, encodeFrame, FRAMES, frameOf, stateOfCharge } from '../../src/protocols/can-bms/frames.ts';
import { batteryOf } from '../../src/protocols/can-bms/makers.ts';
import { jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

function checkFrame(id: number, data: Uint8Array): void {
  const values = decodeFrame(id, data);
  if (values === undefined) return;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${name} is ${value}`);
    if (typeof value === 'string' && value.length > 8) throw new Error(`${name} is too long`);
  }
  const charge = stateOfCharge(values);
  if (typeof charge === 'number' && !(charge >= 0 && charge <= 100)) throw new Error(`charged to ${charge} %`);
  const frame = frameOf(id);
  if (frame === undefined || Object.values<unknown>(values).includes(null)) return;
  const again = decodeFrame(id, encodeFrame(frame, values)) ?? {};
  for (const [name, value] of Object.entries(values))
    if ((again as Readonly<Record<string, unknown>>)[name] !== value)
      throw new Error(`another ${name} when encoded again`);
}

function checkAlarms(data: Uint8Array): void {
  const alarms = decodeAlarms(data);
  if (alarms !== undefined) {
    const again = decodeAlarms(encodeAlarms(alarms));
    for (const name of Object.keys(alarms) as AlarmName[]) // the keys of the type
      if (again?.[name] !== alarms[name]) throw new Error(`another ${name} when encoded again`);
  }
  decodePylontechAlarms(data);
  const requests = decodeRequests(data);
  if (requests !== undefined) encodeRequests(requests);
}

export const target: FuzzTarget = {
  name: 'can-bms',
  corpus: () =>
    jsonFixture<{ id: string; data: string }[]>('can-bms/vectors.json').map(({ id, data }) => {
      const octets = Buffer.from(data, 'hex');
      return Uint8Array.of(Number(id) & 0xff, Number(id) >> 8, octets.length, ...octets);
    }),
  dictionary: () =>
    Object.values(FRAMES)
      .map(({ id }) => Uint8Array.of(id & 0xff, id >> 8, 8))
      .concat([Buffer.from('PYLON   '), Buffer.from('BYD')]),
  run(bytes) {
    for (let at = 0; at + 3 <= bytes.length; ) {
      const id = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100;
      const length = (bytes[at + 2] ?? 0) % 16;
      const data = bytes.subarray(at + 3, at + 3 + length);
      checkFrame(id, data);
      checkAlarms(data);
      at += 3 + length;
    }
    const text = Buffer.from(bytes).toString('latin1');
    batteryOf({ manufacturer: text.slice(0, 8), name: text.slice(8, 24), family: '', speaksPylontech: false });
  },
};
