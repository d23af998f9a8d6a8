/** Properties that hold on any plant; the long version is test/faults/generator-years.ts. */
import t from 'tap';
import { simulateGenerator } from '../../../support/generator-simulation.ts';

const SEEDS = 10;
const DAYS = 1;

t.test('no plant breaks a rule', async t => {
  let starts = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = simulateGenerator({ seed, days: DAYS, clockSet: seed % 2 === 0 });
    starts += report.starts;
    t.same(report.violations, [], `seed ${seed}`);
  }
  t.ok(starts >= SEEDS, `${starts} starts`);
});

t.test('setting the wall clock neither starts nor stops an engine', async t => {
  for (let seed = 100; seed < 104; seed++) {
    const plain = simulateGenerator({ seed, days: DAYS, byWallClock: false });
    const set = simulateGenerator({ seed, days: DAYS, byWallClock: false, clockSet: true });
    t.same(set.history, plain.history, `seed ${seed}`);
  }
});
