import t from 'tap';
import { allowedNetworks } from '../../../src/actors/modbus-tcp/allowed-networks.ts';
import { MODBUS_TCP_LIMITS as LIMITS } from '../../../src/actors/modbus-tcp/limits.ts';
import { SimulatedService } from '../../support/memory-bus.ts';
import { type MemoryClient, ModbusSystem } from '../../support/modbus-system.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const SYSTEM = 'com.victronenergy.system';
const READ = '000100000006640303480001';
const ANSWER = '0001000000056403020214';

async function system(): Promise<{ gateway: ModbusSystem; settings: SimulatedSettings }> {
  const gateway = new ModbusSystem();
  const settings = new SimulatedSettings(gateway.bus);
  gateway.bus.add(new SimulatedService(SYSTEM, { '/DeviceInstance': 0, '/Dc/Battery/Voltage': 53.2 }));
  await gateway.up();
  return { gateway, settings };
}

t.test('bytes in any portions', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  let got = '';
  for (let i = 0; i < READ.length; i += 2) got += await client.raw(READ.slice(i, i + 2));
  t.equal(got, ANSWER);
  const many = 3 * LIMITS.requestsPerTurn;
  t.equal(await client.raw(READ.repeat(many)), ANSWER.repeat(many), 'many at once, over several turns');
  await gateway.stop();
});

t.test('a length that lies closes the connection, and only that', async t => {
  const { gateway } = await system();
  const good = gateway.connected('192.0.2.9');
  for (const lie of ['0001000000000303', '000100000001ff', '0001000001020303', '00010000ffff0303']) {
    const client = gateway.connected();
    t.equal(await client.raw(READ + lie), ANSWER, 'what came before is answered');
    t.equal(client.connection.open, false, lie);
  }
  t.equal(await good.raw(READ), ANSWER);
  await gateway.clock.advance(LIMITS.countersMs);
  t.equal(gateway.shown('/Connections/Malformed'), 4);
  t.equal(gateway.shown('/Connections/Count'), 1);
  t.match(gateway.shown('/LastError/Message'), 'a frame claims a length of 65535');
  await gateway.stop();
});

t.test('silence, a frame that never ends, answers that nobody reads', async t => {
  const { gateway } = await system();
  const silent = gateway.connected();
  const slow = gateway.connected();
  const busy = gateway.connected();
  await slow.raw(READ.slice(0, 10));
  await gateway.clock.advance(LIMITS.partialFrameMs - 1000);
  await slow.raw(READ.slice(10, 12));
  await gateway.clock.advance(2 * LIMITS.sweepMs);
  t.equal(slow.connection.open, false, 'a byte now and then does not help');
  const deaf = gateway.connected();
  deaf.connection.pause();
  const requests = Math.ceil((2 * LIMITS.queueBytes) / (ANSWER.length / 2));
  await deaf.raw(READ.repeat(requests));
  t.ok(deaf.connection.unread < LIMITS.queueBytes + 300, 'no more is answered than fits the queue');
  await gateway.clock.advance(LIMITS.unreadMs / 2);
  t.equal(await busy.raw(READ), ANSWER, 'others are served');
  deaf.connection.resume();
  await gateway.clock.settle();
  t.equal(deaf.take(), ANSWER.repeat(requests), 'it reads again: nothing is lost');
  deaf.connection.pause();
  await deaf.raw(READ.repeat(requests));
  await gateway.clock.advance(LIMITS.unreadMs + LIMITS.sweepMs);
  t.equal(deaf.connection.open, false, 'until it is closed');
  await gateway.clock.advance(LIMITS.idleMs - 40_000);
  t.equal(silent.connection.open, false, 'idle');
  t.equal(busy.connection.open, true, 'asked later');
  await gateway.stop();
});

t.test('one client more than there is room for: the one silent for longest leaves', async t => {
  const { gateway } = await system();
  const first = gateway.connected();
  await first.raw(READ);
  const others: MemoryClient[] = [];
  for (let i = 1; i < LIMITS.connections; i++) others.push(gateway.connected());
  const last = gateway.connected();
  t.equal(first.connection.open, true, 'it has asked something');
  t.equal(others.filter(({ connection }) => !connection.open).length, 1);
  t.equal(await last.raw(READ), ANSWER);
  t.equal(await first.raw(READ), ANSWER);
  await gateway.stop();
  t.equal(last.connection.open, false, 'all are closed at the end');
});

