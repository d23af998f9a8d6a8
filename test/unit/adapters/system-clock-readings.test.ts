import t from 'tap';
import { SystemClock } from '../../../src/adapters/system-clock.ts';

/** Gives one reading after the other, then the last for ever. */
function readings(...values: number[]): () => number {
  return () => (values.length > 1 ? values.shift() : values[0]) ?? 0;
}

t.test('a single wrong reading is not believed', async t => {
  const spike = 22_903_613_545;
  const clock = new SystemClock(readings(1000, 1000, 2000, spike, 2001, 2001, 3000), readings(5000));
  t.equal(clock.monotonic(), 2000);
  t.equal(clock.monotonic(), 2001, 'read again');
  t.equal(clock.monotonic(), 3000);
});

t.test('a clock that was really set is followed', async t => {
  const clock = new SystemClock(readings(0), readings(1000, 1000, 3_600_000, 3_600_000, 3_600_001, 10));
  t.equal(clock.wall(), 3_600_000);
  t.equal(clock.wall(), 3_600_001);
  t.equal(clock.wall(), 10, 'backwards too');
});
