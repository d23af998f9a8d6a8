/** When the next test run is, whether it is skipped, and whether these are quiet hours. */
import type { Decision } from './decision.ts';
import type { Account } from './why.ts';

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

export function explainTestRun({ inputs, memory, plan }: Decision): Account {
  const { setting } = inputs;
  const rule =
    'From its start date on, each time the days of the interval have passed, at its time of day; not when the engine ' +
    'has run enough by itself within the interval.';
  if (plan.next === null && plan.skip === null)
    return {
      rule,
      notes: ['Test runs are switched off.'],
      changes: ['They count when the setting TestRun/Enabled is 1.'],
    };
  const skipAt = setting('TestRun/SkipRuntime');
  const notes = [
    `Each ${setting('TestRun/Interval')} days, ` +
      (setting('TestRun/RunTillBatteryFull') === 1
        ? 'until the battery is full.'
        : `for ${setting('TestRun/Duration')} s.`),
    plan.next === null ? 'None is planned.' : `The next one begins at ${dateOf(plan.next)}.`,
    skipAt === 0
      ? 'None is skipped.'
      : `Within the interval the engine has run for ${inputs.intervalRuntime} s; from ${skipAt} s on a run is skipped.`,
  ];
  if (memory.testRun.run !== null) notes.unshift('One is under way.');
  else if (memory.testRun.within !== null && memory.testRun.spent === memory.testRun.within)
    notes.unshift('That of this moment is over, or the clock was set into it.');
  return { rule, notes, changes: [] };
}

export function explainQuietHours({ inputs, quiet }: Decision): Account {
  const { setting, zone, wallMs } = inputs;
  const rule = 'Within quiet hours, by the local time of day, conditions have other limits.';
  if (setting('QuietHours/Enabled') !== 1)
    return {
      rule,
      notes: ['They are switched off.'],
      changes: ['They count when the setting QuietHours/Enabled is 1.'],
    };
  const hours = (seconds: number): string =>
    [seconds / 3600, (seconds / 60) % 60].map(part => String(Math.floor(part)).padStart(2, '0')).join(':');
  const from = hours(setting('QuietHours/StartTime'));
  const to = hours(setting('QuietHours/EndTime'));
  const now = hours(zone.local(wallMs).secondOfDay);
  return {
    rule,
    notes: [`From ${from} to ${to} in ${zone.name || 'UTC'}; it is ${now} there${quiet ? '' : ': outside'}.`],
    changes: [quiet ? `They end at ${to}.` : `They begin at ${from}.`],
  };
}
