import t from 'tap';
import { imageFacts, readBoardFacts } from '../../../../src/adapters/board-facts.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { SYSTEM, SystemPlant } from '../../../support/system-plant.ts';

const RELAY = '/dev/gpio/relay_1/value';

function write(plant: SystemPlant, path: string, value: number | string): Promise<number> {
  const signature = typeof value === 'string' ? 's' : 'i';
  return plant.bus.setValue(SYSTEM, path, { signature, value });
}

t.test('a relay of a program is left alone at the start', async t => {
  const plant = new SystemPlant({
    files: { [RELAY]: '1' },
    settings: { '/Settings/Relay/Function': 1, '/Settings/Relay/0/InitialState': 0 },
  });
  await plant.start();
  t.equal(plant.machine.readFile(RELAY), '1');
  t.equal(plant.get('/Relay/0/State'), 1);
  await plant.stop();
});

t.test('neither a shutdown nor a restart touches a relay with an engine behind it', async t => {
  for (const duty of [0, 1, 3, 4, 5, 6]) {
    const plant = new SystemPlant({
      files: { [RELAY]: '0' },
      settings: { '/Settings/Relay/Function': duty, '/Settings/Relay/Polarity': 1 },
    });
    await plant.start();
    t.equal(await write(plant, '/Relay/0/State', 1), 0);
    await plant.stop();
    plant.settings?.set('/Settings/Relay/0/InitialState', 0);
    await plant.start();
    await plant.advance(20_000);
    t.equal(plant.get('/Relay/0/State'), 1);
    await plant.stop();
    t.same(plant.machine.gpio.writes, ['/dev/gpio/relay_1 1'], `function ${duty}`);
  }
});

t.test('a relay that is switched by hand comes back as it was left, in its polarity', async t => {
  const plant = new SystemPlant({
    files: { [RELAY]: '0' },
    settings: { '/Settings/Relay/Function': 2, '/Settings/Relay/Polarity': 1, '/Settings/Relay/0/InitialState': 0 },
  });
  await plant.start();
  t.equal(plant.machine.readFile(RELAY), '1', 'off, closed at rest');
  t.equal(await write(plant, '/Relay/0/State', 1), 0);
  t.equal(plant.machine.readFile(RELAY), '0');
  await plant.stop();
  plant.machine.writeFile(RELAY, '1');
  await plant.start();
  t.same([plant.machine.readFile(RELAY), plant.get('/Relay/0/State')], ['0', 1], 'also after a power failure');
  await plant.stop();
});

t.test('writes of one moment reach the relay in their order', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '0' }, settings: { '/Settings/Relay/Function': 2 } });
  await plant.start();
  await Promise.all([1, 0, 1, 0].map(on => write(plant, '/Relay/0/State', on)));
  await plant.settle();
  t.equal(plant.machine.gpio.writes.at(-1), `/dev/gpio/relay_1 ${plant.get('/Relay/0/State')}`);
  await plant.stop();
});

t.test('a disabled relay is off, and stays', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '1' }, settings: { '/Settings/Relay/Function': -1 } });
  await plant.start();
  t.equal(plant.machine.readFile(RELAY), '0');
  t.same([plant.get('/Relay/0/State'), plant.get('/SwitchableOutput/0/Status')], [null, 0x20]);
  t.not(await write(plant, '/Relay/0/State', 1), 0);
  t.equal(plant.machine.readFile(RELAY), '0');
  plant.settings?.set('/Settings/Relay/Function', 2);
  await plant.settle();
  t.equal(plant.get('/Relay/0/State'), 0, 'enabled again');
  t.equal(plant.get('/SwitchableOutput/0/Settings/Function'), 2);
  await plant.stop();
});

t.test('functions: the first relay takes all, the others only some; types: toggle alone', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '0', '/dev/gpio/relay_2/value': '0' } });
  plant.settings?.set('/Settings/Relay/Function', 2);
  plant.settings?.set('/Settings/Relay/1/Function', 2);
  await plant.start();
  t.equal(await write(plant, '/SwitchableOutput/0/Settings/Function', 1), 0);
  t.not(await write(plant, '/SwitchableOutput/1/Settings/Function', 1), 0);
  t.equal(await write(plant, '/SwitchableOutput/1/Settings/Function', 4), 0);
  t.not(await write(plant, '/SwitchableOutput/0/Settings/Function', 9), 0);
  t.not(await write(plant, '/SwitchableOutput/0/Settings/Type', 2), 0);
  await plant.settle();
  t.equal(plant.get('/SwitchableOutput/0/Settings/Function'), 1);
  await plant.stop();
});

