/**
 * Hours are exact: whatever happens to the program and to the wall clock, what the settings have at the end is the time
 * in which the relay was closed. Random from a seed; a failing seed is the bug report. The long version is
 * test/faults/generator-years.ts.
 */
import t from 'tap';
import { generatorActor } from '../../../../src/actors/generator/generator-actor.ts';
import { parseDaily } from '../../../../src/actors/generator/runtime-book.ts';
import { GeneratorBench } from '../../../support/generator-bench.ts';
import { EVENING_MS, simulateHours } from '../../../support/generator-hours.ts';

const SEEDS = 4;
const STEPS = 16;
const MIDNIGHT_OF_THE_3RD = Date.UTC(2026, 2, 3) / 1000;

t.test(
  'killed, ended and started again, over midnight, with a clock that is set: every second counts once',
  async t => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { closed, total, days, error } = await simulateHours(seed, STEPS, seed % 2 === 0);
      t.same([total, days, error], [closed, closed, null], `seed ${seed}`);
    }
  },
);

t.test('a death over midnight: each day has its part', async t => {
  const bench = new GeneratorBench(() => generatorActor('this boot'), EVENING_MS);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(540);
  await bench.crash();
  await bench.seconds(120);
  await bench.start();
  await bench.seconds(60);
  await bench.write('/ManualStart', 0);
  await bench.seconds(2);
  const history = parseDaily(String(bench.setting('AccumulatedDaily')));
  t.same([history.get(MIDNIGHT_OF_THE_3RD), bench.setting('AccumulatedTotal')], [121, 720]);
  t.equal(bench.get('/TodayRuntime'), 121);
});

t.test('a record of another boot counts nothing that nobody has seen', async t => {
  let boot = 'one';
  const bench = new GeneratorBench(() => generatorActor(boot), EVENING_MS);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(100);
  await bench.crash();
  boot = 'two';
  await bench.seconds(1000);
  await bench.start();
  await bench.seconds(11);
  await bench.stop();
  t.ok(Number(bench.setting('AccumulatedTotal')) <= 111, `${bench.setting('AccumulatedTotal')}`);
});

t.test('times go on over a death: what is left of a start by hand, the minimum runtime, the warm-up', async t => {
  const bench = new GeneratorBench(() => generatorActor('this boot'), EVENING_MS);
  bench.set({ AutoStartEnabled: 1, WarmUpTime: 60, MinimumRuntime: 5 });
  await bench.start();
  await bench.write('/ManualStartTimer', 600);
  await bench.write('/ManualStart', 1);
  await bench.seconds(20);
  await bench.crash();
  await bench.seconds(30);
  await bench.start();
  await bench.seconds(2);
  t.equal(bench.get('/State'), 2, 'warm-up');
  await bench.seconds(12);
  t.equal(bench.get('/State'), 1, 'after a minute in all');
  await bench.crash();
  await bench.seconds(400);
  await bench.start();
  await bench.seconds(2);
  const left = Number(bench.get('/ManualStartTimer'));
  t.ok(left > 125 && left <= 140, `${left} s are left`);
  await bench.crash();
  await bench.seconds(200);
  await bench.start();
  await bench.seconds(2);
  t.equal(bench.relay, 0, 'it has ended meanwhile');
});
