import t from 'tap';
import {
  addRuntime,
  formatDaily,
  HISTORY_DAYS,
  parseDaily,
  RuntimeBook,
  runtimeOver,
} from '../../../../src/actors/generator/runtime-book.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { TimeZone } from '../../../../src/kernel/time-zone.ts';

const DAY_S = 86_400;

t.test('a history as text, and back', async t => {
  const text = '{"1772323200": 3000, "1772409600": 600}';
  t.equal(formatDaily(parseDaily('{"1772409600": 600, "1772323200": 3000}')), text, 'oldest first');
  for (const broken of [
    '',
    'x',
    '[]',
    'null',
    '{"a": 1}',
    '{"1": "2"}',
    '{"1": -5}',
    '{"1": 1e999}',
    'x'.repeat(20_000),
  ])
    t.equal(parseDaily(broken).size, 0, broken.slice(0, 20));
  const many = new Map(Array.from({ length: 40 }, (_, i) => [i * DAY_S, 1]));
  const kept = parseDaily(formatDaily(many));
  t.equal(kept.size, HISTORY_DAYS);
  t.notOk(kept.has(9 * DAY_S), 'the oldest go');
  t.ok(kept.has(10 * DAY_S));
});

t.test('runtime of today and of an interval of days', async t => {
  const days = parseDaily('{"1772323200": 3000, "1772409600": 600}');
  const today = 1772409600 / DAY_S;
  t.equal(runtimeOver(days, today, 0), 600);
  t.equal(runtimeOver(days, today, 1), 3600);
  t.equal(runtimeOver(days, today + 4, 4), 600);
});

t.test('a tick over midnight counts for both days', async t => {
  const book = new RuntimeBook();
  book.add(10_000, { day: 5, secondOfDay: 4 });
  t.same(
    [...book.take().byDay],
    [
      [4 * DAY_S, 6],
      [5 * DAY_S, 4],
    ],
  );
});

t.test('fractions are carried, never lost', async t => {
  const book = new RuntimeBook();
  let seconds = 0;
  for (let i = 0; i < 1000; i++) {
    book.add(1003, { day: 5, secondOfDay: 40_000 });
    if (i % 60 === 0) seconds += book.take().seconds;
  }
  seconds += book.take().seconds;
  t.equal(seconds, 1003);
});

t.test('the days add up to what has run, however the clock is set', async t => {
  const random = seededRandom(7);
  const zone = new TimeZone('Europe/Amsterdam');
  const book = new RuntimeBook();
  let days = parseDaily('');
  let ran = 0;
  let saved = 0;
  let wallMs = Date.UTC(2026, 9, 20);
  for (let i = 0; i < 20_000; i++) {
    const dt = random() < 0.001 ? Math.floor(random() * 3 * DAY_S * 1000) : 1000 + Math.floor(random() * 100);
    wallMs += dt;
    if (random() < 0.001) wallMs += Math.floor((random() - 0.5) * 4 * DAY_S * 1000);
    book.add(dt, zone.local(wallMs));
    ran += dt;
    if (i % 60 === 0) {
      const { byDay, seconds } = book.take();
      days = addRuntime(days, byDay);
      saved += seconds;
    }
  }
  const { byDay, seconds } = book.take();
  days = addRuntime(days, byDay);
  t.equal(saved + seconds, Math.floor(ran / 1000));
  t.equal(
    [...days.values()].reduce((sum, one) => sum + one, 0),
    Math.floor(ran / 1000),
  );
});
