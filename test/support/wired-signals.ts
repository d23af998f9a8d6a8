/** Changes of simulated services as they come over a real bus: written as a signal of theirs, and read as the program reads it. */
import { BUS_ITEM } from '../../src/bus/bus-item.ts';
import { type Changes, readChanges } from '../../src/bus/dbus/foreign-service.ts';
import { encodeMessage, FLAG, MESSAGE_TYPE, parseMessage } from '../../src/bus/dbus/message.ts';
import { typedGuess } from '../../src/bus/value.ts';
import type { Value } from '../../src/schema/row.ts';

/** ItemsChanged on the root, or PropertiesChanged on the path. */
export type SignalForm = 'items' | 'props';

/** @returns what the program reads from the signal */
export function overTheWire(form: SignalForm, path: string, value: Value): Changes {
  const properties = new Map([
    ['Value', typedGuess(value)],
    ['Text', { signature: 's', value: String(value) }],
  ]);
  const [signature, body] = form === 'props' ? ['a{sv}', properties] : ['a{sa{sv}}', new Map([[path, properties]])];
  const header = {
    type: MESSAGE_TYPE.signal,
    flags: FLAG.noReplyExpected,
    path: form === 'props' ? path : '/',
    interface: BUS_ITEM,
    member: form === 'props' ? 'PropertiesChanged' : 'ItemsChanged',
    signature,
    sender: ':1.7',
  };
  const bytes = encodeMessage(header, 1, writer => writer.body(signature, [body]));
  if ('fault' in bytes) throw new Error(`${path}: ${bytes.fault}`);
  const message = parseMessage(bytes);
  const changes = 'fault' in message ? undefined : readChanges(message);
  if (changes === undefined) throw new Error(`${path}: the signal cannot be read`);
  return changes;
}
