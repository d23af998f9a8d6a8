/** Plugs and unplugs on real pseudo terminals: the short form of `npm run faults:plug`. */
import t from 'tap';
import { LIMIT_MS, median, plugRun } from '../support/plug-run.ts';

t.test('every device is recognised in time, and nothing is left behind', async t => {
  const report = await plugRun({ events: 80, ports: 4, seed: 7, kinds: ['bmv', 'mppt', 'gps'] });
  t.same(report.problems, []);
  t.ok(report.first.length > 10);
  t.ok(median(report.first) <= 1_500, `median ${median(report.first)} ms`);
  t.ok((report.first.at(-1) ?? 0) <= LIMIT_MS, `longest ${report.first.at(-1)} ms`);
  t.ok(report.descriptors[1] <= report.descriptors[0], `descriptors ${report.descriptors.join(' → ')}`);
  t.ok(report.timers[1] <= report.timers[0], `timers ${report.timers.join(' → ')}`);
});
