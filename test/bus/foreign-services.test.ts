/** Following the services of others: those that behave, and those that do not. */
import t from 'tap';
import { BUS_LIMITS, type TypedData } from '../../src/bus/bus.ts';
import type { DbusConnection } from '../../src/bus/dbus/connection.ts';
import { FOREIGN_LIMITS } from '../../src/bus/dbus/foreign-services.ts';
import type { Message } from '../../src/bus/dbus/message.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Row, Value } from '../../src/schema/row.ts';
import { openClient, openTestBus, Picture, TestTree, until } from '../support/bus-client.ts';
import { testClock } from '../support/clock.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';

const BUS_ITEM = 'com.victronenergy.BusItem';
const NAME = 'com.victronenergy.battery.foreign';
const INT: Row = { type: 'int' };

const daemon = await TestDaemon.start();
t.teardown(() => daemon.stop());

function item(value: TypedData): TypedData {
  return new Map([
    ['Value', value],
    ['Text', { signature: 's', value: 'x' }],
  ]);
}

const int = (value: number): TypedData => ({ signature: 'i', value });

/** A service of its own making: `answer` does what it likes with each call. */
async function service(
  name: string,
  answer: (call: Message, connection: DbusConnection) => void,
): Promise<DbusConnection> {
  const { connection } = await openClient(daemon.address, { call: answer });
  await connection.requestName(name);
  return connection;
}

/** Answers GetItems with these items. */
function answering(items: Readonly<Record<string, TypedData>>) {
  return (call: Message, connection: DbusConnection): void => {
    if (call.member === 'GetItems')
      connection.reply(call, 'a{sa{sv}}', writer => writer.body('a{sa{sv}}', [itemsOf(items)]));
    else connection.replyError(call, { error: 'org.freedesktop.DBus.Error.UnknownMethod', message: call.member });
  };
}

function itemsOf(items: Readonly<Record<string, TypedData>>): TypedData {
  return new Map(Object.entries(items).map(([path, value]) => [path, item(value)]));
}

function itemsChanged(connection: DbusConnection, items: Readonly<Record<string, TypedData>>): void {
  connection.signal('/', BUS_ITEM, 'ItemsChanged', 'a{sa{sv}}', writer => writer.body('a{sa{sv}}', [itemsOf(items)]));
}

function propertiesChanged(connection: DbusConnection, path: string, value: TypedData): void {
  connection.signal(path, BUS_ITEM, 'PropertiesChanged', 'a{sv}', writer => writer.body('a{sv}', [item(value)]));
}

async function watching(clock?: Clock) {
  const lines: string[] = [];
  const bus = await openTestBus(daemon.address, lines, clock);
  const picture = new Picture();
  bus.observe(picture);
  return { bus, picture, lines };
}

t.test('present, changed both ways, gone, back, with another owner', async t => {
  const first = await service(NAME, answering({ '/A': int(1), '/B': { signature: 'ai', value: [] } }));
  const { bus, picture } = await watching();
  await until('it is there', () => picture.services.has(NAME));
  t.same(
    [...(picture.services.get(NAME) ?? [])],
    [
      ['/A', 1],
      ['/B', null],
    ],
  );
  itemsChanged(first, { '/A': int(2), '/C': int(3) });
  propertiesChanged(first, '/B', int(4));
  await until('the last change', () => picture.value(NAME, '/B') === 4);
  t.equal(picture.value(NAME, '/A'), 2);
  t.equal(picture.value(NAME, '/C'), 3);
  const late = new Picture();
  bus.observe(late);
  t.same(late.events, ['up', `added ${NAME}`], 'a later observer hears of it at once');
  t.equal(late.value(NAME, '/C'), 3);
  first.close();
  await until('it is gone', () => !picture.services.has(NAME));
  const second = await service(NAME, answering({ '/A': int(9) }));
  await until('it is back', () => picture.value(NAME, '/A') === 9);
  t.equal(picture.value(NAME, '/C'), undefined, 'nothing is left of the other');
  second.close();
  await until('it is gone', () => !picture.services.has(NAME));
  await bus.close();
});

