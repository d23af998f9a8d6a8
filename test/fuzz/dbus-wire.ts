/** D-Bus messages from strangers: whatever the bytes, reading them ends, in values or in a fault. */

import type { TypedData } from '../../src/bus/bus.ts';
import { readItems, readProperties, readTree } from '../../src/bus/dbus/foreign-service.ts';
import { Frames } from '../../src/bus/dbus/frames.ts';
import { encodeMessage, MESSAGE_TYPE, parseMessage } from '../../src/bus/dbus/message.ts';
import type { FuzzTarget } from './fuzz.ts';

/** More messages than this in one input is an endless loop. */
const MESSAGES = 100_000;

function corpus(): Uint8Array[] {
  const item = (value: TypedData): TypedData =>
    new Map([
      ['Value', value],
      ['Text', { signature: 's', value: 'x' }],
    ]);
  const bodies: readonly (readonly [signature: string, ...values: TypedData[]])[] = [
    ['a{sa{sv}}', new Map([['/Dc/0/Voltage', item({ signature: 'd', value: 12.5 })]])],
    ['a{sv}', item({ signature: 'ai', value: [] })],
    ['v', { signature: 'a{sv}', value: new Map([['Dc/0/Power', { signature: 'x', value: 2n ** 60n }]]) }],
    ['sss', 'com.victronenergy.battery.x', ':1.1', ''],
    ['a(yv)', [[1, { signature: 'av', value: [{ signature: 'g', value: 'a{sv}' }] }]]],
    ['aybnqiutd', [1, 2], true, -1, 1, -1, 1, 1n, 1.5],
  ];
  return bodies.map(([signature, ...values]) => {
    const header = {
      type: MESSAGE_TYPE.signal,
      path: '/',
      interface: 'com.victronenergy.BusItem',
      member: 'ItemsChanged',
      signature,
    };
    const bytes = encodeMessage(header, 7, writer => writer.body(signature, values));
    if ('fault' in bytes) throw new Error(bytes.fault);
    return bytes;
  });
}

function run(bytes: Uint8Array): void {
  const frames = new Frames();
  frames.push(Buffer.from(bytes));
  for (let count = 0; count < MESSAGES; count++) {
    const message = frames.next();
    if (message === undefined || 'fault' in message) return;
    for (const read of [readItems, readProperties, readTree]) {
      const parsed = parseMessage(message);
      if (!('fault' in parsed)) read(parsed);
    }
    const parsed = parseMessage(message);
    if (!('fault' in parsed)) parsed.body?.body(parsed.signature);
  }
  throw new Error('endless messages');
}

export const target: FuzzTarget = { name: 'dbus-wire', corpus, run };
