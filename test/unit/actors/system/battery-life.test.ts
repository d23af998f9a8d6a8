import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { EssPlant, LIFE } from '../../../support/ess-plant.ts';

const STATE = `${LIFE}/State`;
const FLAGS = `${LIFE}/Flags`;
const LIMIT = `${LIFE}/SocLimit`;
const MINIMUM = `${LIFE}/MinimumSocLimit`;
const DAY_S = 86_400;
const QUARTER_S = 900;

/** What the settings say, after some seconds in which the rules have settled. */
async function settled(plant: EssPlant): Promise<[state: unknown, flags: unknown, limit: unknown]> {
  await plant.advance(8_000);
  return [plant.settingAt(STATE), plant.settingAt(FLAGS), plant.settingAt(LIMIT)];
}

async function started(settings: Record<string, number>, soc: number): Promise<EssPlant> {
  return new EssPlant({ [MINIMUM]: 10, [LIMIT]: 30, ...settings }, soc).start();
}

t.test('a day through all states: the limit moves once for each', async t => {
  const plant = await started({ [STATE]: 1 }, 50);
  t.same(await settled(plant), [2, 0, 30]);
  plant.soc(30);
  t.same(await settled(plant), [5, 4, 35], 'at the limit: discharged, the limit goes up');
  plant.soc(39);
  t.same(await settled(plant), [2, 4, 35], 'above the limit by more than 3 %');
  plant.soc(35);
  t.same(await settled(plant), [5, 4, 35], 'again on the same day: the limit stays');
  plant.soc(86);
  t.same(await settled(plant), [3, 6, 30], 'absorption moves it down');
  plant.soc(96);
  t.same(await settled(plant), [4, 7, 25], 'float once more');
  plant.soc(91);
  t.same(await settled(plant), [3, 7, 25]);
  plant.soc(81);
  t.same(await settled(plant), [2, 7, 25]);
  t.equal(plant.get('/Control/ActiveSocLimit'), 25);
  await plant.stop();
});

t.test('far below the limit it charges from the grid, up to 5 % below the limit', async t => {
  const plant = await started({ [STATE]: 1 }, 50);
  await settled(plant);
  plant.soc(30);
  await settled(plant);
  plant.soc(25);
  t.same((await settled(plant))[0], 8);
  plant.soc(29);
  t.same((await settled(plant))[0], 8);
  plant.soc(30);
  t.same((await settled(plant))[0], 5);
  await plant.stop();
});

t.test('sustain while discharged', async t => {
  const plant = await started({ [STATE]: 1 }, 50);
  await settled(plant);
  plant.multi('/Hub4/Sustain', 1);
  t.same((await settled(plant))[0], 7);
  plant.multi('/Hub4/Sustain', 0);
  t.same((await settled(plant))[0], 2);
  await plant.stop();
});

t.test('a battery that stays discharged for a day is charged by force', async t => {
  const plant = await started({ [STATE]: 1 }, 35);
  plant.setting(LIMIT, 35);
  t.same(await settled(plant), [5, 4, 40]);
  plant.soc(39);
  plant.setting(`${LIFE}/DischargedTime`, plant.secondsFromNow(QUARTER_S / 2 - DAY_S));
  await plant.advance((QUARTER_S / 2 - 60) * 1_000);
  t.equal(plant.settingAt(STATE), 5);
  await plant.advance(QUARTER_S * 2_000);
  t.equal(plant.settingAt(STATE), 6);
  t.equal(plant.settingAt(LIMIT), 45);
  plant.soc(46);
  t.same((await settled(plant))[0], 5, 'above the limit: discharged, from where it may become normal');
  plant.soc(49);
  t.same((await settled(plant))[0], 2);
  await plant.stop();
});

t.test('flags go at local midnight', async t => {
  const plant = new EssPlant({ [STATE]: 2, [FLAGS]: 7, [MINIMUM]: 10 });
  plant.settings?.set('/Settings/System/TimeZone', 'Pacific/Chatham'); // where it is 23:45 now
  await plant.start();
  await plant.advance(14 * 60_000);
  t.equal(plant.settingAt(FLAGS), 7);
  await plant.advance(QUARTER_S * 1_000);
  t.equal(plant.settingAt(FLAGS), 0);
  await plant.stop();
});

t.test('keep charged has no limit, and stays', async t => {
  const plant = await started({ [STATE]: 9 }, 20);
  t.same(await settled(plant), [9, 0, 30]);
  t.equal(plant.get('/Control/ActiveSocLimit'), null);
  await plant.stop();
});

t.test('without BatteryLife the limit is that of the user', async t => {
  const plant = await started({ [STATE]: 10 }, 50);
  t.same((await settled(plant))[0], 10);
  t.equal(plant.get('/Control/ActiveSocLimit'), 10);
  plant.soc(10);
  t.same((await settled(plant))[0], 11);
  plant.soc(5);
  t.same((await settled(plant))[0], 12);
  plant.soc(10);
  t.same((await settled(plant))[0], 11);
  plant.soc(13);
  t.same(await settled(plant), [10, 0, 30], 'and BatteryLife has learned nothing');
  await plant.stop();
});

t.test('a minimum of more than 80 % counts as it is', async t => {
  const plant = await started({ [STATE]: 2, [MINIMUM]: 95 }, 97);
  await settled(plant);
  t.equal(plant.get('/Control/ActiveSocLimit'), 95);
  await plant.stop();
});

t.test('without an ESS nothing happens', async t => {
  const plant = await started({ [STATE]: 2 }, 50);
  plant.multi('/Hub4/AssistantId', null);
  plant.soc(5);
  t.same(await settled(plant), [2, 0, 30]);
  t.equal(plant.get('/Control/ActiveSocLimit'), null);
  t.match((await plant.why('/Control/ActiveSocLimit')).notes.join(), /no ESS/);
  await plant.stop();
});

/** Whatever the state of charge does, the limit stays in its bounds and moves by no more than a few steps a day. */
for (const seed of [3, 17, 101]) {
  t.test(`any course of the state of charge, seed ${seed}`, async t => {
    const random = seededRandom(seed);
    const below = (count: number): number => Math.floor(random() * count);
    const plant = await started({ [STATE]: 1, [MINIMUM]: below(40) }, 50);
    let limit = Number(plant.settingAt(LIMIT));
    let moves = 0;
    for (let i = 0; i < 300; i++) {
      plant.soc(below(101));
      if (below(20) === 0) plant.multi('/Hub4/Sustain', below(2));
      await plant.advance(1_000);
      const now = Number(plant.settingAt(LIMIT));
      if (now !== limit) moves++;
      limit = now;
      if (limit < 0 || limit > 80) t.fail(`limit of ${limit} %, step ${i}`);
      const state = Number(plant.settingAt(STATE));
      if (state < 1 || state > 8) t.fail(`state ${state}, step ${i}`);
    }
    t.ok(moves <= 3, `${moves} moves within a day`);
    await plant.stop();
  });
}
