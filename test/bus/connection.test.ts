/** What a connection must stand, each against a real daemon, or against one that misbehaves. */
import type { Socket } from 'node:net';
import t, { type Test } from 'tap';
import { BUS_LIMITS } from '../../src/bus/bus.ts';
import { NAME_FLAG, NAME_REPLY } from '../../src/bus/dbus/connection.ts';
import { FLAG, MESSAGE_TYPE } from '../../src/bus/dbus/message.ts';
import { Fault } from '../../src/kernel/fault.ts';
import { dbusSend, openClient, openTestBus, TestTree, until } from '../support/bus-client.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { fakeDaemon, speak } from '../support/fake-daemon.ts';

const BUS_ITEM = 'com.victronenergy.BusItem';
const PEER = 'org.freedesktop.DBus.Peer';
const VOLTAGE = { '/Dc/0/Voltage': [{ type: 'float', unit: 'V', decimals: 2 }, 12.5] } as const;

t.test('the death of the bus is told, and what waits for an answer is rejected', async t => {
  const daemon = await TestDaemon.start();
  const client = await openClient(daemon.address);
  // This service never answers.
  const silent = await openClient(daemon.address);
  await silent.connection.requestName('com.example.silent');
  const request = { destination: 'com.example.silent', path: '/', interface: 'a.b', member: 'C' };
  const pending = client.connection.call(request);
  const rejected = t.rejects(pending, { whose: 'bus', message: /lost/ });
  await daemon.kill9();
  t.match(await client.lost, { whose: 'bus' });
  await rejected;
  await t.rejects(
    client.connection.call(request),
    { whose: 'bus', message: /not connected/ },
    'later calls fail at once',
  );
  let taken = 0;
  for (let i = 0; i < 1000; i++) if (client.connection.signal('/', 'a.b', 'C', 's', w => w.string('x'))) taken++;
  t.equal(taken, 0, 'nothing is queued for a bus that is gone');
  t.equal(client.connection.open, false);
  await daemon.stop();
});

t.test('nobody at the address', async t => {
  await t.rejects(openClient('unix:path=/nowhere/at/all'), { whose: 'bus', message: /cannot connect.*ENOENT/ });
  await t.rejects(openClient('tcp:host=127.0.0.1,port=1'), { whose: 'bus', message: /ECONNREFUSED/ });
  await t.rejects(openClient('unix:runtime=yes'), { message: /transport|path=/ });
});

/** A fake daemon that stops with the test. @returns its address */
async function fake(t: Test, serve: (socket: Socket) => void): Promise<string> {
  const daemon = await fakeDaemon(serve);
  t.teardown(() => daemon.stop());
  return daemon.address;
}

t.test('a peer that never answers', async t => {
  const address = await fake(t, () => {});
  const start = performance.now();
  await t.rejects(openClient(address), { whose: 'bus', message: new RegExp(`${BUS_LIMITS.connectMs} ms`) });
  t.ok(performance.now() - start < BUS_LIMITS.connectMs + 1000);
});

t.test('a peer that talks nonsense, refuses, hangs up, or never answers Hello', async t => {
  t.test('nonsense without end', async t => {
    const address = await fake(t, socket => {
      const timer = setInterval(() => socket.write('x'.repeat(1000)), 1);
      socket.on('close', () => clearInterval(timer));
    });
    await t.rejects(openClient(address), { whose: 'bus', message: /does not speak D-Bus/ });
  });
  t.test('refuses', async t => {
    const address = await fake(t, socket => {
      socket.on('data', () => socket.write('REJECTED EXTERNAL\r\n'));
    });
    await t.rejects(openClient(address), { whose: 'bus', message: /refused/ });
  });
  t.test('hangs up', async t => {
    const address = await fake(t, socket => socket.end());
    await t.rejects(openClient(address), { whose: 'bus', message: /closed/ });
  });
  t.test('no Hello', async t => {
    const address = await fake(t, socket => {
      socket.once('data', () => socket.write('OK 00\r\n'));
    });
    await t.rejects(openClient(address), { whose: 'bus', message: /Hello.*no answer/ });
  });
  t.test('a stream that stops making sense', async t => {
    const address = await fake(t, socket =>
      speak(
        socket,
        () => {},
        ({ socket }) => setImmediate(() => socket.write('garbage garbage garbage')),
      ),
    );
    const client = await openClient(address);
    t.match(await client.lost, { whose: 'bus', message: /makes no sense/ });
    t.equal(client.statistics.malformed, 1);
  });
});

