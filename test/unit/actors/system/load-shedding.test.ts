import t from 'tap';
import { EssPlant, SHEDDING } from '../../../support/ess-plant.ts';

const MARGINS = {
  [`${SHEDDING}/Mode`]: 1,
  [`${SHEDDING}/PreparationTime`]: 600,
  [`${SHEDDING}/DisconnectMargin`]: 60,
  [`${SHEDDING}/ReconnectMargin`]: 120,
  [`${SHEDDING}/StabilityMargin`]: 30,
  [`${SHEDDING}/MinSoc`]: 80,
};

/** An announcement for in half an hour. */
async function announced(): Promise<EssPlant> {
  const plant = new EssPlant(MARGINS);
  plant.setting(`${SHEDDING}/Schedule/0/Start`, plant.secondsFromNow(1_800));
  plant.setting(`${SHEDDING}/Schedule/0/Duration`, 1_200);
  await plant.start();
  await plant.advance(6_000);
  return plant;
}

/** The phase, whether the grid is ignored, and whether the battery is charged. */
function state(plant: EssPlant): unknown[] {
  return [plant.get('/LoadShedding/Active'), plant.multiAt('/Ac/Control/IgnoreAcIn1'), plant.order('ForceCharge')];
}

t.test('charges before, leaves the grid, and takes it again when it has proved steady', async t => {
  const plant = await announced();
  t.same(state(plant), [0, 0, 0]);
  t.equal(plant.get('/LoadShedding/Available'), 1);
  t.equal(plant.get('/LoadShedding/NextDisconnect'), plant.secondsFromNow(1_800 - 60 - 6));
  await plant.advance(1_140_000);
  t.same(state(plant), [1, 0, 1], '10 minutes before it leaves');
  plant.soc(80);
  await plant.advance(6_000);
  t.same(state(plant), [1, 0, 0]);
  t.equal(plant.order('MaxDischargePower'), 1, 'and held there');
  await plant.advance(600_000);
  t.same(state(plant), [2, 1, 0], 'a minute before the outage');
  plant.multi('/Ac/State/AcIn1Available', 0);
  await plant.advance(60_000);
  t.equal(plant.get('/LoadShedding/Active'), 3);
  await plant.advance(600_000);
  plant.multi('/Ac/State/AcIn1Available', 1);
  await plant.advance(6_000);
  t.same(state(plant).slice(0, 2), [4, 1], 'back, but not trusted yet');
  await plant.advance(20_000);
  t.same(state(plant).slice(0, 2), [4, 1]);
  await plant.advance(21_000);
  t.same(state(plant).slice(0, 2), [5, 0]);
  await plant.advance(700_000);
  t.same(state(plant).slice(0, 2), [0, 0], 'over');
  await plant.stop();
});

t.test('an outage that does not come', async t => {
  const plant = await announced();
  await plant.advance(1_750_000);
  t.same(state(plant).slice(0, 2), [2, 1]);
  await plant.advance(190_000);
  t.same(state(plant).slice(0, 2), [5, 0], 'takes the grid again after the margins');
  await plant.stop();
});

t.test('the grid that never comes back is taken at the end all the same', async t => {
  const plant = await announced();
  await plant.advance(1_750_000);
  plant.multi('/Ac/State/AcIn1Available', 0);
  await plant.advance(1_260_000);
  t.same(state(plant).slice(0, 2), [0, 0]);
  await plant.stop();
});

t.test('switched off in the middle, it takes the grid again', async t => {
  const plant = await announced();
  await plant.advance(1_750_000);
  t.same(state(plant).slice(0, 2), [2, 1]);
  plant.setting(`${SHEDDING}/Mode`, 0);
  await plant.advance(2_000);
  t.same(state(plant).slice(0, 2), [0, 0]);
  t.match((await plant.why('/LoadShedding/Active')).notes.join(), /is off/);
  await plant.stop();
});

t.test('no generator is cut off', async t => {
  const plant = new EssPlant({ ...MARGINS, '/Settings/SystemSetup/AcInput1': 2 });
  plant.setting(`${SHEDDING}/Schedule/0/Start`, plant.secondsFromNow(30));
  plant.setting(`${SHEDDING}/Schedule/0/Duration`, 600);
  await plant.start();
  await plant.advance(20_000);
  t.equal(plant.get('/LoadShedding/Available'), 0);
  t.equal(plant.multiAt('/Ac/Control/IgnoreAcIn1'), 0);
  await plant.stop();
});
