import t from 'tap';
import { type ChargeWindow, isInside } from '../../../../src/actors/system/topics/ess/charge-windows.ts';

/** `2026-03-02 10:00` as local time; that day is a Monday. */
function at(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}Z`);
}

const EIGHT = 8 * 3600;
const TEN_PM = 22 * 3600;
const HOUR = 3600;

t.test('days', async t => {
  const cases: readonly [string, ChargeWindow, string, boolean][] = [
    ['Monday', { day: 1, start: EIGHT, duration: HOUR }, '2026-03-02 08:00', true],
    ['its last second', { day: 1, start: EIGHT, duration: HOUR }, '2026-03-02 08:59:59', true],
    ['its end', { day: 1, start: EIGHT, duration: HOUR }, '2026-03-02 09:00', false],
    ['before', { day: 1, start: EIGHT, duration: HOUR }, '2026-03-02 07:59:59', false],
    ['not on Tuesday', { day: 1, start: EIGHT, duration: HOUR }, '2026-03-03 08:30', false],
    ['across midnight', { day: 1, start: TEN_PM, duration: 4 * HOUR }, '2026-03-03 01:30', true],
    ['Sunday', { day: 0, start: EIGHT, duration: HOUR }, '2026-03-08 08:30', true],
    ['a whole day and more', { day: 1, start: EIGHT, duration: 30 * HOUR }, '2026-03-03 13:00', true],
    ['daily', { day: 7, start: EIGHT, duration: HOUR }, '2026-03-05 08:30', true],
    ['daily, of yesterday', { day: 7, start: TEN_PM, duration: 4 * HOUR }, '2026-03-05 00:30', true],
    ['weekdays on Friday', { day: 8, start: EIGHT, duration: HOUR }, '2026-03-06 08:30', true],
    ['weekdays on Saturday', { day: 8, start: EIGHT, duration: HOUR }, '2026-03-07 08:30', false],
    ['weekdays, of Friday', { day: 8, start: TEN_PM, duration: 4 * HOUR }, '2026-03-07 01:00', true],
    ['weekdays, of Sunday', { day: 8, start: TEN_PM, duration: 4 * HOUR }, '2026-03-09 01:00', false],
    ['weekends on Sunday', { day: 9, start: EIGHT, duration: HOUR }, '2026-03-08 08:30', true],
    ['weekends on Friday', { day: 9, start: EIGHT, duration: HOUR }, '2026-03-06 08:30', false],
    ['weekends, of Saturday', { day: 9, start: TEN_PM, duration: 4 * HOUR }, '2026-03-08 01:00', true],
    ['weekends, of Sunday', { day: 9, start: TEN_PM, duration: 4 * HOUR }, '2026-03-09 01:00', true],
    ['weekends, not of Friday', { day: 9, start: TEN_PM, duration: 4 * HOUR }, '2026-03-07 01:00', false],
    ['monthly', { day: 11, start: EIGHT, duration: HOUR }, '2026-04-01 08:30', true],
    ['monthly, not on the second', { day: 11, start: EIGHT, duration: HOUR }, '2026-04-02 08:30', false],
    ['monthly, of the first', { day: 11, start: TEN_PM, duration: 4 * HOUR }, '2026-04-02 01:30', true],
    ['monthly, into a new year', { day: 11, start: EIGHT, duration: HOUR }, '2027-01-01 08:30', true],
    ['off', { day: -7, start: EIGHT, duration: HOUR }, '2026-03-02 08:30', false],
    ['no time of day', { day: 7, start: -1, duration: HOUR }, '2026-03-02 00:00', false],
    ['no time of day either', { day: 7, start: 86_400, duration: HOUR }, '2026-03-03 00:30', false],
    ['no duration', { day: 7, start: EIGHT, duration: 0 }, '2026-03-02 08:00', false],
  ];
  for (const [name, window, time, expected] of cases) t.equal(isInside(window, at(time)), expected, name);
});

t.test('through a year, each window is open for exactly its time on each of its days', async t => {
  const year = at('2026-01-01 00:00');
  const half = 1_800_000;
  const openHours = (day: number): number => {
    let halves = 0;
    for (let i = 0; i < 365 * 48; i++)
      if (isInside({ day, start: TEN_PM, duration: 4 * HOUR }, year + i * half)) halves++;
    return halves / 2;
  };
  // The night before the year adds two hours where it counts, the last one loses two.
  t.equal(openHours(7), 365 * 4);
  t.equal(openHours(8), 261 * 4);
  t.equal(openHours(9), 104 * 4);
  t.equal(openHours(11), 12 * 4);
  t.equal(openHours(3), 52 * 4 + 2, 'the night before the year is one of these');
});
