import t from 'tap';
import { EssPlant, LIFE, PLAN, SHEDDING } from '../../../support/ess-plant.ts';

const SLOT = `${LIFE}/Schedule/Charge/0`;
/** Now is 10:00 UTC. */
const FROM_TEN = { [`${SLOT}/Day`]: 7, [`${SLOT}/Start`]: 36_000, [`${SLOT}/Duration`]: 3_600 };

function scheduled(plant: EssPlant): unknown[] {
  return [plant.get('/Control/ScheduledCharge'), plant.get('/Control/ScheduledChargeStatus')];
}

function orders(plant: EssPlant): unknown[] {
  return [plant.order('ForceCharge'), plant.order('MaxDischargePower')];
}

t.test('charges to the target, holds it, and lets go at the end', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 70 }).start();
  await plant.advance(6_000);
  t.same(scheduled(plant), [1, 0]);
  t.same(orders(plant), [1, -1]);
  t.equal(plant.get('/Control/ScheduledSoc'), 70);
  plant.soc(70);
  await plant.advance(6_000);
  t.same(orders(plant), [0, 1], 'reached: the battery gives nothing');
  plant.soc(66);
  await plant.advance(6_000);
  t.same(orders(plant), [0, 1], 'within the hysteresis');
  plant.soc(64);
  await plant.advance(6_000);
  t.same(orders(plant), [1, -1], 'below it');
  plant.soc(69);
  await plant.advance(6_000);
  t.same(orders(plant), [1, -1], 'goes on up to the target');
  plant.setting(`${SLOT}/Duration`, 10);
  await plant.advance(6_000);
  t.same(scheduled(plant), [0, 0]);
  t.same(orders(plant), [0, -1]);
  t.equal(plant.get('/Control/ScheduledSoc'), null);
  await plant.stop();
});

t.test('a target of 100 % is kept up', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 100 }, 100).start();
  await plant.advance(6_000);
  t.same(orders(plant), [1, -1]);
  await plant.stop();
});

t.test('at the target solar power passes, but not all of it', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 50 }).start();
  plant.add('solarcharger.s', { '/Dc/0/Voltage': 50, '/Dc/0/Current': 20 });
  await plant.advance(11_000);
  t.same(orders(plant), [0, 800]);
  plant.soc(52);
  await plant.advance(6_000);
  t.same(orders(plant), [0, 950]);
  plant.setting(`${SLOT}/AllowDischarge`, 1);
  await plant.advance(6_000);
  t.same(orders(plant), [0, -1]);
  await plant.stop();
});

t.test('orders are repeated, as hub4 forgets them', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 70 }).start();
  await plant.advance(61_000);
  const writes = plant.bus.simulated('com.victronenergy.hub4')?.writes ?? [];
  t.equal(writes.filter(({ path }) => path === '/Overrides/ForceCharge').length, 12);
  await plant.stop();
});

t.test('why not', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 70 }).start();
  plant.setting(`${LIFE}/State`, 9);
  await plant.advance(6_000);
  t.same(scheduled(plant), [0, 3], 'kept charged');
  plant.setting(`${LIFE}/State`, 10);
  plant.multi('/Soc', null);
  await plant.advance(6_000);
  t.same(scheduled(plant), [0, 2], 'no state of charge');
  plant.soc(50);
  plant.multi('/Hub4/AssistantId', null);
  await plant.advance(6_000);
  t.same(scheduled(plant), [0, 1], 'no ESS');
  await plant.stop();
});

t.test('Dynamic ESS goes before load shedding, and that before the schedule', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 70, [`${LIFE}/State`]: 10 }).start();
  await plant.advance(6_000);
  t.same(scheduled(plant), [1, 0]);

  plant.setting(`${SHEDDING}/Mode`, 1);
  plant.setting(`${SHEDDING}/PreparationTime`, 3_600);
  plant.setting(`${SHEDDING}/MinSoc`, 40);
  plant.setting(`${SHEDDING}/Schedule/0/Start`, plant.secondsFromNow(1_800));
  plant.setting(`${SHEDDING}/Schedule/0/Duration`, 600);
  await plant.advance(11_000);
  t.equal(plant.get('/LoadShedding/Active'), 1);
  t.same(scheduled(plant), [0, 4]);
  t.same(orders(plant), [0, -1], 'those of load shedding');
  t.match((await plant.why('/Control/ScheduledCharge')).notes.join(), /load shedding/);

  plant.setting(`${PLAN}/BatteryCapacity`, 10);
  plant.setting(`${PLAN}/Schedule/0/Start`, plant.secondsFromNow(-10));
  plant.setting(`${PLAN}/Schedule/0/Duration`, 3_600);
  plant.setting(`${PLAN}/Schedule/0/TargetSoc`, 90);
  plant.setting(`${PLAN}/Mode`, 1);
  await plant.advance(11_000);
  t.equal(plant.get('/DynamicEss/Active'), 1);
  t.equal(plant.get('/LoadShedding/Active'), 0);
  t.same(scheduled(plant), [0, 4]);
  t.same(plant.order('ForceCharge'), 1, 'that of Dynamic ESS');
  t.match((await plant.why('/Control/ScheduledCharge')).notes.join(), /Dynamic ESS/);

  plant.setting(`${PLAN}/Mode`, 0);
  plant.setting(`${SHEDDING}/Mode`, 0);
  await plant.advance(11_000);
  t.same(scheduled(plant), [1, 0]);
  t.same(orders(plant), [1, -1], 'the schedule has it again');
  await plant.stop();
});

t.test('two at once never write against each other', async t => {
  const plant = await new EssPlant({ ...FROM_TEN, [`${SLOT}/Soc`]: 70, [`${LIFE}/State`]: 10 }).start();
  plant.setting(`${PLAN}/BatteryCapacity`, 10);
  plant.setting(`${PLAN}/Schedule/0/Start`, plant.secondsFromNow(0));
  plant.setting(`${PLAN}/Schedule/0/Duration`, 3_600);
  plant.setting(`${PLAN}/Schedule/0/TargetSoc`, 20); // discharge, which the schedule would not want
  plant.setting(`${PLAN}/Mode`, 1);
  await plant.advance(11_000);
  const hub4 = plant.bus.simulated('com.victronenergy.hub4');
  const before = hub4?.writes.length ?? 0;
  await plant.advance(60_000);
  const values = (hub4?.writes ?? []).slice(before).filter(({ path }) => path === '/Overrides/ForceCharge');
  t.same(new Set(values.map(({ value }) => value)), new Set([0]));
  await plant.stop();
});
