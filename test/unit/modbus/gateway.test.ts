import t from 'tap';
import { SimulatedService } from '../../support/memory-bus.ts';
import { ModbusSystem } from '../../support/modbus-system.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const SYSTEM = 'com.victronenergy.system';
const VEBUS = 'com.victronenergy.vebus.ttyO1';
const READ_WRITE = '/Settings/ModbusServer/ReadWrite';

async function system(): Promise<{ gateway: ModbusSystem; settings: SimulatedSettings }> {
  const gateway = new ModbusSystem();
  const settings = new SimulatedSettings(gateway.bus);
  gateway.bus.add(
    new SimulatedService(SYSTEM, { '/DeviceInstance': 0, '/Dc/Battery/Voltage': 53.2, '/Serial': 'c0619ab1' }),
  );
  gateway.bus.add(
    new SimulatedService(VEBUS, {
      '/DeviceInstance': 288,
      '/Mode': 3,
      '/Ac/ActiveIn/CurrentLimit': 16,
      '/Hub4/L1/AcPowerSetpoint': 70_000,
      '/CustomName': 'ab',
      '/Soc': 50,
    }),
  );
  await gateway.up();
  return { gateway, settings };
}

t.test('unit ids: the instance itself, then the one of former days, and 100 for 0', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  t.same(await client.read(0, 840), [532]);
  t.same(await client.read(100, 840), [532]);
  t.same(await client.read(239, 33), [3], '239 stands for instance 288');
  t.same(await client.read(33, 33), [-10], 'no such unit');
  gateway.bus.add(new SimulatedService('com.victronenergy.vebus.ttyUSB7', { '/DeviceInstance': 239, '/Mode': 4 }));
  t.same(await client.read(239, 33), [4], 'instance 239 itself goes before');
  gateway.bus.remove('com.victronenergy.vebus.ttyUSB7');
  t.same(await client.read(239, 33), [3]);
  gateway.bus.set(VEBUS, '/DeviceInstance', 276);
  t.same(await client.read(239, 33), [-10]);
  t.same(await client.read(227, 33), [3], '227 stands for 276');
  await gateway.stop();
});

t.test('of two services with one instance the later one answers', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  for (const [name, soc] of [
    ['b', 20],
    ['a', 30],
  ] as const) {
    gateway.bus.add(new SimulatedService(`com.victronenergy.battery.${name}`, { '/DeviceInstance': 7, '/Soc': soc }));
  }
  t.same(await client.read(7, 266), [300]);
  gateway.bus.remove('com.victronenergy.battery.a');
  t.same(await client.read(7, 266), [200]);
  await gateway.stop();
});

t.test('registers that are calculated', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  const seconds = Math.floor(gateway.clock.wall() / 1000);
  t.same(await client.read(100, 830, 4), [0, 0, seconds >>> 16, seconds & 0xffff], 'date and time');
  gateway.bus.set(SYSTEM, '/FirmwareVersion', 0x0370ff);
  t.same(await client.read(100, 834, 2), [0x0370, 0x00ff]);
  const solar = { '/DeviceInstance': 9, '/Yield/Power': 100, '/Pv/V': 40 };
  gateway.bus.add(new SimulatedService('com.victronenergy.solarcharger.a', solar));
  t.same(await client.read(9, 777), [25], '2.5 A');
  gateway.bus.set('com.victronenergy.solarcharger.a', '/Pv/V', 0);
  t.same(await client.read(9, 777), [0], 'nothing is divided by 0');
  gateway.bus.add(new SimulatedService('com.victronenergy.genset.a', { '/DeviceInstance': 3, '/Error/2/Id': '' }));
  t.same(await client.read(3, 3214), [0]);
  gateway.bus.set('com.victronenergy.genset.a', '/Error/2/Id', '#1057');
  t.same(await client.read(3, 3214), [0xff00]);
  await gateway.stop();
});

t.test('a block over the registers of two types needs both', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  t.same(await client.read(100, 2715, 2), [-2], 'no hub4');
  gateway.bus.add(new SimulatedService('com.victronenergy.hub4', { '/DeviceInstance': 0, '/Overrides/Setpoint': -2 }));
  t.same(await client.read(100, 2715, 3), [0, 0xffff, 0xfffe]);
  await gateway.stop();
});

t.test('a write is answered when its item has answered', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  const service = gateway.bus.simulated(VEBUS);
  t.equal(await client.ask(239, '0600210002'), '0600210002');
  t.same(service?.writes, [{ path: '/Mode', value: 2 }]);
  if (service !== undefined) service.onWrite = () => 2;
  t.equal(await client.ask(239, '0600210001'), '860a', 'the item refuses');
  t.equal(await client.ask(239, '06001d0001'), '8602', 'read only');
  t.equal(await client.ask(239, '060002ffff'), '8602', 'no such register');
  t.equal(await client.ask(7, '0600210001'), '860a', 'no such unit');
  t.equal(await client.ask(239, '0600c90001'), '860a', 'an item that the service does not have');
  t.equal(await client.ask(239, '0600d40001'), '860a', 'a reserved register');
  await gateway.stop();
});

t.test('requests behind a write wait for it, in their order', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  const other = gateway.connected('192.0.2.8');
  let answer: (code: number) => void = () => {};
  gateway.bus.setValue = () => new Promise(resolve => (answer = resolve));
  const read = '000200000006ef0300210001';
  t.equal(await client.raw(`000100000006ef0600210002${read}`), '', 'nothing while the item has not answered');
  t.equal(client.connection.open, true);
  t.same(await other.read(239, 33), [3], 'others are served');
  answer(0);
  await gateway.clock.settle();
  t.equal(client.take(), '000100000006ef0600210002000200000005ef03020003');
  await gateway.stop();
});

