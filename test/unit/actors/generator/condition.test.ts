import t from 'tap';
import {
  CONDITION_AT_REST,
  type ConditionLimits,
  isLost,
  stepCondition,
} from '../../../../src/actors/generator/condition.ts';

const FALLING: ConditionLimits = { startAt: 50, stopAt: 80, startTimerMs: 2000, stopTimerMs: 3000 };
const RISING: ConditionLimits = { startAt: 60, stopAt: 30, startTimerMs: 0, stopTimerMs: 0 };

/** A value each second → whether the condition was reached then. */
function course(limits: ConditionLimits, values: readonly (number | null)[]): string {
  let state = CONDITION_AT_REST;
  let shown = '';
  values.forEach((value, i) => {
    state = stepCondition(state, value, limits, i * 1000);
    shown += state.reached ? '#' : '.';
  });
  return shown;
}

t.test('timeleap, input, output', async t => {
  const table: readonly [name: string, ConditionLimits, (number | null)[], string][] = [
    ['starts after its time', FALLING, [60, 50, 50, 50, 50], '...##'],
    ['a value that comes back starts the time anew', FALLING, [50, 50, 60, 50, 50, 50], '.....#'],
    ['holds between start and stop', FALLING, [50, 50, 50, 79, 79], '..###'],
    ['stops after its time', FALLING, [50, 50, 50, 80, 80, 80, 80, 60], '..####..'],
    ['a value that falls again keeps it on', FALLING, [50, 50, 50, 80, 80, 70, 80, 80, 80, 80], '..#######.'],
    ['rising values, without times', RISING, [59, 60, 31, 30, 60], '.##.#'],
    ['a missing value proves nothing', FALLING, [50, 50, null, 50, 50, 50], '.....#'],
    ['what is reached stays so while it is missing', RISING, [60, null, null, 40, 30], '####.'],
    ['start and stop alike never start at the limit', { ...RISING, stopAt: 60 }, [60, 59, 60], '.#.'],
  ];
  for (const [name, limits, values, expected] of table) t.equal(course(limits, values), expected, name);
});

t.test('lost after 300 missing reads, let go of after one more', async t => {
  let state = stepCondition(CONDITION_AT_REST, 60, RISING, 0);
  for (let i = 1; i <= 299; i++) state = stepCondition(state, null, RISING, i * 1000);
  t.equal(isLost(state, 299_000), false);
  state = stepCondition(state, null, RISING, 300_000);
  t.same([isLost(state, 300_000), state.reached], [true, true]);
  state = stepCondition(state, null, RISING, 301_000);
  t.same([isLost(state, 301_000), state.reached], [true, false]);
  state = stepCondition(state, 40, RISING, 302_000);
  t.same([isLost(state, 302_000), state.reached], [false, false]);
});
