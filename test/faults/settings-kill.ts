/** `npm run faults:settings [-- KILLS [SEED]]`: kill -9 while settings are stored, 1,000 times. */
import { CHILD, killRun, storeUntilKilled } from '../support/kill-run.ts';

const [program = '', first = '1000', second = '1'] = process.argv.slice(1);
if (first === CHILD) await storeUntilKilled(second);
const report = await killRun(program, Number(first), Number(second));
console.log(`${report.kills} kills, ${report.acknowledged} acknowledged changes, ${report.problems.length} problems`);
for (const problem of report.problems) console.log(problem);
process.exit(report.problems.length === 0 ? 0 : 1);
