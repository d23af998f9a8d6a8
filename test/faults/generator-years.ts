/**
 * `npm run faults:generator [-- YEARS [FIRST_SEED]]`: simulated years of plants with a generator, one year a seed, with
 * crashes, missing values, hold-ups and set clocks. Prints each seed that breaks a rule.
 */
import { simulateHours } from '../support/generator-hours.ts';
import { simulateGenerator } from '../support/generator-simulation.ts';

const DAYS_OF_YEAR = 366;
const YEARS = 5;
/** Of deaths and starts of the whole actor, with its hours compared. */
const HOUR_STEPS = 300;

const [years = String(YEARS), firstSeed = '1000'] = process.argv.slice(2);
if (!/^[1-9]\d{0,3}$/.test(years) || !/^\d{1,9}$/.test(firstSeed)) {
  console.error('usage: faults:generator [YEARS [FIRST_SEED]]');
  process.exit(2);
}

let failed = 0;
for (let i = 0; i < Number(years); i++) {
  const seed = Number(firstSeed) + i;
  const report = simulateGenerator({ seed, days: DAYS_OF_YEAR, clockSet: i % 2 === 1 });
  const still = simulateGenerator({ seed, days: DAYS_OF_YEAR / 12, byWallClock: false });
  const moved = simulateGenerator({ seed, days: DAYS_OF_YEAR / 12, byWallClock: false, clockSet: true });
  const violations = [...report.violations];
  const hours = await simulateHours(seed, HOUR_STEPS, i % 2 === 1);
  if (hours.total !== hours.closed || hours.days !== hours.closed || hours.error !== null)
    violations.push(`hours: ${JSON.stringify(hours)}`);
  if (still.history.join() !== moved.history.join()) violations.push('a set clock has moved the engine');
  console.log(
    `seed ${seed}: ${report.ticks} ticks, ${report.starts} starts, ${report.restarts} restarts, ` +
      `${hours.closed} s counted, ${violations.length} violations`,
  );
  for (const violation of violations) console.log(`  ${violation}`);
  if (violations.length > 0) failed++;
}
console.log(`${Number(years) - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