t.test('an owner that is replaced', async t => {
  const { bus, picture } = await watching();
  const { connection: first } = await openClient(daemon.address, { call: answering({ '/A': int(1) }) });
  await first.requestName(NAME, 1);
  await until('the first', () => picture.value(NAME, '/A') === 1);
  const { connection: second } = await openClient(daemon.address, { call: answering({ '/A': int(2) }) });
  await second.requestName(NAME, 2);
  await until('the second', () => picture.value(NAME, '/A') === 2);
  t.same(picture.events.slice(-3), [`added ${NAME}`, `removed ${NAME}`, `added ${NAME}`]);
  itemsChanged(first, { '/A': int(77) });
  itemsChanged(second, { '/A': int(3) });
  await until('the change of the owner', () => picture.value(NAME, '/A') === 3);
  for (const one of [first, second]) one.close();
  await bus.close();
});

t.test('every D-Bus type', async t => {
  const values: readonly (readonly [TypedData, Value])[] = [
    [{ signature: 'y', value: 255 }, 255],
    [{ signature: 'b', value: true }, 1],
    [{ signature: 'n', value: -3 }, -3],
    [{ signature: 'q', value: 65535 }, 65535],
    [{ signature: 'i', value: -4 }, -4],
    [{ signature: 'u', value: 4294967295 }, 4294967295],
    [{ signature: 'x', value: -(2n ** 63n) }, -(2 ** 63)],
    [{ signature: 't', value: 2n ** 64n - 1n }, 2 ** 64],
    [{ signature: 'd', value: 1.5 }, 1.5],
    [{ signature: 'd', value: Number.NaN }, null],
    [{ signature: 'd', value: Number.POSITIVE_INFINITY }, null],
    [{ signature: 's', value: 'text' }, 'text'],
    [{ signature: 'o', value: '/path' }, '/path'],
    [{ signature: 'au', value: [] }, null],
    [{ signature: 'ay', value: [1, 2] }, [1, 2]],
    [{ signature: 'as', value: ['a', 'b'] }, ['a', 'b']],
    [{ signature: 'v', value: { signature: 'v', value: { signature: 'i', value: 5 } } }, 5],
    [{ signature: 'a{sv}', value: new Map([['__proto__', { signature: 'i', value: 1 }]]) }, null],
    [{ signature: '(is)', value: [1, 'x'] }, [1, 'x']],
  ];
  const items = Object.fromEntries(values.map(([typed], i) => [`/${i}`, typed]));
  const connection = await service(NAME, answering(items));
  const { bus, picture } = await watching();
  await until('it is there', () => picture.services.has(NAME));
  values.forEach(([typed, value], i) => {
    if (JSON.stringify(typed, (_, one) => (typeof one === 'bigint' ? `${one}` : one)).includes('a{sv}'))
      t.same(Object.keys(picture.value(NAME, `/${i}`) as object), ['__proto__']);
    else t.same(picture.value(NAME, `/${i}`), value, `item ${i}`);
  });
  connection.close();
  await bus.close();
});

t.test('an old service that only knows GetValue, and one that knows nothing', async t => {
  const old = await service(NAME, (call, connection) => {
    const tree = { signature: 'a{sv}', value: new Map([['Dc/0/Voltage', { signature: 'd', value: 12.5 }]]) };
    if (call.member === 'GetValue' && call.path === '/') connection.reply(call, 'v', writer => writer.variant(tree));
    else connection.replyError(call, { error: 'org.freedesktop.DBus.Error.UnknownMethod', message: call.member });
  });
  const mute = await service('com.victronenergy.odd', (call, connection) =>
    connection.replyError(call, { error: 'org.freedesktop.DBus.Error.UnknownObject', message: 'no' }),
  );
  const { bus, picture } = await watching();
  await until('both are there', () => picture.services.size === 2);
  t.equal(picture.value(NAME, '/Dc/0/Voltage'), 12.5);
  propertiesChanged(mute, '/Late', int(1));
  await until('its first value', () => picture.value('com.victronenergy.odd', '/Late') === 1);
  for (const one of [old, mute]) one.close();
  await bus.close();
});

