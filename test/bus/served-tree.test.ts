/** What clients see of a service of ours, asked by programs that know nothing of us. */
import t from 'tap';
import type { ItemAttributes } from '../../src/bus/bus.ts';
import type { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import type { Row, Value } from '../../src/schema/row.ts';
import { dbusSend, openClient, openTestBus, run, TestTree, until } from '../support/bus-client.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';

const BUS_ITEM = 'com.victronenergy.BusItem';
const NAME = 'com.victronenergy.battery.test';
const ROWS: Readonly<Record<string, readonly [Row, Value]>> = {
  '/Dc/0/Voltage': [{ type: 'float', unit: 'V', decimals: 2 }, 12.5],
  '/Dc/0/Current': [{ type: 'float', unit: 'A', decimals: 1 }, null],
  '/ProductId': [{ type: 'uint', text: 'hex' }, 0x204],
  '/CustomName': [{ type: 'string', writable: true }, 'Bank <1>'],
  '/Mode': [{ type: 'int', writable: true, label: 'Mode of the charger' }, 4],
};

const daemon = await TestDaemon.start();
t.teardown(() => daemon.stop());

async function served(tree: TestTree): Promise<DbusBus> {
  const bus = await openTestBus(daemon.address);
  await bus.publish(tree);
  return bus;
}

const ask = (path: string, ...call: string[]): Promise<string> => dbusSend(daemon.address, NAME, path, ...call);
/** The answer without white space. */
const compact = async (path: string, ...call: string[]): Promise<string> =>
  (await ask(path, ...call))
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*?reply_serial=\d+ /, '')
    .trim();

