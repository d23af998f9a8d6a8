import t from 'tap';
import { distribute, type Share } from '../../../../src/actors/system/topics/dvcc/distribution.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';

const CASES = 5_000;
/** Chargers take tenths: what rounding can add to a sum. Amperes. */
const ROUNDING = 0.1 + 1e-9;

t.test('one charger gets the limit, rounded up, but no more than it is set to', async t => {
  t.same(distribute(44.2, [{ limit: 100, current: 0 }]), [45]);
  t.same(distribute(120, [{ limit: 100, current: 0 }]), [100]);
  t.same(distribute(0, [{ limit: 100, current: 30 }]), [0]);
  t.same(distribute(30, []), []);
});

t.test('a limit that is nearly all is none', async t => {
  const chargers = [
    { limit: 60, current: 10 },
    { limit: 40, current: 10 },
  ];
  t.same(distribute(95.1, chargers), [60, 40]);
  t.not(distribute(95, chargers)[0], 60);
});

t.test('chargers with the same room are treated alike, one with more sun gets more', async t => {
  t.same(
    distribute(80, [
      { limit: 100, current: 10 },
      { limit: 100, current: 10 },
    ]),
    [40, 40],
  );
  const [sunny = 0, shaded = 0] = distribute(60, [
    { limit: 100, current: 40 },
    { limit: 100, current: 0 },
  ]);
  t.ok(sunny > shaded);
  t.equal(sunny + shaded, 60);
});

t.test('chargers that run at their limit share by what they can make', async t => {
  t.same(
    distribute(50, [
      { limit: 75, current: 75 },
      { limit: 25, current: 30 },
    ]),
    [37.5, 12.5],
  );
});

t.test('never above the limit, never above what a charger can make, never below 0', async t => {
  const random = seededRandom(7);
  for (let i = 0; i < CASES; i++) {
    const chargers: Share[] = Array.from({ length: 2 + Math.floor(random() * 6) }, () => ({
      limit: Math.round(random() * 1000) / 10,
      // Also more than it can charge with, and less than nothing.
      current: random() * 150 - 20,
    }));
    const limit = Math.round(random() * 3000) / 10;
    const shares = distribute(limit, chargers);
    const sum = shares.reduce((total, share) => total + share, 0);
    const isRight =
      shares.length === chargers.length &&
      sum <= Math.max(limit, 0) / 0.95 + ROUNDING &&
      (sum <= limit + ROUNDING || limit > 0.95 * chargers.reduce((total, one) => total + one.limit, 0)) &&
      shares.every((share, n) => share >= 0 && share <= (chargers[n]?.limit ?? 0));
    if (!isRight) t.fail(`case ${i}: ${limit} A over ${JSON.stringify(chargers)} gave ${JSON.stringify(shares)}`);
  }
  t.pass(`${CASES} cases`);
});