t.test('hardware that somebody else switches, or that does not answer', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '0' }, settings: { '/Settings/Relay/Function': 1 } });
  await plant.start();
  const [relay] = await plant.machine.gpio.relays();
  await relay?.write(true);
  await plant.advance(5_000);
  t.equal(plant.get('/Relay/0/State'), 1);
  plant.machine.writeFile(RELAY, undefined);
  await plant.advance(10_000);
  t.equal(plant.get('/Relay/0/State'), null);
  t.equal(plant.log.filter(line => line.includes('relay does not answer')).length, 1);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('names and groups of outputs are kept in the settings, whoever writes them', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '0' } });
  await plant.start();
  t.equal(await write(plant, '/SwitchableOutput/0/Settings/CustomName', 'Pump'), 0);
  await plant.settle();
  t.equal(plant.get('/SwitchableOutput/0/Settings/CustomName'), 'Pump');
  plant.settings?.set('/Settings/Relay/0/CustomName', 'Light');
  await plant.settle();
  t.equal(plant.get('/SwitchableOutput/0/Settings/CustomName'), 'Light');
  await plant.stop();
});

t.test('where nobody else adds the functions of relays, they are there', async t => {
  const files = { [RELAY]: '0', '/dev/gpio/relay_2/value': '0', '/dev/gpio/relay_3/value': '0' };
  const plant = await new SystemPlant({ files, settings: { '/Settings/Relay/1/Function': 4 } }).start();
  const setting = (path: string): Value => plant.bus.get('com.victronenergy.settings', `/Settings/Relay${path}`);
  t.same([setting('/Function'), setting('/1/Function'), setting('/2/Function')], [0, 4, 2]);
  t.equal(plant.get('/SwitchableOutput/2/Settings/Function'), 2);
  await plant.stop();
});

t.test('why a relay stands as it does', async t => {
  const plant = new SystemPlant({ files: { [RELAY]: '0' }, settings: { '/Settings/Relay/Polarity': 1 } });
  await plant.start();
  plant.settings?.set('/Settings/Relay/Function', 2);
  await plant.settle();
  t.equal(await write(plant, '/Relay/0/State', 1), 0);
  const manual = await plant.why('/SwitchableOutput/0/Status');
  t.same(manual.notes, [
    'It is switched by hand, and is on; the line /dev/gpio/relay_1 is low.',
    'Its polarity is "normally closed".',
  ]);
  t.same(manual.changes, ['It is switched by a write to /Relay/0/State.']);
  plant.settings?.set('/Settings/Relay/Function', 0);
  plant.add('battery.a', { '/Alarms/LowVoltage': 2 });
  await plant.settle();
  const alarm = await plant.why('/Relay/0/State');
  t.match(alarm.notes, [/^It is for alarms/, 'Alarm: com.victronenergy.battery.a /Alarms/LowVoltage = 2.']);
  t.ok(alarm.inputs.some(({ path, value }) => path === '/Settings/Relay/Function' && value === 0));
  for (const duty of [-1, 1, 3, 4, 5, 6, 99]) {
    plant.settings?.set('/Settings/Relay/Function', duty);
    await plant.settle();
    t.ok((await plant.why('/Relay/0/State')).rule !== '', `function ${duty}`);
  }
  await t.rejects(plant.why('/Relay/7/State'));
  await plant.stop();
});

t.test('boards without relays or buzzer have no such paths', async t => {
  const plant = await new SystemPlant().start();
  t.same(
    [...plant.tree().keys()].filter(path => /Relay|Switchable|Buzzer/.test(path)),
    [],
  );
  await plant.stop();
});

t.test('the version of the image', t => {
  t.same(imageFacts('v3.63~2\nVenus\n20260807101500\n'), { imageVersion: 0x036302, imageBuild: '20260807101500' });
  t.same(imageFacts('v3.60\nVenus\n'), { imageVersion: 0x036000, imageBuild: '0' });
  t.same(imageFacts('nonsense'), { imageVersion: 0, imageBuild: '0' });
  t.match(readBoardFacts('lo').bootId, /^[0-9a-f-]{36}$/, 'the boot has a name of its own');
  t.end();
});