t.test('changes before the answer are neither lost nor stale', async t => {
  let asked = 0;
  // Answers with what was true when it was asked, after it has signalled something newer; then tells the truth.
  const connection = await service(NAME, (call, from) => {
    if (call.member !== 'GetItems') return;
    asked++;
    const answer = asked === 1 ? { '/A': int(1), '/B': int(1) } : { '/A': int(2), '/B': int(1), '/C': int(5) };
    if (asked === 1) itemsChanged(from, { '/A': int(2), '/C': int(5) });
    from.reply(call, 'a{sa{sv}}', writer => writer.body('a{sa{sv}}', [itemsOf(answer)]));
  });
  const { bus, picture } = await watching();
  await until('it is there', () => picture.services.has(NAME));
  t.same(Object.fromEntries(picture.services.get(NAME) ?? []), { '/A': 2, '/B': 1, '/C': 5 });
  t.equal(asked, 2, 'it was asked again, as the two differed');
  connection.close();
  await until('it is gone', () => !picture.services.has(NAME));

  // The signal is the older one here: the answer, asked for again, wins.
  const other = await service(NAME, (call, from) => {
    if (call.member !== 'GetItems') return;
    asked++;
    if (asked === 3) itemsChanged(from, { '/A': int(1) });
    from.reply(call, 'a{sa{sv}}', writer => writer.body('a{sa{sv}}', [itemsOf({ '/A': int(2) })]));
  });
  await until('it is there', () => picture.services.has(NAME));
  t.equal(picture.value(NAME, '/A'), 2);
  other.close();

  // One that never stops contradicting itself is taken all the same.
  await until('it is gone', () => !picture.services.has(NAME));
  let n = 100;
  const restless = await service(NAME, (call, from) => {
    if (call.member !== 'GetItems') return;
    itemsChanged(from, { '/A': int(n++) });
    from.reply(call, 'a{sa{sv}}', writer => writer.body('a{sa{sv}}', [itemsOf({ '/A': int(1) })]));
  });
  await until('it is there', () => picture.services.has(NAME));
  t.equal(picture.value(NAME, '/A'), 100 + FOREIGN_LIMITS.rereads, 'the last signal counts');
  restless.close();
  await bus.close();
});

t.test('our own services are not foreign', async t => {
  const { bus, picture } = await watching();
  const other = await openTestBus(daemon.address);
  await bus.publish(new TestTree('com.victronenergy.grid.own', { '/A': [INT, 1] }));
  await other.publish(new TestTree('com.victronenergy.grid.other', { '/A': [INT, 1] }));
  await until('the other one', () => picture.services.has('com.victronenergy.grid.other'));
  t.notOk(picture.services.has('com.victronenergy.grid.own'));
  await other.close();
  await bus.close();
});

t.test('a service that lies', async t => {
  const victim = await service('com.victronenergy.grid.victim', answering({ '/A': int(1) }));
  const liar = await service(NAME, answering({ '/A': int(1) }));
  const { bus, picture } = await watching();
  await until('both', () => picture.services.size === 2);
  // Signals of wrong types.
  liar.signal('/', BUS_ITEM, 'ItemsChanged', 's', writer => writer.string('hello'));
  liar.signal('/', BUS_ITEM, 'ItemsChanged', 'a{sv}', writer => writer.body('a{sv}', [new Map([['/A', int(5)]])]));
  liar.signal('/A', BUS_ITEM, 'ItemsChanged', 'a{sa{sv}}', writer =>
    writer.body('a{sa{sv}}', [itemsOf({ '/A': int(6) })]),
  );
  liar.signal('/A', BUS_ITEM, 'PropertiesChanged', 'a{sa{sv}}', writer =>
    writer.body('a{sa{sv}}', [itemsOf({ '/A': int(6) })]),
  );
  liar.signal('/A', BUS_ITEM, 'PropertiesChanged', '', () => {});
  // Paths that are none.
  itemsChanged(liar, { 'no path': int(1), '': int(1), [`/${'x'.repeat(2000)}`]: int(1) });
  // Claims that the daemon alone may make.
  liar.signal('/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameOwnerChanged', 'sss', writer =>
    writer.body('sss', ['com.victronenergy.grid.victim', victim.uniqueName, '']),
  );
  itemsChanged(liar, { '/Done': int(1) });
  await until('it was all heard', () => picture.value(NAME, '/Done') === 1);
  t.same(Object.fromEntries(picture.services.get(NAME) ?? []), { '/A': 1, '/Done': 1 });
  t.equal(picture.value('com.victronenergy.grid.victim', '/A'), 1, 'others are not touched');
  t.match(bus.statistics(), { badSignals: 5, ignoredItems: 3 });
  for (const one of [victim, liar]) one.close();
  await bus.close();
});

t.test('a service with too many items', async t => {
  const many = Object.fromEntries(Array.from({ length: BUS_LIMITS.foreignItems + 50 }, (_, i) => [`/I${i}`, int(i)]));
  const connection = await service(NAME, answering(many));
  const { bus, picture } = await watching();
  await until('it is there', () => picture.services.has(NAME));
  t.equal(picture.services.get(NAME)?.size, BUS_LIMITS.foreignItems);
  itemsChanged(connection, { '/More': int(1), '/I0': int(7) });
  await until('a change of an item that is taken', () => picture.value(NAME, '/I0') === 7);
  t.equal(bus.statistics().ignoredItems, 51);
  connection.close();
  await bus.close();
});

