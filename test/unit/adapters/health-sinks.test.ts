/** What init systems are told: systemd by its own tool (here a script in its place), others by a file. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { fileSink, systemdFeedMs, systemdSink } from '../../../src/adapters/health-sinks.ts';

t.test('systemd: nothing without its variables', t => {
  t.equal(
    systemdSink({}, () => {}),
    undefined,
  );
  t.equal(systemdFeedMs({}), undefined);
  t.equal(systemdFeedMs({ WATCHDOG_USEC: 'soon' }), undefined);
  t.equal(systemdFeedMs({ WATCHDOG_USEC: '30000000' }), 15_000, 'twice as often as it asks for');
  t.end();
});

t.test('systemd: ready, alive and stopping, for our process', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-test-'));
  const said = join(folder, 'said');
  const tool = join(folder, 'systemd-notify');
  writeFileSync(said, '');
  writeFileSync(tool, `#!/bin/sh\necho "$@" >> ${said}\n`);
  chmodSync(tool, 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = `${folder}:${path}`;
  t.teardown(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });
  const untilSaid = (text: string): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (!readFileSync(said, 'utf8').includes(text)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(said, look);
      look();
    });
  const failures: string[] = [];
  const sink = systemdSink({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '1000000' }, reason => failures.push(reason));
  sink?.ready();
  await untilSaid(`--pid=${process.pid} --ready`);
  sink?.alive();
  await untilSaid(`--pid=${process.pid} --ready WATCHDOG=1`);
  sink?.stopping();
  await untilSaid('STOPPING=1');
  t.same(failures, []);
  writeFileSync(tool, '#!/bin/sh\nexit 1\n');
  await new Promise<void>(resolve => {
    systemdSink({ NOTIFY_SOCKET: '/run/x' }, reason => {
      t.match(reason, /systemd-notify/);
      resolve();
    })?.ready();
  });
});

t.test('the watchdog file: made, touched, complained of when it cannot be', t => {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'alive');
  const failures: string[] = [];
  const sink = fileSink(file, reason => failures.push(reason));
  sink.ready();
  t.notOk(existsSync(file));
  sink.alive();
  utimesSync(file, 1, 1);
  sink.alive();
  t.ok(statSync(file).mtimeMs > 1_000_000);
  t.same(failures, []);
  fileSink(join(folder, 'no', 'folder'), reason => failures.push(reason)).alive();
  t.match(failures, [/watchdog file/]);
  t.end();
});
