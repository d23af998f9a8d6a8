import t from 'tap';
import { localMidnight, localTime, offsetMs } from '../../../../src/actors/system/local-time.ts';

const HOUR_MS = 3_600_000;

t.test('local time of zones, with their summer time', t => {
  const winter = Date.UTC(2026, 0, 15, 12, 30, 45);
  const summer = Date.UTC(2026, 6, 15, 23, 30, 45);
  t.same(localTime(winter, 'Europe/Amsterdam'), {
    year: 2026,
    month: 1,
    day: 15,
    hour: 13,
    minute: 30,
    second: 45,
    weekday: 4,
  });
  t.equal(localTime(summer, 'Europe/Amsterdam').day, 16);
  t.equal(offsetMs(summer, 'Asia/Kathmandu'), 5.75 * HOUR_MS);
  t.equal(offsetMs(winter, ''), 0);
  t.equal(offsetMs(winter, 'No/Such_Zone'), 0, 'an unknown zone counts as UTC');
  t.end();
});

t.test('midnight, on days of 23, 24 and 25 hours', t => {
  const zone = 'Europe/Amsterdam';
  const noon = (month: number, day: number): number => Date.UTC(2026, month - 1, day, 11);
  t.equal(localMidnight(noon(3, 28), zone), Date.UTC(2026, 2, 27, 23));
  t.equal(localMidnight(noon(3, 29), zone, 1) - localMidnight(noon(3, 29), zone), 23 * HOUR_MS);
  t.equal(localMidnight(noon(10, 25), zone, 1) - localMidnight(noon(10, 25), zone), 25 * HOUR_MS);
  t.equal(localMidnight(noon(12, 31), zone, 1), Date.UTC(2026, 11, 31, 23));
  t.end();
});

t.test('the offset changes at its very moment', t => {
  const change = Date.UTC(2026, 2, 29, 1);
  t.equal(offsetMs(change - 1, 'Europe/Amsterdam'), HOUR_MS);
  t.equal(offsetMs(change, 'Europe/Amsterdam'), 2 * HOUR_MS);
  t.end();
});
