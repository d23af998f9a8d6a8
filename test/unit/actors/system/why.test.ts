import t from 'tap';
import { TOPICS } from '../../../../src/actors/system/topics/all.ts';
import { GXD_INTERFACE } from '../../../../src/bus/explain.ts';
import type { Value } from '../../../../src/schema/row.ts';
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

/** What is published beside the calculation: who we are, and hardware that is switched. */
const NOT_CALCULATED =
  /^\/(Mgmt|Relay|SwitchableOutput|Buzzer)\/|^\/(DeviceInstance|ProductId|ProductName|FirmwareVersion|FirmwareBuild|HardwareVersion|Connected|Serial)$/;
/** Inputs of every kind, of a sort that all topics have something to say. */
const MEASURED: Readonly<Record<string, Value>> = {
  '/State': 3,
  '/Soc': 50,
  '/Dc/0/Voltage': 50,
  '/Dc/0/Current': 2,
  '/Dc/0/Power': 100,
  '/Ac/ActiveIn/ActiveInput': 0,
  '/Ac/ActiveIn/L1/P': 300,
  '/Ac/Out/L1/P': 200,
  '/Ac/L1/Power': 400,
  '/Position': 1,
  '/Info/MaxChargeVoltage': 56,
  '/Info/MaxChargeCurrent': 40,
  '/Hub4/AssistantId': 5,
};

t.test('every calculated path says why, on a plant with all kinds of devices, and nothing comes of asking', async t => {
  const plant = new SystemPlant({ settings: { '/Settings/Services/Bol': 1 } });
  await plant.start();
  const types = new Set(
    TOPICS.flatMap(({ reads }) => [...Object.keys(reads.devices ?? {}), ...Object.keys(reads.besides ?? {})]),
  );
  for (const type of types) if (type !== 'settings') plant.add(`${type}.a`, MEASURED);
  await plant.advance(10_000);
  const before = JSON.stringify([...plant.tree()]);
  const declared = TOPICS.flatMap(topic => Object.entries({ ...topic.publishes }));
  t.same(
    declared.filter(([, rule]) => rule.length < 6),
    [],
    'every path has its rule in words',
  );
  const calculated = [...plant.tree().keys()].filter(path => !NOT_CALCULATED.test(path));
  const missing = declared.map(([path]) => path).filter(path => !path.includes('{') && !calculated.includes(path));
  t.same(missing, [], 'all that is declared stands there');
  for (const path of calculated) {
    const why = await plant.why(path);
    t.equal(why.path, path);
    t.strictSame(why.value, plant.get(path), `${path}: its value`);
    t.ok(why.rule.length > 5 && why.about.length > 10, `${path}: in words`);
    // A path that clients write is what they wrote: it has no inputs.
    if (why.rule === 'written by clients') continue;
    t.ok(why.inputs.length + why.choices.length + why.notes.length > 0, `${path}: what it is made of`);
    for (const input of why.inputs) {
      t.match(input.service, /^com\.victronenergy\./, `${path}: the service of an input`);
      t.match(input.path, /^\//, `${path}: the path of an input`);
      t.ok(input.ageMs === null || input.ageMs >= 0, `${path}: the age of ${input.path}`);
      if (input.value !== null) t.type(input.ageMs, 'number', `${path}: ${input.service}${input.path} has an age`);
    }
  }
  t.equal(JSON.stringify([...plant.tree()]), before);
  t.same(
    plant.log.filter(line => line.startsWith('error')),
    [],
  );
  await plant.stop();
});
