import t from 'tap';
import type { Schema } from '../../../src/schema/row.ts';
import { SimulatedService } from '../../support/memory-bus.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const SCHEMA = {
  '/Dc/0/Voltage': { type: 'float', unit: 'V', decimals: 2, precision: 2 },
  '/Mode': { type: 'int', writable: true, min: 1, max: 4 },
  '/DeviceInstance': { type: 'int' },
  '/CustomName': { type: 'string', writable: true },
} as const satisfies Schema;

const BATTERY = 'com.victronenergy.battery.ttyUSB0';

t.test('a foreign service is in the picture with all its values, and out of it at once', async t => {
  const { bus, world } = memoryGateway();
  const seen: string[] = [];
  world.watchServices({ added: s => seen.push(`+${s.name}`), removed: s => seen.push(`-${s.name}`) });
  bus.add(new SimulatedService(BATTERY, { '/Dc/0/Voltage': 12.5, '/Soc': null }));
  t.equal(world.value(BATTERY, '/Dc/0/Voltage'), 12.5);
  t.equal(world.value(BATTERY, '/Nope'), null);
  t.equal(world.ofType('battery').length, 1);
  bus.remove(BATTERY);
  t.equal(world.value(BATTERY, '/Dc/0/Voltage'), null);
  t.same(seen, [`+${BATTERY}`, `-${BATTERY}`]);
});

t.test('watchers hear what they asked for, and only changes', async t => {
  const { bus, world } = memoryGateway();
  bus.add(new SimulatedService(BATTERY, { '/Dc/0/Voltage': 12.5, '/Soc': 50 }));
  const heard: string[] = [];
  world.watch({ type: 'battery', path: '/Soc' }, c => heard.push(`type ${c.path} ${c.value}`));
  world.watch({ service: BATTERY }, c => heard.push(`service ${c.path} ${c.value}`));
  const all = world.watch({}, c => heard.push(`all ${c.path}`));
  bus.set(BATTERY, '/Soc', 50);
  t.same(heard, []);
  bus.set(BATTERY, '/Soc', 51);
  t.same(heard.splice(0), ['service /Soc 51', 'type /Soc 51', 'all /Soc']);
  all.release();
  bus.set(BATTERY, '/Dc/0/Voltage', 12.6);
  t.same(heard, ['service /Dc/0/Voltage 12.6']);
});

t.test('our own services are in the picture by reference, one announcement a tick', async t => {
  const { clock, bus, world, act, supervisor } = memoryGateway();
  const context = await act(() => {});
  const service = await context.publish({ name: BATTERY, schema: SCHEMA, prepare: s => s.set('/Dc/0/Voltage', 12) });
  service.set('/Dc/0/Voltage', 12.3);
  service.set('/Dc/0/Voltage', 12.4);
  service.set('/Mode', 1);
  t.equal(world.value(BATTERY, '/Dc/0/Voltage'), 12.4, 'at once');
  t.same(bus.announced.get(BATTERY), []);
  await clock.settle();
  t.same(bus.announced.get(BATTERY)?.splice(0), ['/Dc/0/Voltage', '/Mode']);
  service.set('/Dc/0/Voltage', 12.4004);
  await clock.settle();
  t.same(bus.announced.get(BATTERY), [], 'below the precision of the row nothing has changed');
  service.set('/Dc/0/Voltage', Number.NaN);
  t.equal(world.value(BATTERY, '/Dc/0/Voltage'), null, 'what is not a number is invalid');
  await supervisor.stop();
  t.equal(bus.tree(BATTERY), undefined, 'the name is given back');
  t.equal(world.service(BATTERY), undefined);
});

t.test('SetValue by a client: coerced, limited, refused, or the handler decides', async t => {
  const { bus, act, supervisor } = memoryGateway();
  const context = await act(() => {});
  const service = await context.publish({ name: BATTERY, schema: SCHEMA, prepare: s => s.set('/Mode', 1) });
  service.onWrite('/Mode', value => {
    if (value === 3) return 2;
    service.setAny('/Mode', value);
    return 0;
  });
  const write = (path: string, signature: string, value: number | string) =>
    bus.setValue(BATTERY, path, { signature, value });
  t.equal(await write('/Mode', 'd', 2.9), 0);
  t.equal(service.get('/Mode'), 2);
  t.equal(await write('/Mode', 's', '4'), 0);
  t.equal(await write('/Mode', 'i', 5), 1, 'above the limit of the row');
  t.equal(await write('/Mode', 's', 'on'), 1);
  t.equal(await write('/Mode', 'i', 3), 2, 'refused by the device');
  t.equal(await write('/DeviceInstance', 'i', 3), 1, 'not writable');
  service.onWrite('/CustomName', () => {
    throw new Error('bug in handler');
  });
  service.set('/CustomName', 'a');
  await t.rejects(write('/CustomName', 's', 'b'));
  t.match(supervisor.status()[0]?.lastError, /bug in handler/, 'a throw in a handler is the actor’s failure');
});

t.test('a change of the device instance takes the service off the bus and back on', async t => {
  const { clock, world, act } = memoryGateway();
  const context = await act(() => {});
  const service = await context.publish({ name: BATTERY, schema: SCHEMA, prepare: s => s.set('/DeviceInstance', 288) });
  const seen: string[] = [];
  world.watchServices({ added: s => seen.push(`+${s.get('/DeviceInstance')}`), removed: () => seen.push('-') });
  seen.length = 0;
  service.set('/DeviceInstance', 289);
  await clock.settle();
  t.same(seen, ['-', '+289']);
});

t.test('settings: declared once, read, written, heard of; again when another service takes over', async t => {
  const { clock, bus, act } = memoryGateway();
  new SimulatedSettings(bus).set('/Settings/A', 7);
  const heard: string[] = [];
  const context = await act(() => {});
  const declaring = context.settings.declare({
    a: { path: '/Settings/A', type: 'i', default: 5, min: 0, max: 10 },
    name: { path: '/Settings/Name', type: 's', default: 'x' },
  });
  await clock.settle();
  const settings = await declaring;
  settings.onChange((key, value) => heard.push(`${key}=${value}`));
  t.equal(settings.number('a'), 7, 'an existing value is kept');
  t.equal(settings.string('name'), 'x');
  t.same(await settings.set('a', 11), {
    ok: false,
    code: -1,
    reason: 'com.victronenergy.settings/Settings/A refused the value',
  });
  t.same(await settings.set('a', 9), { ok: true });
  t.same(heard.splice(0), ['a=9']);
  bus.remove('com.victronenergy.settings');
  t.equal(settings.number('a'), 9, 'the last word stands while nobody speaks');
  new SimulatedSettings(bus);
  await clock.settle();
  t.equal(settings.number('a'), 5, 'the new service has the default');
  t.same(heard, ['a=5']);
});

t.test('a watcher that throws takes down its actor alone', async t => {
  const { bus, act, supervisor } = memoryGateway();
  bus.add(new SimulatedService(BATTERY, { '/Soc': 50 }));
  const heard: unknown[] = [];
  await act(context => {
    context.world.watch({ service: BATTERY }, () => {
      throw new Error('watcher');
    });
  });
  await act(context => {
    context.world.watch({ service: BATTERY }, c => void heard.push(c.value));
  });
  bus.set(BATTERY, '/Soc', 60);
  t.match(supervisor.status()[0]?.lastError, /watcher/);
  t.same(heard, [60]);
});
