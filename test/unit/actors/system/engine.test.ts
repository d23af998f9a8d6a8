import t from 'tap';
import { inDependencyOrder } from '../../../../src/actors/system/order.ts';
import { defineTopic, type Topic } from '../../../../src/actors/system/topic.ts';
import type { Schema, Value } from '../../../../src/schema/row.ts';
import { SYSTEM, SystemPlant, topicsAlone } from '../../../support/system-plant.ts';

const float = { type: 'float' } as const;
const schema: Schema = {
  '/Volts': float,
  '/Double': float,
  '/Limit': float,
  '/Beat': float,
  '/Written': float,
  '/Map/{name}': { type: 'string' },
};

/** A topic that counts its runs. */
function counting(topic: Topic): { topic: Topic; runs: () => number } {
  let runs = 0;
  return {
    topic: {
      ...topic,
      compute: (look, out, state) => {
        runs++;
        return topic.compute(look, out, state);
      },
    },
    runs: () => runs,
  };
}

const volts = defineTopic({
  name: 'volts',
  about: 'a sum',
  reads: { devices: { battery: ['/V'] } },
  publishes: { '/Volts': 'sum of all voltages' },
  compute(look, out) {
    let sum: number | null = null;
    for (const battery of look.devices('battery')) {
      const one = battery.number('/V');
      if (one !== null) sum = (sum ?? 0) + one;
    }
    out.set('/Volts', sum);
  },
});
const double = defineTopic({
  name: 'double',
  about: 'twice the sum',
  reads: { own: ['/Volts'] },
  publishes: { '/Double': 'twice /Volts' },
  compute(look, out) {
    const sum = look.ownNumber('/Volts');
    if (sum !== null) out.set('/Double', 2 * sum);
  },
});

t.test('a change runs those that read it, once, in order; what comes out the same is not told', async t => {
  const first = counting(volts);
  const second = counting(double);
  const plant = new SystemPlant();
  await plant.start(topicsAlone([second.topic, first.topic], schema));
  t.same([plant.get('/Volts'), plant.get('/Double')], [null, null], 'nothing to compute from');
  plant.add('battery.a', { '/V': 12, '/Other': 1 });
  plant.add('battery.b', { '/DeviceInstance': 1, '/V': 13 });
  await plant.settle();
  t.same([plant.get('/Volts'), plant.get('/Double')], [25, 50]);
  const [runsBefore, announcedBefore] = [first.runs(), plant.bus.announced.get(SYSTEM)?.length ?? 0];
  plant.set('battery.a', '/Other', 2);
  await plant.settle();
  t.equal(first.runs(), runsBefore, 'nobody reads that');
  plant.set('battery.a', '/V', 13);
  plant.set('battery.b', '/V', 12);
  await plant.settle();
  t.equal(first.runs(), runsBefore + 1, 'one run for all changes of a tick');
  t.equal(second.runs(), 2, 'the sum is the same: nothing to do for those that read it');
  t.equal(plant.bus.announced.get(SYSTEM)?.length, announcedBefore, 'and nothing to tell');
  plant.remove('battery.a');
  await plant.settle();
  t.same([plant.get('/Volts'), plant.get('/Double')], [12, 24], 'a device that has gone is out at once');
  await plant.stop();
  t.equal(plant.clock.pending, 0, 'all timers are given back');
});

t.test('who reads only whether there is a value is not run by another one', async t => {
  const first = counting(volts);
  const known = counting(
    defineTopic({
      name: 'known',
      about: 'whether the sum is known',
      reads: { ownValid: ['/Volts'] },
      publishes: { '/Limit': '1 when it is' },
      compute: (look, out) => out.set('/Limit', Number(look.isOwnValid('/Volts'))),
    }),
  );
  const plant = new SystemPlant();
  await plant.start(topicsAlone([known.topic, first.topic], schema));
  t.same([plant.get('/Volts'), plant.get('/Limit'), known.runs()], [null, 0, 1]);
  plant.add('battery.a', { '/V': 12 });
  await plant.settle();
  t.same([plant.get('/Volts'), plant.get('/Limit'), known.runs()], [12, 1, 2]);
  plant.set('battery.a', '/V', 13);
  await plant.settle();
  t.same([plant.get('/Volts'), first.runs(), known.runs()], [13, 3, 2]);
  plant.set('battery.a', '/V', Number.NaN);
  await plant.settle();
  t.same([plant.get('/Volts'), plant.get('/Limit'), known.runs()], [null, 0, 3], 'NaN is no value');
  await plant.stop();
});