t.test('a daemon that does not read: the queue has an end', async t => {
  const address = await fake(t, socket =>
    speak(
      socket,
      () => {},
      ({ socket }) => socket.pause(),
    ),
  );
  const client = await openClient(address);
  const text = 'x'.repeat(100_000);
  let sent = 0;
  while (client.connection.signal('/', 'a.b', 'C', 's', writer => writer.string(text)) && sent < 1000) sent++;
  t.ok(sent >= 40 && sent < 60, `${sent} messages of 100 kB were taken`);
  t.match(await client.lost, { message: /does not take/ });
  t.equal(client.statistics.overflows, 1);
});

t.test('an answer from somebody who was not asked is not taken', async t => {
  const address = await fake(t, socket =>
    speak(socket, (call, speaker) => {
      for (const sender of [':1.66', ':1.5'])
        speaker.send({ type: MESSAGE_TYPE.reply, replySerial: call.serial, signature: 's', sender }, writer =>
          writer.string(sender),
        );
    }),
  );
  const { connection } = await openClient(address);
  const reply = await connection.call({ destination: ':1.5', path: '/', interface: 'a.b', member: 'C' });
  t.same(reply.body?.body('s'), [':1.5']);
  connection.close();
});

t.test('a message that is none, between good ones', async t => {
  const address = await fake(t, socket =>
    speak(socket, (call, speaker) => {
      // A signal without a member, then one whose body is shorter than it says, then the answer.
      speaker.send({ type: MESSAGE_TYPE.signal, path: '/', interface: 'a.b' });
      speaker.send({ type: MESSAGE_TYPE.signal, path: '/', interface: 'a.b', member: 'C', signature: 'sss' });
      speaker.reply(call, 's', writer => writer.string('well'));
    }),
  );
  const { connection, statistics } = await openClient(address);
  t.same(await connection.daemon('GetId', '', []), ['well']);
  t.equal(statistics.malformed, 1);
  connection.close();
});

