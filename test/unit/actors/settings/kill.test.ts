/** kill -9 at random points on a real file system; `npm run faults:settings` does it a thousand times. */
import { CHILD, killRun, storeUntilKilled } from '../../../support/kill-run.ts';

const [program = '', what, folder = ''] = process.argv.slice(1);
if (what === CHILD) await storeUntilKilled(folder);

// Not loaded by the program that is killed: it would be slow to start.
const { default: t } = await import('tap');
t.test('nothing acknowledged is lost', async t => {
  const report = await killRun(program, 15, 1);
  t.same(report.problems, []);
  t.ok(report.acknowledged > 100, `${report.acknowledged} acknowledged changes`);
});