t.test('each client has one request served in turn', async t => {
  const { gateway } = await system();
  const greedy = gateway.connected();
  const modest = gateway.connected('192.0.2.9');
  const order: string[] = [];
  greedy.connection.onData(() => order.push('greedy'));
  modest.connection.onData(() => order.push('modest'));
  greedy.connection.write(Buffer.from(READ.repeat(5 * LIMITS.requestsPerTurn), 'hex'));
  modest.connection.write(Buffer.from(READ, 'hex'));
  await gateway.clock.settle();
  t.ok(order.indexOf('modest') <= LIMITS.requestsPerTurn + 1, `served as number ${order.indexOf('modest')}`);
  t.equal(order.length, 5 * LIMITS.requestsPerTurn + 1);
  await gateway.stop();
});

t.test('settings: on, off, port, networks', async t => {
  const own = new ModbusSystem('by settings');
  const settings = new SimulatedSettings(own.bus);
  await own.up();
  t.same(own.net.ports, [], 'off, as it comes');
  t.equal(own.shown('/Listening'), 0);
  settings.set('/Settings/Services/Modbus', 1);
  await own.up();
  t.same(own.net.ports, [502]);
  t.equal(own.shown('/Port'), 502);
  const near = own.connected('192.168.1.5', 502);
  const far = own.connected('203.0.113.1', 502);
  settings.set('/Settings/ModbusServer/AllowedNetworks', '192.168.0.0/16');
  await own.up();
  t.equal(near.connection.open, true);
  t.equal(far.connection.open, false, 'not allowed any more');
  t.equal(own.client('203.0.113.1', 502)?.connection.open, false);
  settings.set('/Settings/ModbusServer/Port', 1503);
  await own.up();
  t.same(own.net.ports, [1503]);
  t.equal(near.connection.open, false);
  settings.set('/Settings/Services/Modbus', 0);
  await own.up();
  t.same(own.net.ports, []);
  t.equal(own.shown('/Port'), null);
  await own.stop();
});

t.test('a port that cannot be had is tried again', async t => {
  const gateway = new ModbusSystem();
  new SimulatedSettings(gateway.bus);
  gateway.net.taken.add(1502);
  await gateway.up();
  await gateway.clock.advance(1000);
  t.equal(gateway.shown('/Listening'), 0);
  t.match(gateway.shown('/LastError/Message'), 'port 1502 is taken');
  gateway.net.taken.clear();
  await gateway.clock.advance(LIMITS.listenAgainMs);
  t.equal(gateway.shown('/Listening'), 1);
  gateway.net.break(1502);
  t.equal(gateway.shown('/Listening'), 0);
  await gateway.clock.advance(LIMITS.listenAgainMs);
  t.equal(gateway.shown('/Listening'), 1);
  t.equal(gateway.failures, 0);
  await gateway.stop();
});

t.test('allowed networks', t => {
  const cases: readonly [string, string, boolean][] = [
    ['', '203.0.113.1', true],
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.6', false],
    ['10.0.0.0/30', '10.0.0.3', true],
    ['10.0.0.0/30', '10.0.0.4', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['192.168.1.0/24, fd00::/8', 'fd12::1', true],
    ['192.168.1.0/24 fd00::/8', 'fe80::1%eth0', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::1', '::1', true],
    ['1:2:3:4:5:6:7:8/127', '1:2:3:4:5:6:7:9', true],
    ['64:ff9b::192.0.2.0/120', '64:ff9b::c000:221', true],
    ['10.0.0.0/8', '::1', false],
    ['rubbish', '10.0.0.1', false],
    ['10.0.0.0/8', 'rubbish', false],
  ];
  for (const [list, address, want] of cases)
    t.equal(allowedNetworks(list).allows(address), want, `${address} in ${list}`);
  const wrong = [
    '10.0.0.0/33',
    '10.0.0',
    '256.0.0.1',
    '1.2.3.4/',
    'a::b::c',
    '1:2:3',
    '1.2.3.4/8/8',
    'g::',
    '1::2:3:4:5:6:7:8',
  ];
  t.same(allowedNetworks(wrong.join(',')).wrong, wrong);
  t.equal(allowedNetworks(Array(100).fill('10.0.0.1').join(' ')).wrong.length, 100 - LIMITS.networks);
  t.end();
});
