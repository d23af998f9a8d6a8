/** CAN over TCP: the words of socketcand, a bus of our own served to others, and what goes wrong. */
import t from 'tap';
import { AllCan, parseCanSelection } from '../../../src/adapters/all-can.ts';
import { CanBus, serveBus } from '../../../src/adapters/can-bus.ts';
import { NodeNet } from '../../../src/adapters/node-net.ts';
import { SocketCan } from '../../../src/adapters/socketcan.ts';
import { frameText, SocketcandReader, sendText } from '../../../src/adapters/socketcand-text.ts';
import { Fault } from '../../../src/kernel/fault.ts';
import { ALL_EXTENDED, ALL_STANDARD, type CanFrame, type CanSocket } from '../../../src/ports/can.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

t.test('messages, whole and in pieces', async t => {
  const reader = new SocketcandReader();
  t.same(reader.push(bytes('< hi >< ok >')), [{ kind: 'hi' }, { kind: 'ok' }]);
  t.same(reader.push(bytes('< frame 351 1680000064.867877 1402B00')), []);
  const limits = Uint8Array.of(0x14, 0x02, 0xb0, 0x04, 0x40, 0x06, 0xc2, 0x01);
  t.same(reader.push(bytes('44006C201 >')), [{ kind: 'frame', frame: { id: 0x351, extended: false, data: limits } }]);
  // With blanks between the octets, as the description has it; eight digits are 29 bits.
  t.same(reader.push(bytes('< frame 09F80103 23.4 1 2F ff >')), [
    { kind: 'frame', frame: { id: 0x9f80103, extended: true, data: Uint8Array.of(1, 0x2f, 0xff) } },
  ]);
  t.same(reader.push(bytes('< frame 305 23.4 >')), [
    { kind: 'frame', frame: { id: 0x305, extended: false, data: new Uint8Array() } },
  ]);
  t.same(reader.push(bytes('< error 040 23.4 >< error could not open bus >')), [
    { kind: 'error frame', id: 0x40 },
    { kind: 'refused', why: 'could not open bus' },
  ]);
  t.equal(reader.faults, 0);
});

t.test('what is sent comes back as it was', async t => {
  for (const frame of [
    { id: 0x7ff, extended: false, data: Uint8Array.of(0, 1, 0xfe) },
    { id: 0x1fffffff, extended: true, data: new Uint8Array() },
    { id: 0, extended: true, data: new Uint8Array(8) },
  ]) {
    t.same(new SocketcandReader().push(bytes(sendText(frame))), [{ kind: 'send', frame }]);
    t.same(new SocketcandReader().push(bytes(frameText(frame, 1680000064867))), [{ kind: 'frame', frame }]);
  }
});

t.test('bad messages are counted, and harm nobody', async t => {
  const reader = new SocketcandReader();
  const bad = [
    '< frame 1FFF 1.0 00 >',
    '< frame 351 1.0 000102030405060708 >',
    '< frame xyz 1.0 00 >',
    '< frame 3FFFFFFF 1.0 00 >',
    '< send 351 3 00 >',
    `< ${'a'.repeat(300)} >`,
  ];
  t.same(reader.push(bytes(bad.join(''))), []);
  t.equal(reader.faults, bad.length);
  t.same(reader.push(bytes(`< ${'a'.repeat(500)}`)), []);
  t.same(reader.push(bytes('>< ok >')).at(-1), { kind: 'ok' });
  t.same(reader.push(bytes('garbage < statistics 1 2 >')), [{ kind: 'other' }]);
});

t.test('which interfaces there are to be', async t => {
  const { names, remotes } = parseCanSelection('can*,vcan0,bms=tcp://127.0.0.1:29536/can1,can7=tcp://[::1]:1');
  t.ok(names.some(name => name.test('can12')));
  t.notOk(names.some(name => name.test('vcan01')));
  t.same(
    [...remotes],
    [
      ['bms', { host: '127.0.0.1', port: 29536, bus: 'can1' }],
      ['can7', { host: '::1', port: 1, bus: 'can7' }],
    ],
  );
  for (const wrong of ['can0=', 'can0=tcp://host', 'can0=tcp://host:99999', 'can0=udp://a:1', 'a b', '../x'])
    t.throws(() => parseCanSelection(wrong), { message: /is no CAN interface/ }, wrong);
  t.same(parseCanSelection('').names, []);
});

t.test('a bus over TCP: frames in both directions, filters, and its end', async t => {
  const net = new NodeNet();
  const bus = new CanBus('can0');
  const served = await serveBus(net, bus, 0);
  t.teardown(() => served.release());
  const remote = (name: string): AllCan =>
    new AllCan(new SocketCan(), net, parseCanSelection(`${name}=tcp://127.0.0.1:${served.port}/can0`));
  const can = remote('can3');
  t.same(await can.list(), ['can3']);
  t.same(await can.facts('can3'), { remote: true, label: `can0 at 127.0.0.1:${served.port}` });
  const device = bus.join([ALL_STANDARD, ALL_EXTENDED]);
  const socket = await can.open('can3', [ALL_STANDARD]);
  const other = await remote('x').open('x', [ALL_EXTENDED]);

  const heardBy = (one: CanSocket, count: number): Promise<readonly CanFrame[]> =>
    new Promise(resolve => {
      const heard: CanFrame[] = [];
      one.onFrames(frames => {
        heard.push(...frames);
        if (heard.length >= count) resolve(heard);
      });
    });
  const standard = { id: 0x351, extended: false, data: Uint8Array.of(1, 2, 3) };
  const extended = { id: 0x9f80103, extended: true, data: Uint8Array.of(4) };
  const [bySocket, byOther, byDevice] = [heardBy(socket, 1), heardBy(other, 1), heardBy(device, 1)];
  // The server answers before it lets a client hear: both have joined when their own frames have gone round.
  await socket.send({ ...standard, id: 0x305 });
  t.same(await byDevice, [{ ...standard, id: 0x305 }]);
  await device.send(extended);
  await device.send(standard);
  t.same(await bySocket, [standard]);
  t.same(await byOther, [extended]);
  t.match((await can.state('can3'))?.statistics, { received: 2, sent: 1 });
  await t.rejects(remote('can3').open('nowhere', []), { message: /no such CAN interface/ });
  const wrong = new AllCan(new SocketCan(), net, parseCanSelection(`a=tcp://127.0.0.1:${served.port}/can9`));
  await t.rejects(wrong.open('a', []), { whose: 'device', message: /gives no bus can9: could not open bus/ });

  const ended = new Promise<Error>(resolve => socket.onClose(resolve));
  await served.release();
  t.match((await ended).message, /can3: closed by the other side/);
  await t.rejects(socket.send(standard), { message: /closed by the other side/ });
  await t.rejects(can.open('can3', []), { whose: 'device', message: /no connection/ });
  await other.close();
  await device.close();
  await t.rejects(device.send(standard), new Fault('device', 'can0: nobody takes the frames'));
});
