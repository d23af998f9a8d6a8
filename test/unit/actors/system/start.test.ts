import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const ORDERS = 40;

t.test('first boot with an empty settings store, in any order of arrival', async t => {
  for (let seed = 1; seed <= ORDERS; seed++) {
    const random = seededRandom(seed);
    const plant = new SystemPlant({ withoutSettings: true });
    const arrivals: (() => unknown)[] = [
      () => plant.start(),
      () => plant.addSettings(),
      () => plant.add('vebus.ttyO1', { '/State': 3, '/Dc/0/Voltage': 25, '/Dc/0/Current': 2 }),
      () => plant.add('battery.ttyO2', { '/DeviceInstance': 2, '/Soc': 50, '/Dc/0/Power': 100, '/Dc/0/Voltage': 25 }),
      () => plant.add('charger.ttyO3', { '/Dc/0/Voltage': 25, '/Dc/0/Current': 3 }),
      () => plant.add('solarcharger.ttyO4', { '/Dc/0/Voltage': 25, '/Dc/0/Current': 4 }),
    ];
    while (arrivals.length > 0) {
      const [arrive] = arrivals.splice(Math.floor(random() * arrivals.length), 1);
      await arrive?.();
      if (random() < 0.5) await plant.advance(Math.floor(random() * 3_000));
    }
    await plant.advance(8_000);
    t.ok(plant.isUp(), `order ${seed}: there`);
    t.equal(plant.get('/Dc/Battery/Soc'), 50, `order ${seed}: battery`);
    t.equal(plant.get('/Dc/Charger/Power'), 75, `order ${seed}: charger`);
    t.equal(plant.get('/Dc/Pv/Power'), 100, `order ${seed}: solar`);
    t.equal((plant.get('/Batteries') as unknown[]).length, 1, `order ${seed}: batteries`);
    t.same(plant.failures(), [], `order ${seed}`);
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
