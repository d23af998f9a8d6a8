import t from 'tap';
import { TOPICS } from '../../../../src/actors/system/topics/all.ts';
import { GXD_INTERFACE } from '../../../../src/bus/explain.ts';
import { SYSTEM, SystemPlant } from '../../../support/system-plant.ts';

t.test('a measured value: rule, inputs with their age, and why others lost', async t => {
  const plant = new SystemPlant({
    settings: { '/Settings/SystemSetup/BatteryService': 'com.victronenergy.battery/2' },
  });
  await plant.start();
  plant.add('battery.ttyUSB1', { '/DeviceInstance': 1, '/Dc/0/Power': 5, '/Soc': 50 });
  plant.add('battery.ttyUSB2', { '/DeviceInstance': 2, '/Dc/0/Power': 65, '/Dc/0/Voltage': 12.4, '/Soc': 60 });
  await plant.advance(1_500);
  plant.set('battery.ttyUSB2', '/Dc/0/Power', 66);
  await plant.advance(500);

  const why = await plant.why('/Dc/Battery/Power');
  t.equal(why.value, 66);
  t.equal(why.topic, 'battery');
  t.match(why.rule, /power of the battery monitor/);
  t.equal(why.computedMsAgo, 500);
  const power = why.inputs.find(input => input.path === '/Dc/0/Power');
  t.same(power, { service: 'com.victronenergy.battery.ttyUSB2', path: '/Dc/0/Power', value: 66, ageMs: 500 });
  t.notOk(
    why.inputs.some(input => input.path === '/Soc'),
    'what only other paths are made of is no input of this one',
  );
  const choice = why.choices.find(one => one.winner === 'com.victronenergy.battery.ttyUSB2');
  t.same(choice?.losers, [
    {
      candidate: 'com.victronenergy.battery.ttyUSB1',
      reason: '/Settings/SystemSetup/BatteryService selects com.victronenergy.battery/2',
    },
  ]);
  t.equal(plant.get('/Dc/Battery/Power'), 66, 'asking changes nothing');
  await plant.stop();
});

t.test('a value that is missing: what it would be made of', async t => {
  const plant = new SystemPlant();
  await plant.start();
  const why = await plant.why('/Dc/System/Power');
  t.equal(why.value, null);
  t.same(why.notes, ['/Settings/SystemSetup/HasDcSystem is off: there are no DC loads to know of']);
  await plant.stop();
});

t.test('asking is refused for what is not calculated, and for what is no path', async t => {
  const plant = new SystemPlant();
  await plant.start();
  await t.rejects(plant.why('/NotThere'), /is not calculated/);
  const wrong = plant.bus.call(SYSTEM, '/', GXD_INTERFACE, 'Why', { signature: 'i', body: [1] });
  await t.rejects(wrong, /takes one path/);
  await plant.stop();
});

t.test('every path can be explained, on a plant with all kinds of devices, and nothing comes of asking', async t => {
  const plant = new SystemPlant();
  await plant.start();
  const types = new Set(TOPICS.flatMap(topic => Object.keys(topic.reads.devices ?? {})));
  for (const type of types)
    if (type !== 'settings') plant.add(`${type}.a`, { '/Dc/0/Voltage': 50, '/Dc/0/Current': 2 });
  await plant.advance(10_000);
  const before = JSON.stringify([...plant.tree()]);
  const rules = TOPICS.flatMap(topic => Object.entries({ ...topic.publishes }));
  t.ok(
    rules.every(([, rule]) => rule.length > 5),
    'every path has its rule in words',
  );
  const paths = rules.map(([path]) => path).filter(path => !path.includes('{'));
  for (const path of paths) {
    const why = await plant.why(path);
    t.equal(why.path, path);
  }
  t.equal(JSON.stringify([...plant.tree()]), before);
  t.same(
    plant.log.filter(line => line.startsWith('error')),
    [],
  );
  await plant.stop();
});
