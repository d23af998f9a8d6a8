/** The daemon dies and comes back: everything is as before within five seconds, without a restart of ours. */
import t from 'tap';
import type { Row } from '../../src/schema/row.ts';
import { dbusSend, openClient, openTestBus, Picture, realClock, TestTree, until } from '../support/bus-client.ts';
import { testClock } from '../support/clock.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';

const BUS_ITEM = 'com.victronenergy.BusItem';
const INT: Row = { type: 'int', writable: true };
const WITHIN_MS = 5_000;

t.test('kill -9 and back', async t => {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const lines: string[] = [];
  const bus = await openTestBus(daemon.address, lines);
  const picture = new Picture();
  bus.observe(picture);
  const trees = ['battery.a', 'grid.b', 'tank.c'].map(
    name => new TestTree(`com.victronenergy.${name}`, { '/A': [INT, 1], '/B': [INT, 2] }),
  );
  const registrations = await Promise.all(trees.map(tree => bus.publish(tree)));
  const [tree] = trees;
  const [registration] = registrations;
  if (tree === undefined || registration === undefined) throw new Error('no tree');
  const foreign = await openTestBus(daemon.address);
  const foreignTree = new TestTree('com.victronenergy.pvinverter.f', { '/P': [INT, 10] });
  const foreignRegistration = await foreign.publish(foreignTree);
  await until('the foreign one is there', () => picture.services.size === 1);

  for (let round = 1; round <= 3; round++) {
    await daemon.kill9();
    await until('the loss is seen', () => picture.up === false);
    t.equal(picture.services.size, 0, 'no foreign service is left');
    await t.rejects(bus.setValue('com.victronenergy.pvinverter.f', '/P', { signature: 'i', value: 1 }), {
      message: /not connected/,
    });
    tree.set('/A', 100 + round);
    registration.announce(['/A']);
    await daemon.restart();
    const start = realClock.monotonic();

    await until('the world is full again', () => picture.value('com.victronenergy.pvinverter.f', '/P') !== undefined);
    for (const { name } of trees)
      await until(
        `${name} is back`,
        () => lines.filter(line => line.includes(`back on the bus name=${name}`)).length >= round,
      );
    t.ok(realClock.monotonic() - start < WITHIN_MS, `back after ${Math.round(realClock.monotonic() - start)} ms`);
    t.match(
      await dbusSend(daemon.address, tree.name, '/A', `${BUS_ITEM}.GetValue`),
      new RegExp(`int32 ${100 + round}`),
    );
    foreignTree.set('/P', round);
    foreignRegistration.announce(['/P']);
    await until('signals arrive again', () => picture.value('com.victronenergy.pvinverter.f', '/P') === round);
    t.equal(await bus.setValue('com.victronenergy.pvinverter.f', '/P', { signature: 'i', value: 10 }), 0);
  }
  t.match(bus.statistics(), { losses: 12, connects: 16 });
  await bus.close();
  await foreign.close();
});

t.test('all items are told again', async t => {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const clock = testClock();
  const bus = await openTestBus(daemon.address, [], clock);
  await bus.publish(new TestTree('com.victronenergy.battery.a', { '/A': [INT, 1], '/B': [INT, null] }));
  await daemon.kill9();
  await daemon.restart();
  // Nobody comes back before the clock moves.
  const announced: unknown[] = [];
  const watcher = await openClient(daemon.address, {
    signal: message => {
      if (message.member === 'ItemsChanged') announced.push(message.body?.body(message.signature));
    },
  });
  await watcher.connection.addMatch(`type='signal',interface='${BUS_ITEM}'`);
  for (let i = 0; i < 200 && announced.length === 0; i++) {
    await clock.advance(20);
    await watcher.connection.daemon('GetId', '', []);
  }
  const entry = (value: unknown, text: string): Map<string, unknown> =>
    new Map([
      ['Value', value],
      ['Text', { signature: 's', value: text }],
    ]);
  const items = new Map([
    ['/A', entry({ signature: 'i', value: 1 }, '1')],
    ['/B', entry({ signature: 'ai', value: [] }, '---')],
  ]);
  t.same(announced, [[items]]);
  watcher.connection.close();
  await bus.close();
});

t.test('another takes a name of ours while the bus was away: it is asked for until it is free', async t => {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const lines: string[] = [];
  const clock = testClock();
  const bus = await openTestBus(daemon.address, lines, clock);
  const name = 'com.victronenergy.battery.a';
  await bus.publish(new TestTree(name, { '/A': [INT, 1] }));
  await daemon.kill9();
  await daemon.restart();
  // Quicker than ours: no time passes for us.
  const thief = await openClient(daemon.address);
  t.equal(await thief.connection.requestName(name), 1);
  const said = async (what: string): Promise<void> => {
    for (let i = 0; i < 600 && !lines.some(line => line.includes(what)); i++) {
      await clock.advance(100);
      await witness.connection.daemon('GetId', '', []);
    }
    t.ok(
      lines.some(line => line.includes(what)),
      what,
    );
  };
  const witness = await openClient(daemon.address);
  await said('another process owns our name');
  thief.connection.close();
  await said('back on the bus');
  witness.connection.close();
  await bus.close();
});

t.test('publishing while the bus is away waits for it', async t => {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const bus = await openTestBus(daemon.address);
  await daemon.kill9();
  const publishing = bus.publish(new TestTree('com.victronenergy.battery.a', { '/A': [INT, 1] }));
  await daemon.restart();
  const registration = await publishing;
  t.match(await dbusSend(daemon.address, 'com.victronenergy.battery.a', '/A', `${BUS_ITEM}.GetValue`), /int32 1/);
  await registration.release();
  await bus.close();
});

t.test('closing while the bus is away', async t => {
  const daemon = await TestDaemon.start();
  const bus = await openTestBus(daemon.address);
  await bus.publish(new TestTree('com.victronenergy.battery.a', { '/A': [INT, 1] }));
  await daemon.kill9();
  const waiting = t.rejects(bus.publish(new TestTree('com.victronenergy.battery.b')), { message: /withdrawn/ });
  await bus.close();
  await waiting;
  await daemon.stop();
});
