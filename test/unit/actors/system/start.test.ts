import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const ORDERS = 40;
/** Long enough for everything that goes by periods to have come round. */
const SETTLED_MS = 15_000;

interface Arrival {
  /** What must have come before: a program is not asked before it runs. */
  readonly after?: string;
  readonly come: (plant: SystemPlant) => unknown;
}

/** Everything that comes on its own when a machine is switched on; some of it in two steps. */
const ARRIVALS: Readonly<Record<string, Arrival>> = {
  program: { come: plant => plant.start() },
  settings: { come: plant => plant.addSettings() },
  vebus: {
    come: plant => plant.add('vebus.ttyO1', { '/State': null, '/Dc/0/Voltage': null, '/Dc/0/Current': null }),
  },
  'values of vebus': {
    after: 'vebus',
    come: plant => {
      plant.set('vebus.ttyO1', '/Dc/0/Voltage', 25);
      plant.set('vebus.ttyO1', '/Dc/0/Current', 2);
      plant.set('vebus.ttyO1', '/State', 3);
    },
  },
  battery: {
    come: plant =>
      plant.add('battery.ttyO2', {
        '/DeviceInstance': null,
        '/Soc': 50,
        '/Dc/0/Power': 100,
        '/Dc/0/Voltage': 25,
        '/Dc/0/Current': 4,
      }),
  },
  'instance of battery': { after: 'battery', come: plant => plant.set('battery.ttyO2', '/DeviceInstance', 2) },
  charger: { come: plant => plant.add('charger.ttyO3', { '/Dc/0/Voltage': 25, '/Dc/0/Current': 3 }) },
  solar: { come: plant => plant.add('solarcharger.ttyO4', { '/Dc/0/Voltage': 25, '/Dc/0/Current': 4 }) },
  'a device that leaves': { come: plant => plant.add('charger.ttyO5', { '/Dc/0/Voltage': 25, '/Dc/0/Current': 1000 }) },
  'its leaving': { after: 'a device that leaves', come: plant => plant.remove('charger.ttyO5') },
};

/** Those that may come next are drawn from, until all are there. */
async function bootInOrder(seed: number): Promise<SystemPlant> {
  const random = seededRandom(seed);
  const plant = new SystemPlant({ withoutSettings: true });
  const left = new Map(Object.entries(ARRIVALS));
  while (left.size > 0) {
    const possible = [...left].filter(([, { after }]) => after === undefined || !left.has(after));
    const [name, arrival] = possible[Math.floor(random() * possible.length)] ?? [];
    if (name === undefined || arrival === undefined) throw new Error('nothing can come next');
    left.delete(name);
    await arrival.come(plant);
    if (random() < 0.5) await plant.advance(Math.floor(random() * 3_000));
  }
  await plant.advance(SETTLED_MS);
  return plant;
}

/** Of what stands there, what does not depend on who came first, or on the time. */
function lasting(plant: SystemPlant): Record<string, Value> {
  const order = /^\/(Timers|AvailableBatter|Batteries$|Dc\/Battery\/State$)/;
  return Object.fromEntries([...plant.tree()].filter(([path]) => !order.test(path)));
}

t.test('first boot with an empty settings store, in any order of arrival: the same system comes of it', async t => {
  const reference = await bootInOrder(0);
  t.equal(reference.get('/Dc/Battery/Soc'), 50);
  t.equal(reference.get('/Dc/Charger/Power'), 75);
  t.equal(reference.get('/Dc/Pv/Power'), 100);
  const wanted = lasting(reference);
  for (let seed = 1; seed <= ORDERS; seed++) {
    const plant = await bootInOrder(seed);
    t.ok(plant.isUp(), `order ${seed}: there`);
    t.strictSame(lasting(plant), wanted, `order ${seed}: the same`);
    t.equal((plant.get('/Batteries') as unknown[]).length, 1, `order ${seed}: batteries`);
    t.same(plant.failures(), [], `order ${seed}`);
    await plant.stop();
  }
  await reference.stop();
});

t.test('settings that go and come again while all else boots', async t => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const plant = new SystemPlant({ withoutSettings: true });
    plant.add('battery.ttyO2', { '/Soc': 50, '/Dc/0/Power': 100, '/Dc/0/Voltage': 25 });
    await plant.start();
    for (let n = 0; n < 4; n++) {
      plant.addSettings();
      if (random() < 0.5) await plant.advance(Math.floor(random() * 10));
      plant.remove('settings');
      if (random() < 0.5) await plant.advance(Math.floor(random() * 2_000));
    }
    plant.addSettings();
    await plant.advance(SETTLED_MS);
    t.equal(plant.get('/Dc/Battery/Soc'), 50, `run ${seed}`);
    t.same(plant.failures(), [], `run ${seed}`);
    await plant.stop();
  }
});

t.test('settings that stay away: no system without knowing how it is set up, and no failure either', async t => {
  const plant = new SystemPlant({ withoutSettings: true });
  await plant.start();
  await plant.advance(300_000);
  t.notOk(plant.isUp());
  t.same(plant.failures(), []);
  plant.addSettings();
  await plant.settle();
  t.ok(plant.isUp());
  await plant.stop();
});

t.test('sixty batteries, half of them twice the same instance', async t => {
  const plant = await new SystemPlant().start();
  for (let n = 0; n < 60; n++)
    plant.add(`battery.n${n}`, { '/DeviceInstance': n % 30, '/Dc/0/Voltage': 12, '/Dc/0/Power': n, '/Soc': n });
  await plant.advance(10_000);
  t.equal(plant.get('/Dc/Battery/BatteryService'), 'com.victronenergy.battery.n0');
  t.equal((plant.get('/Batteries') as unknown[]).length, 60);
  for (let n = 0; n < 60; n++) plant.remove(`battery.n${n}`);
  await plant.settle();
  t.equal(plant.get('/Dc/Battery/BatteryService'), null);
  t.same(plant.get('/Batteries'), []);
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('a battery monitor that goes and comes again: no other is listed as the monitor meanwhile', async t => {
  const plant = await new SystemPlant().start();
  const battery = { '/DeviceInstance': 2, '/Dc/0/Voltage': 12, '/Soc': 50 };
  const monitors = (): unknown[] =>
    (plant.get('/Batteries') as { id: string; active_battery_service: number }[])
      .filter(one => one.active_battery_service === 1)
      .map(one => one.id);
  plant.add('vebus.v', { '/State': 3, '/Dc/0/Voltage': 12, '/Soc': 40 });
  plant.add('battery.b', battery);
  await plant.advance(6_000);
  t.same(monitors(), ['com.victronenergy.battery.b']);
  plant.remove('battery.b');
  await plant.settle();
  t.same(monitors(), ['com.victronenergy.vebus.v']);
  plant.add('battery.b', battery);
  await plant.settle();
  t.same(monitors(), ['com.victronenergy.battery.b']);
  await plant.stop();
});