t.test('what leaves and comes again is read where it stands now: paths, and devices of the same name', async t => {
  const named = defineTopic({
    name: 'named',
    about: 'a path for each voltage above 10',
    reads: { devices: { battery: ['/V'] } },
    publishes: { '/Map/{name}': 'the voltage as a text' },
    compute(look, out) {
      for (const battery of look.devices('battery'))
        if ((battery.number('/V') ?? 0) > 10) out.set(`/Map/${battery.instance}`, String(battery.number('/V')));
    },
  });
  const reader = defineTopic({
    name: 'reader',
    about: 'the text as a number',
    reads: { devices: { battery: ['/V'] }, last: ['/Map/0'], topics: [named] },
    publishes: { '/Double': 'the number' },
    compute(look, out) {
      const text = look.last('/Map/0');
      out.set('/Double', text === null ? null : Number(text));
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([named, reader], schema));
  const shown: Value[] = [];
  const settle = async (): Promise<void> => {
    await plant.settle();
    shown.push(plant.get('/Double'));
  };
  plant.add('battery.a', { '/V': 12 });
  await settle();
  for (const volts of [13, 5, 14]) {
    plant.set('battery.a', '/V', volts);
    await settle();
  }
  plant.remove('battery.a');
  plant.add('battery.a', { '/V': 15 });
  await settle();
  t.same(shown, [12, 13, null, 14, 15]);
  await plant.stop();
});

t.test('devices: one without an instance is not there yet; texts are no numbers', async t => {
  const plant = new SystemPlant();
  await plant.start(topicsAlone([volts], schema));
  plant.add('battery.a', { '/DeviceInstance': null, '/V': 12 });
  plant.add('battery.b', { '/DeviceInstance': 1, '/V': '13' });
  plant.add('battery.c', { '/DeviceInstance': -4, '/V': 14 });
  await plant.settle();
  t.equal(plant.get('/Volts'), null);
  plant.set('battery.a', '/DeviceInstance', 7);
  await plant.settle();
  t.equal(plant.get('/Volts'), 12);
  await plant.stop();
});

t.test('beats, memory and one more run later', async t => {
  const beats: number[] = [];
  const beating = defineTopic<undefined, { total: number }>({
    name: 'beating',
    about: 'counts',
    reads: { devices: { battery: ['/V'] } },
    publishes: { '/Beat': 'periods of 3 s since the start' },
    everyMs: 3_000,
    start: () => ({ total: 0 }),
    compute(look, out, memory) {
      beats.push(look.beats);
      memory.total += look.beats;
      out.set('/Beat', memory.total);
      return undefined;
    },
  });
  const patient = defineTopic<undefined, { runs: number }>({
    name: 'patient',
    about: 'comes back',
    reads: {},
    publishes: { '/Limit': 'runs' },
    start: () => ({ runs: 0 }),
    compute(_look, out, memory) {
      out.set('/Limit', ++memory.runs);
      if (memory.runs < 3) out.again(700);
      return undefined;
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([beating, patient], schema));
  await plant.advance(700);
  t.equal(plant.get('/Limit'), 2);
  await plant.advance(5_300);
  t.equal(plant.get('/Beat'), 2);
  t.equal(plant.get('/Limit'), 3);
  plant.add('battery.a', { '/V': 1 });
  await plant.settle();
  t.same(beats, [0, 1, 1, 0], 'start, two beats, a change');
  await plant.stop();
});

t.test('paths that are not set become invalid or leave, kept ones stay', async t => {
  const listing = defineTopic({
    name: 'listing',
    about: 'lists',
    reads: { devices: { battery: ['/V'] } },
    publishes: { '/Map/{name}': 'who is who', '/Volts': 'kept once set', '/Double': 'only with 2 batteries' },
    compute(look, out) {
      const all = look.devices('battery');
      for (const battery of all) out.set(`/Map/n${battery.instance}`, battery.name);
      if (all.length === 2) out.set('/Double', 2);
      if (all.length === 2) out.set('/Volts', 2);
      else out.keep('/Volts');
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([listing], schema));
  t.ok(plant.tree().has('/Double'), 'plain paths stand there from the start');
  plant.add('battery.a');
  plant.add('battery.b', { '/DeviceInstance': 1 });
  await plant.settle();
  t.same([plant.get('/Map/n0'), plant.get('/Double'), plant.get('/Volts')], ['com.victronenergy.battery.a', 2, 2]);
  plant.remove('battery.a');
  await plant.settle();
  t.notOk(plant.tree().has('/Map/n0'));
  t.same([plant.get('/Map/n1'), plant.get('/Double'), plant.get('/Volts')], ['com.victronenergy.battery.b', null, 2]);
  await plant.stop();
});

t.test('clients write what is accepted, and nothing else', async t => {
  const accepting = defineTopic({
    name: 'accepting',
    about: 'accepts',
    reads: { own: ['/Written'] },
    publishes: { '/Double': 'twice what was written' },
    accepts: {
      '/Written': { initial: 1, take: value => (typeof value === 'number' && value < 10 ? value : undefined) },
    },
    compute: (look, out) => out.set('/Double', 2 * (look.ownNumber('/Written') ?? 0)),
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([accepting], schema));
  t.equal(plant.get('/Double'), 2);
  t.equal(await plant.bus.setValue(SYSTEM, '/Written', { signature: 'i', value: 4 }), 0);
  await plant.settle();
  t.equal(plant.get('/Double'), 8);
  t.equal(await plant.bus.setValue(SYSTEM, '/Written', { signature: 'i', value: 40 }), 2);
  t.equal(await plant.bus.setValue(SYSTEM, '/Double', { signature: 'i', value: 4 }), 1);
  t.equal(plant.get('/Written'), 4);
  await plant.stop();
});

t.test('writes: not what stands there, the newest of those that wait, a refused one later', async t => {
  const writing = defineTopic({
    name: 'writing',
    about: 'writes',
    reads: { devices: { battery: ['/V'] } },
    publishes: {},
    compute(look, out) {
      for (const battery of look.devices('battery')) out.write(battery.name, '/Limit', battery.number('/V'));
      out.write('com.victronenergy.battery.gone', '/Limit', 1);
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([writing], schema));
  plant.add('battery.a', { '/V': 1, '/Limit': 1 });
  await plant.settle();
  const battery = plant.bus.simulated('com.victronenergy.battery.a');
  t.same(battery?.writes, [], 'it stands there already');
  plant.set('battery.a', '/V', 2);
  await plant.settle();
  t.same(battery?.writes, [{ path: '/Limit', value: 2 }]);
  if (battery !== undefined) battery.onWrite = () => 2;
  plant.set('battery.a', '/V', 3);
  await plant.settle();
  plant.set('battery.a', '/V', 4);
  plant.set('battery.a', '/V', 3);
  await plant.settle();
  t.equal(battery?.writes.length, 2, 'refused once, not asked again at once');
  t.equal(plant.log.filter(line => line.includes('could not be written')).length, 1);
  await plant.advance(5_000);
  plant.set('battery.a', '/V', 5);
  plant.set('battery.a', '/V', 3);
  await plant.settle();
  t.equal(battery?.writes.length, 3);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('settings: own with defaults, those of others, kept while the service is away', async t => {
  const row = { path: '/Settings/Own', type: 'i', default: 5 } as const;
  const reading = defineTopic({
    name: 'reading',
    about: 'reads settings',
    reads: { settings: ['/Settings/Own', '/Settings/Foreign'] },
    publishes: { '/Volts': 'own', '/Double': 'foreign' },
    compute(look, out) {
      out.set('/Volts', look.setting('/Settings/Own'));
      out.set('/Double', look.setting('/Settings/Foreign'));
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([reading], schema, [row]));
  t.same([plant.get('/Volts'), plant.get('/Double')], [5, null]);
  plant.settings?.set('/Settings/Foreign', 7);
  plant.settings?.set('/Settings/Own', 6);
  await plant.settle();
  t.same([plant.get('/Volts'), plant.get('/Double')], [6, 7]);
  plant.remove('settings');
  await plant.advance(1_000);
  t.same([plant.get('/Volts'), plant.get('/Double')], [6, 7]);
  await plant.stop();
});

t.test('settings that take long to be stored: what was written counts at once, and each write arrives', async t => {
  const row = { path: '/Settings/Own', type: 'i', default: 0 } as const;
  const counting = defineTopic({
    name: 'counting',
    about: 'counts in a setting',
    reads: { settings: [row.path] },
    publishes: { '/Beat': 'how often it ran on its beat' },
    everyMs: 1_000,
    onBeatOnly: true,
    compute(look, out) {
      const count = (look.setting(row.path) ?? 0) + look.beats;
      out.setting(row.path, count);
      out.set('/Beat', count);
    },
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([counting], schema, [row]));
  const atOnce = plant.bus.setValue.bind(plant.bus);
  const late = (ms: number): Promise<void> => new Promise(resolve => void plant.clock.after(ms, resolve));
  plant.bus.setValue = async (...write) => {
    await late(2_500);
    return atOnce(...write);
  };
  await plant.advance(6_000);
  t.equal(plant.get('/Beat'), 6, 'it goes on from what it has written');
  t.equal(plant.bus.get('com.victronenergy.settings', row.path), 3, 'while that is on its way');
  await plant.advance(500);
  plant.bus.setValue = async () => 2;
  await plant.advance(2_600);
  t.equal(plant.get('/Beat'), 7, 'what is refused does not count: it goes on from what is stored');
  t.same(plant.failures(), []);
  plant.remove('settings');
  await plant.advance(3_000);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('a read that was not declared is complained of, and followed all the same', async t => {
  const careless = defineTopic({
    name: 'careless',
    about: 'forgets to say what it reads',
    reads: { devices: { battery: [] } },
    publishes: { '/Volts': 'a voltage' },
    compute: (look, out) => out.set('/Volts', look.devices('battery')[0]?.number('/V') ?? null),
  });
  const plant = new SystemPlant();
  await plant.start(topicsAlone([careless], schema));
  plant.add('battery.a', { '/V': 1 });
  await plant.settle();
  plant.set('battery.a', '/V', 2);
  await plant.settle();
  t.equal(plant.get('/Volts'), 2);
  t.same(plant.log, ['error careless reads device battery /V without declaring it']);
  await plant.stop();
});

t.test('the order refuses circles, strangers and double publishers', t => {
  const a: Topic = defineTopic({ ...volts, name: 'a', reads: { own: ['/Double'] } });
  t.throws(() => inDependencyOrder([a, double]), /in a circle: a → double → a/);
  t.throws(() => inDependencyOrder([double]), /double reads \/Volts, which no topic publishes/);
  t.throws(() => inDependencyOrder([volts, { ...volts, name: 'again' }]), /volts and again both publish \/Volts/);
  t.throws(() => inDependencyOrder([{ ...double, reads: { topics: [volts] } }]), /uses volts, which does not run/);
  t.same(
    inDependencyOrder([double, volts]).map(topic => topic.name),
    ['volts', 'double'],
  );
  t.end();
});
