import t from 'tap';
import { TimeZone } from '../../../src/kernel/time-zone.ts';

const HOUR_MS = 3_600_000;

t.test('local day and time of day', async t => {
  const amsterdam = new TimeZone('Europe/Amsterdam');
  // 2026-03-02 23:30:00.5 UTC is the next day there.
  const wallMs = Date.UTC(2026, 2, 2, 23, 30) + 500;
  t.same(amsterdam.local(wallMs), { day: Date.UTC(2026, 2, 3) / 86_400_000, secondOfDay: 1800.5 });
  t.equal(amsterdam.offsetMs(Date.UTC(2026, 6, 1)), 2 * HOUR_MS);
  t.equal(new TimeZone('Asia/Kathmandu').offsetMs(wallMs), 5.75 * HOUR_MS);
  t.equal(new TimeZone('').offsetMs(wallMs), 0);
});

t.test('the moment of a local time, over both changes of the year', async t => {
  const zone = new TimeZone('Europe/Amsterdam');
  for (const [year, month, date] of [
    [2026, 2, 28],
    [2026, 2, 29],
    [2026, 2, 30],
    [2026, 9, 24],
    [2026, 9, 25],
    [2026, 9, 26],
  ] as const) {
    const day = Date.UTC(year, month, date) / 86_400_000;
    for (const secondOfDay of [0, 3600, 4 * 3600, 15 * 3600, 86_399])
      t.same(
        zone.local(zone.moment(day, secondOfDay)),
        { day, secondOfDay },
        `${year}-${month + 1}-${date} ${secondOfDay}`,
      );
  }
});

t.test('an unknown zone is UTC, and says so', async t => {
  const zone = new TimeZone('Europe/Nowhere');
  t.equal(zone.known, false);
  t.equal(zone.offsetMs(0), 0);
});