t.test('a service that floods is left alone for a while, then read again', async t => {
  const clock = testClock();
  let value = 0;
  const connection = await service(NAME, (call, from) => answering({ '/A': int(value) })(call, from));
  const { bus, picture, lines } = await watching(clock);
  await until('it is there', () => picture.services.has(NAME));
  for (; value < FOREIGN_LIMITS.signalsPerSecond + 500; value++) propertiesChanged(connection, '/A', int(value));
  // How many of the others are still heard depends on when the daemon hears that they are not wanted.
  await until('it is found out', () => bus.statistics().floods === 1);
  await connection.daemon('GetId', '', []);
  await bus.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.Peer', 'Ping', { signature: '', body: [] });
  t.equal(picture.value(NAME, '/A'), FOREIGN_LIMITS.signalsPerSecond - 1);
  t.ok(lines.some(line => line.includes('sends too much')));
  await clock.advance(FOREIGN_LIMITS.muteMs);
  await until('it is read again', () => picture.value(NAME, '/A') === value);
  propertiesChanged(connection, '/A', int(-1));
  await until('and followed again', () => picture.value(NAME, '/A') === -1);
  t.equal(bus.statistics().floods, 1);
  connection.close();
  await bus.close();
});

t.test('a service that never answers holds nobody up', async t => {
  const silent = await service(NAME, () => {});
  // No time passes: whoever waited for the silent one would wait for ever.
  const { bus, picture } = await watching(testClock());
  const quick = await service('com.victronenergy.grid.quick', answering({ '/A': int(1) }));
  await until('the other one', () => picture.services.has('com.victronenergy.grid.quick'));
  t.notOk(picture.services.has(NAME));
  for (const one of [silent, quick]) one.close();
  await bus.close();
});

t.test('a service that never answers is asked a few times, then again when it gives a sign of life', async t => {
  const clock = testClock();
  let asked = 0;
  const silent = await service(NAME, () => void asked++);
  const { bus } = await watching(clock);
  /** A second passes, and what was sent in it arrives. */
  const second = async (): Promise<void> => {
    await clock.advance(1_000);
    await bus.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.Peer', 'Ping', { signature: '', body: [] });
    await silent.daemon('GetId', '', []);
  };
  for (let i = 0; i < 600 && asked < FOREIGN_LIMITS.readAttempts; i++) await second();
  t.ok(clock.monotonic() > 60_000, 'with growing pauses');
  for (let i = 0; i < 120; i++) await second();
  t.equal(asked, FOREIGN_LIMITS.readAttempts);
  t.match(bus.statistics(), { unread: 1, timeouts: FOREIGN_LIMITS.readAttempts });
  propertiesChanged(silent, '/A', int(1));
  await until('it is asked again', () => asked > FOREIGN_LIMITS.readAttempts);
  silent.close();
  await bus.close();
});

t.test('match rules: one for the names, one per service', async t => {
  const names = Array.from({ length: 10 }, (_, i) => `com.victronenergy.grid.n${i}`);
  const connections = await Promise.all(names.map(name => service(name, answering({ '/A': int(1), '/B': int(2) }))));
  const { bus, picture } = await watching();
  await until('all are there', () => picture.services.size === names.length);
  const { connection } = await openClient(daemon.address);
  const rules = async (): Promise<string> =>
    JSON.stringify(await statsOf(connection), (_, one) => (one instanceof Map ? [...one] : one));
  const text = await rules();
  const ours = [...text.matchAll(/type='signal'[^"]*/g)].map(([rule]) => rule);
  if (ours.length > 0) {
    t.equal(ours.filter(rule => rule.includes('arg0namespace')).length, 1);
    t.equal(ours.filter(rule => rule.includes("sender='com.victronenergy.")).length, names.length);
    t.equal(ours.filter(rule => rule.includes('path')).length, 0);
  }
  for (const one of connections) one.close();
  await until('all are gone', () => picture.services.size === 0);
  connection.close();
  await bus.close();
});

/** All match rules that the daemon has; empty when it was built without statistics. */
async function statsOf(connection: DbusConnection): Promise<readonly TypedData[]> {
  try {
    const request = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus.Debug.Stats',
      member: 'GetAllMatchRules',
    };
    const reply = await connection.call(request);
    return reply.body?.body(reply.signature) ?? [];
  } catch {
    // Not every daemon has this interface.
    return [];
  }
}
