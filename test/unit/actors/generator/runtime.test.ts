/**
 * Hours are exact: whatever happens to the program and to the wall clock, what the settings have at the end is the time
 * in which the relay was closed. Random from a seed; a failing seed is the bug report.
 */
import t from 'tap';
import { generatorActor } from '../../../../src/actors/generator/generator-actor.ts';
import { parseDaily } from '../../../../src/actors/generator/runtime-book.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { GeneratorBench } from '../../../support/generator-bench.ts';

const SEEDS = 6;
const STEPS = 40;
/** 2026-03-02 22:50 UTC: it is ten minutes to midnight in Amsterdam. */
const EVENING_MS = Date.UTC(2026, 2, 2, 22, 50);
const HOUR_MS = 3_600_000;
const MIDNIGHT_OF_THE_3RD = Date.UTC(2026, 2, 3) / 1000;

/** Lets time pass second by second. @returns for how many of them the relay was closed */
async function pass(bench: GeneratorBench, seconds: number): Promise<number> {
  let closed = 0;
  for (let i = 0; i < seconds; i++) {
    await bench.seconds(1);
    if (bench.relay === 1) closed++;
  }
  return closed;
}

function days(bench: GeneratorBench): number {
  return [...parseDaily(String(bench.setting('AccumulatedDaily'))).values()].reduce((sum, one) => sum + one, 0);
}

t.test(
  'killed, ended and started again, over midnight, with a clock that is set: every second counts once',
  async t => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const bench = new GeneratorBench(() => generatorActor('this boot'), EVENING_MS);
      await bench.start();
      let closed = 0;
      let setTo = false;
      for (let step = 0; step < STEPS; step++) {
        const what = random();
        if (what < 0.3) await bench.write('/ManualStart', random() < 0.7 ? 1 : 0);
        else if (what < 0.6) {
          if (what < 0.45) await bench.crash();
          else await bench.stop();
          closed += await pass(bench, Math.floor(random() * 100));
          await bench.start();
        } else if (what < 0.65 && seed % 2 === 0) {
          bench.clock.jumpWall(Math.round((random() - 0.5) * 48 * HOUR_MS));
          setTo = true;
        }
        closed += await pass(bench, Math.floor(random() * 90));
      }
      await bench.write('/ManualStart', 0);
      closed += await pass(bench, 3);
      await bench.stop();
      const name = `seed ${seed}${setTo ? ', the clock was set' : ''}`;
      t.equal(bench.setting('AccumulatedTotal'), closed, `${name}: in all`);
      t.equal(days(bench), closed, `${name}: by day`);
      t.equal(bench.lastError, null);
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
