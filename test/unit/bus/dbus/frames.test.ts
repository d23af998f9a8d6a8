import t from 'tap';
import { BUS_LIMITS } from '../../../../src/bus/bus.ts';
import { parseAddress, showAddress, systemBusAddress } from '../../../../src/bus/dbus/address.ts';
import { Frames } from '../../../../src/bus/dbus/frames.ts';
import { encodeMessage, MESSAGE_TYPE, parseMessage } from '../../../../src/bus/dbus/message.ts';
import { Fault } from '../../../../src/kernel/fault.ts';

function message(text: string, serial: number): Buffer {
  const header = { type: MESSAGE_TYPE.signal, path: '/', interface: 'a.b', member: 'C', signature: 's' };
  const bytes = encodeMessage(header, serial, writer => writer.string(text));
  if ('fault' in bytes) throw new Error(bytes.fault);
  return bytes;
}

/** The texts of all messages that are there. */
function taken(frames: Frames): string[] {
  const texts: string[] = [];
  for (;;) {
    const bytes = frames.next();
    if (bytes === undefined) return texts;
    if ('fault' in bytes) return [...texts, `fault: ${bytes.fault}`];
    const parsed = parseMessage(bytes);
    texts.push('fault' in parsed ? parsed.fault : (parsed.body?.string() ?? 'no body'));
  }
}

t.test('messages in pieces of every size', async t => {
  const stream = Buffer.concat([message('first', 1), message('x'.repeat(1000), 2), message('last', 3)]);
  for (const size of [1, 2, 3, 7, 15, 16, 17, 64, 500, stream.length]) {
    const frames = new Frames();
    const texts: string[] = [];
    const shared = Buffer.alloc(size);
    for (let at = 0; at < stream.length; at += size) {
      // The same buffer again and again, as the socket does it.
      const length = stream.copy(shared, 0, at, at + size);
      frames.push(shared.subarray(0, length));
      texts.push(...taken(frames));
      frames.keep();
    }
    t.same(texts, ['first', 'x'.repeat(1000), 'last'], `in pieces of ${size}`);
  }
});

t.test('a message that is too long comes without its body, and the next ones come', async t => {
  const frames = new Frames();
  const long = message('', 1);
  const body = BUS_LIMITS.messageBytes + 100;
  long.writeUInt32LE(5 + body, 4);
  const stream = Buffer.concat([long, Buffer.alloc(body), message('after', 2)]);
  const texts: string[] = [];
  for (let at = 0; at < stream.length; at += 65536) {
    frames.push(stream.subarray(at, at + 65536));
    texts.push(...taken(frames));
    frames.keep();
  }
  t.same(texts, ['no body', 'after']);
  t.equal(frames.oversized, 1);
});

t.test('a stream that is none', async t => {
  const frames = new Frames();
  frames.push(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
  t.same(taken(frames), ['fault: unknown byte order']);
  const huge = message('x', 1);
  huge.writeUInt32LE(0xffffffff, 4);
  const other = new Frames();
  other.push(huge);
  t.same(taken(other), ['fault: impossible length']);
});

t.test('addresses', async t => {
  const show = (text: string): string[] => parseAddress(text).map(showAddress);
  t.same(show('unix:path=/run/dbus/system_bus_socket'), ['unix:path=/run/dbus/system_bus_socket']);
  t.same(show('unix:abstract=/tmp/x,guid=00ff'), ['unix:abstract=/tmp/x']);
  t.same(show('tcp:host=127.0.0.1,port=78'), ['tcp:host=127.0.0.1,port=78']);
  t.same(show('tcp:port=78'), ['tcp:host=localhost,port=78']);
  t.same(parseAddress('unix:path=/a%3ab%2cc'), [{ transport: 'unix', path: '/a:b,c' }]);
  t.same(show('unixexec:path=x;unix:path=/b;unix:path=/c'), ['unix:path=/b', 'unix:path=/c']);
  for (const bad of [
    '',
    'nonsense',
    'unix:',
    'unix:path',
    'unix:path=%zz',
    'unix:path=a%00b',
    'tcp:host=x',
    'tcp:host=x,port=0',
    'unix:runtime=yes',
    'x'.repeat(2000),
  ])
    t.throws(() => parseAddress(bad), Fault, `"${bad.slice(0, 20)}"`);
  t.equal(systemBusAddress({}), 'unix:path=/var/run/dbus/system_bus_socket');
  t.equal(systemBusAddress({ DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/x' }), 'unix:path=/x');
  t.equal(systemBusAddress({ DBUS_SYSTEM_BUS_ADDRESS: '' }), 'unix:path=/var/run/dbus/system_bus_socket');
});
