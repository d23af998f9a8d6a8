/** Digital inputs: states, alarms, pulses, the engine's feedback, the touch button. */
import t from 'tap';
import { digitalInputsActor } from '../../../../src/actors/digital-inputs/digital-inputs-actor.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { textOf } from '../../../scenarios/scenario.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const LIST = 'com.victronenergy.digitalinputs';
const ONE = 'com.victronenergy.digitalinput.input01';
const METER = 'com.victronenergy.pulsemeter.input01';
const file = (n: number): string => `/dev/gpio/digital_input_${n}/value`;

async function begun(
  settings: Readonly<Record<string, number | string>> = {},
  level: '0' | '1' = '0',
): Promise<SystemPlant> {
  const plant = new SystemPlant({ files: { [file(1)]: level, [file(2)]: '0' }, settings });
  return plant.start(digitalInputsActor({ gpio: plant.machine.gpio }));
}

async function level(plant: SystemPlant, high: 0 | 1, n = 1): Promise<void> {
  plant.machine.writeFile(file(n), String(high));
  await plant.settle();
}

async function write(plant: SystemPlant, service: string, path: string, value: number | string): Promise<number> {
  const code = await plant.bus.setValue(service, path, { signature: typeof value === 'string' ? 's' : 'i', value });
  await plant.settle();
  return code;
}

const get = (plant: SystemPlant, path: string, service = ONE): Value => plant.bus.get(service, path);
const setting = (plant: SystemPlant, name: string): Value =>
  plant.bus.get('com.victronenergy.settings', `/Settings/DigitalInput/1/${name}`);