t.test('a client that goes during its write is forgotten', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  let answer: (code: number) => void = () => {};
  gateway.bus.setValue = () => new Promise(resolve => (answer = resolve));
  await client.raw('000100000006ef0600210002');
  client.connection.destroy();
  answer(0);
  await gateway.clock.settle();
  t.equal(gateway.failures, 0);
  await gateway.stop();
});

t.test('several items in one write: the first that is refused ends it', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  const service = gateway.bus.simulated(VEBUS);
  gateway.bus.set(VEBUS, '/Hub4/DisableCharge', 0);
  gateway.bus.set(VEBUS, '/Hub4/DisableFeedIn', 0);
  t.equal(await client.ask(239, '10002500020400070001'), '1000250002');
  if (service !== undefined) service.onWrite = path => (path === '/Hub4/DisableCharge' ? 1 : 0);
  gateway.bus.seen.length = 0;
  t.equal(await client.ask(239, '100025000306000700010001'), '900a');
  t.same(
    gateway.bus.seen.map(({ path }) => path),
    ['/Hub4/L1/AcPowerSetpoint', '/Hub4/DisableCharge'],
    'the third was not tried',
  );
  gateway.bus.seen.length = 0;
  t.equal(await client.ask(239, '10001d0002040007000100'), '9002', 'one that is read only: none is written');
  t.same(gateway.bus.seen, []);
  await gateway.stop();
});

t.test('half of a value keeps the other half', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  t.equal(await client.ask(239, '0600610102'), '0600610102');
  t.equal(gateway.bus.get(VEBUS, '/Hub4/L1/AcPowerSetpoint'), 0x1_0102);
  t.equal(await client.ask(239, '06008d6364'), '06008d6364');
  t.equal(gateway.bus.get(VEBUS, '/CustomName'), 'abcd');
  await gateway.stop();
});

t.test('read only by the settings, at once', async t => {
  const { gateway, settings } = await system();
  const client = gateway.connected();
  settings.set(READ_WRITE, 0);
  t.equal(await client.ask(239, '0600210002'), '8602');
  settings.set(READ_WRITE, 1);
  t.equal(await client.ask(239, '0600210002'), '0600210002');
  await gateway.stop();
});

t.test('without a settings service it serves after a while, and takes no writes', async t => {
  const gateway = new ModbusSystem();
  gateway.bus.add(new SimulatedService(VEBUS, { '/DeviceInstance': 288, '/Mode': 3 }));
  await gateway.up();
  t.equal(gateway.client(), undefined, 'it waits for the settings');
  await gateway.clock.advance(2000);
  const client = gateway.connected();
  t.same(await client.read(239, 33), [3]);
  t.equal(await client.ask(239, '0600210002'), '8602');
  new SimulatedSettings(gateway.bus);
  await gateway.up();
  t.equal(await client.ask(239, '0600210002'), '0600210002', 'the settings came');
  await gateway.stop();
});

t.test('errors are shown for people, a second later', async t => {
  const { gateway } = await system();
  const client = gateway.connected();
  await client.read(239, 1);
  t.equal(gateway.shown('/LastError/Message'), null);
  await gateway.clock.advance(1000);
  t.match(
    gateway.shown('/LastError/Message'),
    'Error processing function code 3, unit id 239, start address 1, quantity 1, src 192.0.2.7: register 1 does not exist',
  );
  t.equal(gateway.shown('/LastError/Timestamp'), Math.floor(gateway.clock.wall() / 1000) - 1);
  await gateway.clock.advance(10_000);
  t.equal(gateway.shown('/Requests/Count'), 1);
  t.equal(gateway.shown('/Requests/Exceptions'), 1);
  t.equal(gateway.shown('/Connections/Count'), 1);
  t.equal(gateway.shown('/Clients/0/Address'), '192.0.2.7');
  t.equal(gateway.shown('/Clients/0/Requests'), 1);
  await gateway.stop();
  t.equal(gateway.clock.pending, 0, 'nothing is left behind');
});

t.test('the list of services', async t => {
  const { gateway } = await system();
  const entry = (n: number): unknown[] =>
    ['ServiceName', 'UnitId', 'VrmInstanceId', 'IsActive'].map(path => gateway.shown(`/Services/${n}/${path}`));
  t.equal(gateway.shown('/Services/Count'), 3);
  t.same(entry(0), ['com.victronenergy.settings', 100, 0, 1]);
  t.same(entry(1), [SYSTEM, 100, 0, 1]);
  t.same(entry(2), [VEBUS, 239, 288, 1]);
  gateway.bus.remove(VEBUS);
  t.same(entry(2), [VEBUS, 239, 288, 0], 'it keeps its place');
  gateway.bus.add(new SimulatedService('com.victronenergy.vebus.ttyO5', { '/DeviceInstance': 288 }));
  t.same(entry(2), ['com.victronenergy.vebus.ttyO5', 239, 288, 1], 'the next of this type and instance takes it');
  gateway.bus.set('com.victronenergy.vebus.ttyO5', '/DeviceInstance', 300);
  t.same(entry(2), ['com.victronenergy.vebus.ttyO5', 239, 288, 0]);
  t.same(entry(3), ['com.victronenergy.vebus.ttyO5', null, 300, 1], 'no unit id reaches 300');
  t.equal(gateway.shown('/Services/Count'), 4);
  gateway.bus.add(new SimulatedService('com.victronenergy.vecan.can0', { '/Link/ChargeVoltage': 1 }));
  t.equal(gateway.shown('/Services/Count'), 4, 'no instance, no registers');
  await gateway.stop();
});
