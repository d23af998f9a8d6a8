import t from 'tap';
import type { NumberKey } from '../../../../src/actors/generator/settings.ts';
import {
  NO_TEST_RUN,
  planTestRun,
  stepTestRun,
  type TestRunInputs,
  type TestRunState,
} from '../../../../src/actors/generator/test-run.ts';
import { TimeZone } from '../../../../src/kernel/time-zone.ts';

const ZONE = new TimeZone('Europe/Amsterdam');
const HOUR_MS = 3_600_000;
/** 2026-03-02 00:00 in Amsterdam */
const MIDNIGHT = Date.UTC(2026, 2, 1, 23);

const SETTINGS: Partial<Record<NumberKey, number>> = {
  'TestRun/Enabled': 1,
  'TestRun/StartDate': MIDNIGHT / 1000 + 40_000,
  'TestRun/StartTime': 12 * 3600,
  'TestRun/Interval': 2,
  'TestRun/Duration': 1800,
};

/** A clock, a calendar and a test run; moves in minutes. */
class Course {
  readonly settings: Partial<Record<NumberKey, number>>;
  soc: number | null = 60;
  intervalRuntime = 0;
  #state: TestRunState = NO_TEST_RUN;
  #now = 0;
  #wallMs: number;
  readonly #zone: TimeZone;

  constructor(wallMs: number, settings: Partial<Record<NumberKey, number>> = {}, zone = ZONE) {
    this.#wallMs = wallMs;
    this.#zone = zone;
    this.settings = { ...SETTINGS, ...settings };
  }

  get runs(): boolean {
    return this.#state.run !== null;
  }

  plan(): ReturnType<typeof planTestRun> {
    return planTestRun(key => this.settings[key] ?? 0, this.#inputs(false));
  }

  minutes(n: number): void {
    for (let i = 0; i < n; i++) this.#tick(60_000, 0);
  }

  setClock(byMs: number): void {
    this.#tick(1000, byMs);
  }

  #tick(ms: number, jumpMs: number): void {
    this.#now += ms;
    this.#wallMs += ms + jumpMs;
    const inputs = this.#inputs(jumpMs !== 0);
    const setting = (key: NumberKey): number => this.settings[key] ?? 0;
    const plan = planTestRun(setting, inputs);
    this.#state = stepTestRun(this.#state, setting, plan, inputs, this.#now, this.#now);
  }

  #inputs(clockSet: boolean): TestRunInputs {
    return { wallMs: this.#wallMs, clockSet, zone: this.#zone, soc: this.soc, intervalRuntime: this.intervalRuntime };
  }
}

t.test('runs every second day, at its time, for its duration', async t => {
  const course = new Course(MIDNIGHT);
  const ran: number[] = [];
  for (let minute = 1; minute <= 5 * 24 * 60; minute++) {
    course.minutes(1);
    if (course.runs) ran.push(minute);
  }
  const day = 24 * 60;
  const expected = [0, 2, 4].flatMap(n => Array.from({ length: 31 }, (_, i) => n * day + 12 * 60 + i));
  t.same(ran, expected);
});

t.test('the next run, before, within and after its time, and before the first day', async t => {
  const at = (hours: number): number | null => new Course(MIDNIGHT + hours * HOUR_MS).plan().next;
  t.equal(at(0), MIDNIGHT / 1000 + 12 * 3600);
  t.equal(at(12.2), MIDNIGHT / 1000 + 12 * 3600);
  t.equal(at(13), MIDNIGHT / 1000 + 60 * 3600);
  t.equal(at(30), MIDNIGHT / 1000 + 60 * 3600);
  t.equal(at(-30), MIDNIGHT / 1000, 'its first day');
  t.equal(new Course(MIDNIGHT, { 'TestRun/Enabled': 0 }).plan().next, null);
});

t.test('noon is noon when summer time has begun', async t => {
  const sunday = Date.UTC(2026, 2, 28, 23);
  const course = new Course(sunday, { 'TestRun/StartDate': sunday / 1000 });
  t.equal(course.plan().next, Date.UTC(2026, 2, 29, 10) / 1000);
});

t.test('once a day, for its duration, also on days of 23 and of 25 hours', async t => {
  const minutes = 20;
  /** Zone, a moment before midnight of the day on which its clocks change, and the day's minutes. */
  const days = [
    ['Europe/Amsterdam', Date.UTC(2026, 2, 28, 22, 50), 23 * 60],
    ['Europe/Amsterdam', Date.UTC(2026, 9, 24, 21, 50), 25 * 60],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 12, 50), 24.5 * 60],
    ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 13, 20), 23.5 * 60],
  ] as const;
  for (const [name, begin, length] of days) {
    const zone = new TimeZone(name);
    t.equal(zone.local(begin + 10 * 60_000).secondOfDay, 0, `${name}: midnight`);
    for (let startTime = 0; startTime <= 5 * 3600; startTime += 1800) {
      const settings = {
        'TestRun/StartDate': begin / 1000 - 86_400,
        'TestRun/StartTime': startTime,
        'TestRun/Interval': 1,
        'TestRun/Duration': minutes * 60,
      };
      const course = new Course(begin, settings, zone);
      let ran = 0;
      let starts = 0;
      for (let minute = 0; minute < length; minute++) {
        const before = course.runs;
        course.minutes(1);
        if (course.runs) ran++;
        if (course.runs && !before) starts++;
      }
      t.equal(starts, 1, `${name}, ${startTime / 3600} h`);
      t.ok(Math.abs(ran - minutes) <= 1, `${name}, ${startTime / 3600} h: ${ran} minutes`);
    }
  }
});

t.test('a run that the clock is set into is not run, one under way is not ended', async t => {
  const course = new Course(MIDNIGHT + 10 * HOUR_MS);
  course.minutes(5);
  course.setClock(2 * HOUR_MS);
  course.minutes(10);
  t.equal(course.runs, false);
  course.setClock(-HOUR_MS);
  course.minutes(120);
  t.equal(course.runs, false, 'it is spent');
  course.minutes(47 * 60);
  t.equal(course.runs, true, 'the next one is run');
  course.setClock(5 * HOUR_MS);
  course.minutes(3);
  t.equal(course.runs, true);
  course.minutes(30);
  t.equal(course.runs, false);
});

t.test('is skipped when the engine has run enough by itself', async t => {
  const course = new Course(MIDNIGHT + 11.9 * HOUR_MS, { 'TestRun/SkipRuntime': 3600 });
  course.intervalRuntime = 3600;
  t.equal(course.plan().skip, 1);
  course.minutes(10);
  t.equal(course.runs, false);
  course.intervalRuntime = 3599;
  course.minutes(1);
  t.equal(course.runs, true);
  course.intervalRuntime = 5000;
  course.minutes(1);
  t.equal(course.runs, true, 'its own time does not end it');
});

t.test('until the battery is full', async t => {
  const course = new Course(MIDNIGHT + 12 * HOUR_MS - 60_000, { 'TestRun/RunTillBatteryFull': 1 });
  course.minutes(300);
  t.equal(course.runs, true);
  course.soc = null;
  course.minutes(4);
  t.equal(course.runs, true, 'a value may be missing for a while');
  course.soc = 100;
  course.minutes(1);
  t.equal(course.runs, false);
});

t.test('other settings in its time end a run', async t => {
  const course = new Course(MIDNIGHT + 12 * HOUR_MS);
  course.minutes(5);
  t.equal(course.runs, true);
  course.settings['TestRun/StartTime'] = 18 * 3600;
  course.minutes(1);
  t.equal(course.runs, false);
});