t.test('items and groups', async t => {
  const tree = new TestTree(NAME, ROWS);
  const bus = await served(tree);
  t.equal(await compact('/Dc/0/Voltage', `${BUS_ITEM}.GetValue`), 'variant double 12.5');
  t.equal(await compact('/Dc/0/Voltage', `${BUS_ITEM}.GetText`), 'string "12.50V"');
  t.equal(await compact('/Dc/0/Current', `${BUS_ITEM}.GetValue`), 'variant array [ ]');
  t.equal(await compact('/Dc/0/Current', `${BUS_ITEM}.GetText`), 'string ""', 'invalid: no text');
  t.equal(await compact('/ProductId', `${BUS_ITEM}.GetValue`), 'variant uint32 516');
  t.equal(await compact('/ProductId', `${BUS_ITEM}.GetText`), 'string "0x204"');
  t.equal(
    await compact('/Mode', `${BUS_ITEM}.GetDescription`, 'string:en', 'int32:50'),
    'string "Mode of the charger"',
  );
  t.match(
    await compact('/Dc/0', `${BUS_ITEM}.GetValue`),
    /^variant array \[ dict entry\( string "Voltage" variant double 12.5 \)/,
  );
  t.match(
    await compact('/Dc', `${BUS_ITEM}.GetText`),
    /^variant array \[ dict entry\( string "0\/Voltage" string "12.50V" \)/,
  );
  t.match(await compact('/', `${BUS_ITEM}.GetValue`), /string "CustomName" variant string "Bank <1>"/);
  const items = await compact('/', `${BUS_ITEM}.GetItems`);
  t.match(
    items,
    /string "\/Dc\/0\/Current" array \[ dict entry\( string "Value" variant array \[ \] \) dict entry\( string "Text" variant string "---" \) \]/,
  );
  t.match(items, /string "\/Mode" array \[ dict entry\( string "Value" variant int32 4 \)/);
  t.match(
    await compact('/Mode', 'org.freedesktop.DBus.Properties.GetAll', `string:${BUS_ITEM}`),
    /string "Valid" variant boolean true/,
  );
  t.equal(
    await compact('/Mode', 'org.freedesktop.DBus.Properties.Get', `string:${BUS_ITEM}`, 'string:Value'),
    'variant int32 4',
  );
  t.equal(
    await compact('/', 'org.freedesktop.DBus.Peer.Ping'),
    await compact('/Mode', 'org.freedesktop.DBus.Peer.Ping'),
  );
  t.match(await compact('/', 'org.freedesktop.DBus.Peer.GetMachineId'), /string "[0-9a-f]{32}"|Error/);
  await bus.close();
});

t.test('SetValue', async t => {
  const tree = new TestTree(NAME, ROWS);
  const bus = await served(tree);
  const set = (value: string): Promise<string> => compact('/Mode', `${BUS_ITEM}.SetValue`, value);
  t.equal(await set('variant:int32:3'), 'int32 0');
  t.equal(tree.item('/Mode')?.value, 3);
  for (const [sent, taken] of [
    ['byte:5', 5],
    ['uint16:6', 6],
    ['int16:-7', -7],
    ['uint32:4000000000', 4e9],
    ['int64:-5', -5],
    ['uint64:9', 9],
    ['double:1.5', 1.5],
    ['boolean:true', 1],
    ['string:x', 'x'],
  ] as const) {
    t.equal(await set(`variant:${sent}`), 'int32 0');
    t.equal(tree.item('/Mode')?.value, taken, sent);
  }
  tree.onWrite = () => 2;
  t.equal(await set('variant:int32:3'), 'int32 2');
  let settle: (code: number) => void = () => {};
  tree.onWrite = () =>
    new Promise(resolve => {
      settle = resolve;
    });
  const late = set('variant:int32:3');
  t.equal(await compact('/ProductId', `${BUS_ITEM}.GetText`), 'string "0x204"', 'others are answered meanwhile');
  settle(0);
  t.equal(await late, 'int32 0');
  t.match(await compact('/Mode', `${BUS_ITEM}.SetValue`), /InvalidArgs/);
  t.match(await compact('/Mode', `${BUS_ITEM}.SetValue`, 'variant:int32:1', 'string:more'), /InvalidArgs/);
  await bus.close();
});

t.test('what is not there', async t => {
  const bus = await served(new TestTree(NAME, ROWS));
  t.match(await ask('/Nope', `${BUS_ITEM}.GetValue`), /^Error org.freedesktop.DBus.Error.UnknownObject: /);
  t.match(await ask('/Nope', 'org.freedesktop.DBus.Introspectable.Introspect'), /UnknownObject/);
  t.match(await ask('/Mode', `${BUS_ITEM}.Fly`), /UnknownMethod/);
  t.match(await ask('/Mode', 'a.b.GetValue'), /UnknownMethod/);
  t.match(await ask('/Mode', 'org.freedesktop.DBus.Peer.Fly'), /UnknownMethod/);
  t.match(await ask('/Dc', `${BUS_ITEM}.SetValue`, 'variant:int32:1'), /UnknownMethod/);
  t.match(await ask('/Dc', `${BUS_ITEM}.GetItems`), /UnknownMethod/);
  t.match(
    await ask('/Mode', 'org.freedesktop.DBus.Properties.Get', `string:${BUS_ITEM}`, 'string:Nope'),
    /UnknownProperty/,
  );
  await bus.close();
});

t.test('introspection of every node, by gdbus', async t => {
  const tree = new TestTree(NAME, ROWS);
  const bus = await served(tree);
  const seen: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const { code, out } = await run('gdbus', [
      'introspect',
      '--address',
      daemon.address,
      '--dest',
      NAME,
      '--object-path',
      path,
      '--xml',
    ]);
    t.equal(code, 0, out);
    if (out.includes('SetValue')) seen.push(path);
    for (const [, child] of out.matchAll(/<node name="([^"]+)"/g))
      await walk(path === '/' ? `/${child}` : `${path}/${child}`);
  };
  await walk('/');
  t.same(seen.sort(), Object.keys(ROWS).sort());
  await bus.close();
});

t.test('signals: one ItemsChanged for all, or PropertiesChanged for each', async t => {
  const client = await openClient(daemon.address, {
    signal: message => {
      const body = message.body?.body(message.signature);
      if (message.interface === BUS_ITEM) heard.push([message.member, message.path, body]);
    },
  });
  const heard: unknown[] = [];
  await client.connection.addMatch(`type='signal',sender='${NAME}'`);
  for (const signals of ['items', 'properties'] as const) {
    heard.length = 0;
    const tree = new TestTree(NAME, ROWS, signals);
    const limits: ItemAttributes = { min: { signature: 'i', value: 0 }, max: { signature: 'i', value: 9 } };
    const withLimits = Object.assign(tree, { attributes: (path: string) => (path === '/Mode' ? limits : {}) });
    const bus = await openTestBus(daemon.address);
    const registration = await bus.publish(withLimits);
    tree.set('/Mode', 5);
    tree.set('/Dc/0/Voltage', null);
    tree.values.set('/New', { row: { type: 'int' }, value: 1 });
    tree.values.delete('/CustomName');
    registration.announce(['/Mode', '/Dc/0/Voltage', '/New', '/CustomName']);
    const entry = (
      value: unknown,
      text: string,
      more: readonly (readonly [string, unknown])[] = [],
    ): Map<string, unknown> => new Map([['Value', value], ['Text', { signature: 's', value: text }], ...more]);
    const int = (value: number): unknown => ({ signature: 'i', value });
    const invalid = { signature: 'ai', value: [] };
    if (signals === 'items') {
      await until('the signal', () => heard.length > 0);
      const changes = new Map([
        ['/Mode', entry(int(5), '5')],
        ['/Dc/0/Voltage', entry(invalid, '---')],
        ['/New', entry(int(1), '1')],
        ['/CustomName', entry(invalid, '---')],
      ]);
      t.same(heard, [['ItemsChanged', '/', [changes]]]);
    } else {
      await until('the signals', () => heard.length > 3);
      t.same(heard, [
        [
          'PropertiesChanged',
          '/Mode',
          [
            entry(int(5), '5', [
              ['Min', int(0)],
              ['Max', int(9)],
            ]),
          ],
        ],
        ['PropertiesChanged', '/Dc/0/Voltage', [entry(invalid, '---')]],
        ['PropertiesChanged', '/New', [entry(int(1), '1')]],
        ['PropertiesChanged', '/CustomName', [entry(invalid, '')]],
      ]);
    }
    t.match(await ask('/', 'org.freedesktop.DBus.Introspectable.Introspect'), /"New"/, 'a new path is introspected');
    t.notMatch(
      await ask('/', 'org.freedesktop.DBus.Introspectable.Introspect'),
      /"CustomName"/,
      'a removed one is not',
    );
    await bus.close();
  }
  client.connection.close();
});

t.test('one value that cannot be sent does not keep the others from it', async t => {
  const tree = new TestTree(NAME, { ...ROWS, '/Bad': [{ type: 'int' }, 1] });
  tree.typed = (path, item) =>
    path === '/Bad' ? { signature: 'i', value: 1.5 } : { signature: 'd', value: Number(item.value) };
  const bus = await served(tree);
  const items = await compact('/', `${BUS_ITEM}.GetItems`);
  t.match(items, /string "\/Bad" array \[ dict entry\( string "Value" variant array \[ \] \)/);
  t.match(items, /string "\/Mode" array \[ dict entry\( string "Value" variant double 4 \)/);
  t.equal(await compact('/Bad', `${BUS_ITEM}.GetValue`), 'variant array [ ]');
  await bus.close();
});

t.test('names', async t => {
  const bus = await served(new TestTree(NAME, ROWS));
  const other = await openTestBus(daemon.address);
  await t.rejects(other.publish(new TestTree(NAME, ROWS)), { whose: 'bus', message: /owned by another/ });
  await t.rejects(bus.publish(new TestTree(NAME, ROWS)), { message: /owned by another/ }, 'by ourselves too');
  await t.rejects(bus.publish(new TestTree('not a name', ROWS)), { message: /not a name/ });
  const registration = await other.publish(new TestTree('com.victronenergy.grid.test', ROWS));
  await registration.release();
  const again = await bus.publish(new TestTree('com.victronenergy.grid.test', ROWS));
  t.ok(again, 'a released name is free at once');
  t.equal(other.statistics().namesLost, 0, 'giving a name up is not losing it');
  await bus.close();
  const afterwards = await other.publish(new TestTree(NAME, ROWS));
  t.ok(afterwards, 'close releases all names');
  await other.close();
});

t.test('a client that asks without reading the answers does not hurt', async t => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`/Item${i}`, [{ type: 'int' }, i] as const]));
  const bus = await served(new TestTree(NAME, many));
  const client = await openClient(daemon.address);
  const request = { destination: NAME, path: '/', interface: BUS_ITEM, member: 'GetItems' };
  const answers = await Promise.all(Array.from({ length: 60 }, () => client.connection.call(request, 60_000)));
  t.ok(answers.every(answer => answer.signature === 'a{sa{sv}}'));
  t.equal(bus.statistics().overflows, 0);
  client.connection.close();
  await bus.close();
});