t.test('a name of ours that is lost is asked for again', async t => {
  const name = 'com.victronenergy.battery.lost';
  let asked = 0;
  const address = await fake(t, socket =>
    speak(socket, (call, speaker) => {
      if (call.member === 'ListNames') speaker.reply(call, 'as', writer => writer.body('as', [[]]));
      else if (call.member !== 'RequestName') speaker.reply(call);
      else {
        // Ours, lost, owned by another, ours again.
        const answer = ++asked === 2 ? NAME_REPLY.exists : NAME_REPLY.primaryOwner;
        speaker.reply(call, 'u', writer => writer.uint32(answer));
        const signal = { type: MESSAGE_TYPE.signal, path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
        const lost = { ...signal, member: 'NameLost', signature: 's' };
        if (asked === 1) setTimeout(() => speaker.send(lost, writer => writer.string(name)), 20);
      }
    }),
  );
  const lines: string[] = [];
  const bus = await openTestBus(address, lines);
  t.teardown(() => bus.close());
  await bus.publish(new TestTree(name, VOLTAGE));
  await until('the name is asked for until it is ours', () => asked === 3);
  await until('it is said so', () => lines.includes(`info service is back on the bus name=${name}`));
  t.ok(lines.includes(`error name lost to another process name=${name}`));
  t.equal(bus.statistics().namesLost, 1);
});

t.test('with a real daemon', async t => {
  const daemon = await TestDaemon.start({ limits: { max_match_rules_per_connection: 5 } });
  t.teardown(() => daemon.stop());

  t.test('a name that was called while it was absent or of another is answered once it is ours', async t => {
    const bus = await openTestBus(daemon.address);
    t.teardown(() => bus.close());
    const first = await openClient(daemon.address);
    await first.connection.requestName('com.victronenergy.battery.x');
    await t.rejects(
      first.connection.call({ destination: 'com.victronenergy.battery.y', path: '/', interface: PEER, member: 'Ping' }),
    );
    const { connection } = first;
    await connection.releaseName('com.victronenergy.battery.x');
    for (const name of ['com.victronenergy.battery.x', 'com.victronenergy.battery.y']) {
      await t.rejects(bus.call(name, '/', PEER, 'Ping', NOTHING), { message: /NameHasNoOwner/ }, 'nobody there yet');
      const registration = await bus.publish(new TestTree(name, VOLTAGE));
      t.match(await dbusSend(daemon.address, name, '/Dc/0/Voltage', `${BUS_ITEM}.GetValue`), /double 12.5/);
      t.same(await bus.call(name, '/', PEER, 'Ping', NOTHING), NOTHING);
      await registration.release();
    }
    connection.close();
  });

  t.test('match rules are counted, and removed', async t => {
    const { connection } = await openClient(daemon.address);
    t.teardown(() => connection.close());
    for (let round = 0; round < 10; round++) {
      const rules = Array.from({ length: 5 }, (_, i) => `type='signal',path='/r${round}/${i}'`);
      for (const rule of rules) for (let i = 0; i < 3; i++) await connection.addMatch(rule);
      await t.rejects(connection.daemon('AddMatch', 's', ["type='signal',path='/one/more'"]), /LimitsExceeded/);
      for (const rule of rules) for (let i = 0; i < 3; i++) await connection.removeMatch(rule);
    }
    await connection.addMatch("type='signal'");
  });

  t.test('a call without an interface', async t => {
    const bus = await openTestBus(daemon.address);
    t.teardown(() => bus.close());
    await bus.publish(new TestTree('com.victronenergy.battery.x', VOLTAGE));
    const { connection } = await openClient(daemon.address);
    t.teardown(() => connection.close());
    const request = {
      destination: 'com.victronenergy.battery.x',
      path: '/Dc/0/Voltage',
      interface: '',
      member: 'GetText',
    };
    const reply = await connection.call(request);
    t.same(reply.body?.body(reply.signature), ['12.50V']);
    t.equal((await connection.call({ ...request, member: 'Ping' })).signature, '');
    t.equal((await connection.call({ ...request, path: '/', member: 'Introspect' })).signature, 's');
  });

  t.test('the loss of a name is told', async t => {
    const name = 'com.example.lost';
    const client = await openClient(daemon.address);
    await client.connection.requestName(name, NAME_FLAG.allowReplacement | NAME_FLAG.doNotQueue);
    const thief = await openClient(daemon.address);
    const flags = NAME_FLAG.replaceExisting | NAME_FLAG.doNotQueue;
    t.equal(await thief.connection.requestName(name, flags), NAME_REPLY.primaryOwner);
    await until('NameLost', () => client.signals.some(signal => signal.member === 'NameLost'));
    for (const one of [client, thief]) one.connection.close();
  });

  t.test('an error is one line, whatever is thrown', async t => {
    const bus = await openTestBus(daemon.address);
    t.teardown(() => bus.close());
    const tree = new TestTree('com.victronenergy.battery.x', VOLTAGE);
    await bus.publish(tree);
    const set = (): Promise<string> =>
      dbusSend(daemon.address, tree.name, '/Dc/0/Voltage', `${BUS_ITEM}.SetValue`, 'variant:double:13');
    tree.onWrite = () => {
      throw new Error('no such luck\n    at stack (trace.js:1)');
    };
    t.equal((await set()).trim(), 'Error org.freedesktop.DBus.Error.Failed: no such luck');
    tree.onWrite = () => Promise.reject(new Fault('device', 'the device is gone'));
    t.equal((await set()).trim(), 'Error org.freedesktop.DBus.Error.Failed: the device is gone (device)');
  });

  t.test('who expects no answer gets none', async t => {
    const bus = await openTestBus(daemon.address);
    t.teardown(() => bus.close());
    const tree = new TestTree('com.victronenergy.battery.x', VOLTAGE);
    await bus.publish(tree);
    const { connection } = await openClient(daemon.address);
    t.teardown(() => connection.close());
    const request = { destination: tree.name, path: '/Dc/0/Voltage', interface: BUS_ITEM, member: 'SetValue' };
    const call = { ...request, signature: 'v', body: [{ signature: 'd', value: 7 }], flags: FLAG.noReplyExpected };
    await t.rejects(connection.call(call, 300), /no answer/);
    t.equal(tree.item('/Dc/0/Voltage')?.value, 7, 'but it was done');
  });
});

t.test('a call that is not answered in time', async t => {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const silent = await openClient(daemon.address);
  await silent.connection.requestName('com.example.silent');
  const { connection, statistics } = await openClient(daemon.address);
  const request = { destination: 'com.example.silent', path: '/', interface: 'a.b', member: 'C' };
  await t.rejects(connection.call(request, 50), { whose: 'bus', message: /no answer within 50 ms/ });
  t.equal(statistics.timeouts, 1);
  for (const bad of [{ destination: 'no name' }, { path: 'no/path' }, { member: '1' }, { interface: 'x' }])
    await t.rejects(connection.call({ ...request, ...bad }), { message: /./ }, JSON.stringify(bad));
  t.ok(connection.open, 'and we are still connected');
  for (const one of [silent.connection, connection]) one.close();
});

t.test('abstract sockets: reached, or it is said why not', async t => {
  const daemon = await TestDaemon.start({ abstract: true });
  t.teardown(() => daemon.stop());
  try {
    const { connection } = await openClient(daemon.address);
    t.match(connection.uniqueName, /^:1\./);
    connection.close();
  } catch (error) {
    t.match(error, { message: /newer Node/ });
  }
});

const NOTHING = { signature: '', body: [] } as const;