t.test('which inputs there are, and what is connected', async t => {
  const plant = await begun();
  t.same([get(plant, '/Devices/1/Type', LIST), get(plant, '/Devices/2/Type', LIST)], [0, 0]);
  t.equal(get(plant, '/Devices/2/Label', LIST), 'GX Built-in - Digital input 2');
  t.equal(plant.bus.tree(ONE), undefined);
  t.equal(await write(plant, LIST, '/Devices/1/Type', 2), 0);
  t.equal(get(plant, '/ProductName'), 'Door alarm');
  t.same([get(plant, '/Type'), get(plant, '/DeviceInstance'), get(plant, '/ProductId')], [2, 1, 0xa166]);
  t.equal(get(plant, '/Devices/1/Type', LIST), 2);
  t.not(await write(plant, LIST, '/Devices/1/Type', 12), 0);
  t.equal(await write(plant, LIST, '/Devices/1/Type', 0), 0);
  t.equal(plant.bus.tree(ONE), undefined);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('a board without inputs has no such service', async t => {
  const plant = new SystemPlant();
  await plant.start(digitalInputsActor({ gpio: plant.machine.gpio }));
  t.equal(plant.bus.tree(LIST), undefined);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('state, inversion and alarm', async t => {
  const plant = await begun({ '/Settings/DigitalInput/1/Type': 4 });
  const shown = (): Value[] => [get(plant, '/InputState'), get(plant, '/State'), get(plant, '/Alarm')];
  t.same(shown(), [0, 8, 0]);
  await level(plant, 1);
  t.same(shown(), [1, 9, 0], 'no alarm, as nobody wants one');
  const tree = plant.bus.tree(ONE);
  t.equal(tree && textOf(tree, '/State'), 'alarm');
  t.equal(await write(plant, ONE, '/Settings/AlarmSetting', 1), 0);
  t.same(shown(), [1, 9, 2]);
  t.equal(await write(plant, ONE, '/Settings/InvertAlarm', 1), 0);
  t.same(shown(), [1, 9, 0]);
  t.equal(await write(plant, ONE, '/Settings/InvertTranslation', 1), 0);
  t.same(shown(), [1, 8, 0]);
  t.equal(setting(plant, 'InvertTranslation'), 1);
  await level(plant, 0);
  t.same(shown(), [0, 9, 2]);
  plant.machine.writeFile(file(1), undefined);
  await plant.settle();
  t.same(shown(), [null, null, null], 'an input that cannot be read has no state');
  t.equal(plant.log.filter(line => line.includes('cannot be read')).length, 1);
  await plant.stop();
});

t.test('name and instance', async t => {
  const plant = await begun({ '/Settings/DigitalInput/1/Type': 2 });
  t.equal(await write(plant, ONE, '/CustomName', 'Hatch'), 0);
  t.same([get(plant, '/ProductName'), setting(plant, 'CustomName')], ['Hatch', 'Hatch']);
  plant.settings?.set('/Settings/DigitalInput/1/CustomName', '');
  await plant.settle();
  t.same([get(plant, '/ProductName'), get(plant, '/CustomName')], ['Door alarm', '']);
  plant.settings?.set('/Settings/Devices/digital_input_1/ClassAndVrmInstance', 'digitalinput:7');
  await plant.settle();
  t.equal(get(plant, '/DeviceInstance'), 7);
  await plant.stop();
});

t.test('pulses: rising edges, kept once a minute and at the end', async t => {
  const plant = await begun({ '/Settings/DigitalInput/1/Type': 1, '/Settings/DigitalInput/1/Count': 100 }, '1');
  t.same([get(plant, '/Count', METER), get(plant, '/Aggregate', METER)], [100, 0.1], 'high at the start is no pulse');
  for (let i = 0; i < 5; i++) {
    await level(plant, 0);
    await level(plant, 1);
    await level(plant, 1);
  }
  t.equal(get(plant, '/Count', METER), 105);
  t.equal(setting(plant, 'Count'), 100);
  await plant.advance(60_000);
  t.equal(setting(plant, 'Count'), 105);
  t.equal(await write(plant, METER, '/Settings/Multiplier', 0.01).catch(() => -1), 0);
  await level(plant, 0);
  await level(plant, 1);
  const stopping = plant.stop();
  await plant.settle();
  await stopping;
  t.equal(setting(plant, 'Count'), 106);
});

t.test('a counter that somebody sets; one that is full', async t => {
  const plant = await begun({ '/Settings/DigitalInput/1/Type': 1, '/Settings/DigitalInput/1/Count': 2 ** 31 - 2 });
  await level(plant, 1);
  t.equal(get(plant, '/Count', METER), 0);
  plant.settings?.set('/Settings/DigitalInput/1/Count', 5000);
  await plant.settle();
  t.equal(get(plant, '/Count', METER), 5000);
  await plant.stop();
});

t.test('a counter that is set to what it was saved as before', async t => {
  const plant = await begun();
  await write(plant, LIST, '/Devices/1/Type', 1);
  for (const high of [1, 0, 1, 0, 1] as const) await level(plant, high);
  await plant.advance(60_000);
  t.equal(setting(plant, 'Count'), 3);
  plant.settings?.set('/Settings/DigitalInput/1/Count', 0);
  await plant.settle();
  t.equal(get(plant, '/Count', METER), 0);
  await level(plant, 0);
  await level(plant, 1);
  t.equal(get(plant, '/Count', METER), 1);
  await plant.stop();
});

t.test('something else is connected: count, alarm and inversion begin anew', async t => {
  const plant = await begun({
    '/Settings/DigitalInput/1/Type': 4,
    '/Settings/DigitalInput/1/Count': 9,
    '/Settings/DigitalInput/1/AlarmSetting': 1,
    '/Settings/DigitalInput/1/InvertAlarm': 1,
  });
  t.same([get(plant, '/Count'), get(plant, '/Alarm')], [9, 2], 'a start is no change');
  t.equal(await write(plant, LIST, '/Devices/1/Type', 1), 0);
  t.equal(plant.bus.tree(ONE), undefined);
  t.same(
    ['Count', 'AlarmSetting', 'InvertAlarm'].map(name => setting(plant, name)),
    [0, 0, 0],
  );
  t.equal(get(plant, '/Count', METER), 0);
  await plant.stop();
});

t.test('the engine tells that it runs, again and again, by one input alone', async t => {
  const plant = await begun({ '/Settings/DigitalInput/2/Type': 9 }, '1');
  const generator = (): Value[] =>
    ['Input', 'Running'].map(name => plant.bus.get('com.victronenergy.generator.startstop0', `/DigitalInput/${name}`));
  plant.add('generator.startstop0', { '/DigitalInput/Input': 0, '/DigitalInput/Running': 0 });
  plant.add('vebus.ttyO1', { '/Ac/Control/RemoteGeneratorSelected': 0 });
  await plant.settle();
  t.same(generator(), [2, 1], 'low is running');
  t.equal(plant.bus.get('com.victronenergy.vebus.ttyO1', '/Ac/Control/RemoteGeneratorSelected'), 1);
  plant.set('vebus.ttyO1', '/Ac/Control/RemoteGeneratorSelected', 0);
  await plant.advance(30_000);
  t.equal(plant.bus.get('com.victronenergy.vebus.ttyO1', '/Ac/Control/RemoteGeneratorSelected'), 1);
  await level(plant, 1, 2);
  t.same(generator(), [2, 0]);
  t.equal(await write(plant, LIST, '/Devices/1/Type', 9), 0);
  await plant.advance(1000);
  t.same([get(plant, '/Devices/2/Type', LIST), get(plant, '/Devices/1/Type', LIST)], [0, 9]);
  await plant.advance(30_000);
  t.same(generator(), [1, 0]);
  t.equal(await write(plant, LIST, '/Devices/1/Type', 0), 0);
  t.same(generator(), [0, 0]);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('a button switches touch, at its press; when it is taken away touch is on', async t => {
  const touch = (plant: SystemPlant): Value =>
    plant.bus.get('com.victronenergy.settings', '/Settings/Gui/TouchEnabled');
  const plant = await begun({ '/Settings/DigitalInput/1/Type': 11, '/Settings/Gui/TouchEnabled': 1 }, '0');
  t.equal(touch(plant), 1, 'low at the start is no press');
  await level(plant, 1);
  t.equal(touch(plant), 1);
  await level(plant, 0);
  t.equal(touch(plant), 0);
  t.equal(await write(plant, LIST, '/Devices/1/Type', 0), 0);
  t.equal(touch(plant), 1);
  await plant.stop();
});

t.test('an extender is plugged in and out; its settings stay', async t => {
  const plant = await begun();
  const pin = '/run/io-ext/HQ2412ABCDE/input_1/value';
  const id = 'HQ2412ABCDE_input_1';
  const service = `com.victronenergy.digitalinput.${id}`;
  plant.machine.writeFile(pin, '0');
  await plant.settle();
  t.equal(get(plant, `/Devices/${id}/Label`, LIST), 'GX IO ext. HQ2412ABCDE - Digital input 1');
  t.equal(await write(plant, LIST, `/Devices/${id}/Type`, 2), 0);
  t.same(
    [get(plant, '/State', service), get(plant, '/DeviceInstance', service), get(plant, '/Mgmt/Connection', service)],
    [6, 10, '/run/io-ext/HQ2412ABCDE/input_1'],
  );
  plant.machine.writeFile(pin, '1');
  await plant.settle();
  t.equal(get(plant, '/State', service), 7);
  plant.machine.writeFile(pin, undefined);
  await plant.settle();
  t.equal(plant.bus.tree(service), undefined);
  t.same([get(plant, `/Devices/${id}/Type`, LIST), get(plant, '/Devices/1/Type', LIST)], [null, 0]);
  plant.machine.writeFile(pin, '0');
  await plant.settle();
  t.same([get(plant, '/State', service), get(plant, '/Count', service)], [6, 1]);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('an extender without inputs of the board; its input watches the engine', async t => {
  const plant = new SystemPlant();
  plant.add('generator.startstop0', { '/DigitalInput/Input': 0, '/DigitalInput/Running': 0 });
  await plant.start(digitalInputsActor({ gpio: plant.machine.gpio }));
  plant.machine.writeFile('/run/io-ext/HQ2412ABCDE/input_2/value', '0');
  await plant.settle();
  t.equal(await write(plant, LIST, '/Devices/HQ2412ABCDE_input_2/Type', 9), 0);
  const generator = (): Value[] =>
    ['Input', 'Running'].map(name => plant.bus.get('com.victronenergy.generator.startstop0', `/DigitalInput/${name}`));
  t.same(generator(), ['HQ2412ABCDE_input_2', 1]);
  plant.machine.writeFile('/run/io-ext/HQ2412ABCDE/input_2/value', undefined);
  await plant.settle();
  t.same(generator(), [0, 0], 'unplugged, it watches nothing');
  t.same(plant.failures(), []);
  await plant.stop();
});
