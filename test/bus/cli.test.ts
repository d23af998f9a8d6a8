/** The program as a person meets it: the bundled file, a real daemon, real exit codes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';

const SETTINGS = 'com.victronenergy.settings';

async function setUp(t: Test) {
  const daemon = await TestDaemon.start();
  const data = mkdtempSync(join(tmpdir(), 'gxd-test-'));
  t.teardown(async () => {
    await daemon.stop();
    rmSync(data, { recursive: true, force: true });
  });
  return { daemon, data, environment: { DBUS_SYSTEM_BUS_ADDRESS: daemon.address } };
}

t.test('help and version', async t => {
  const help = await runGxd(['--help']);
  t.equal(help.code, 0);
  for (const command of ['run', 'demo', 'ls', 'get', 'set', 'watch', 'text'])
    t.match(help.out, new RegExp(`gxd ${command}`));
  t.match((await runGxd(['run', '--help'])).out, /--data DIR/);
  t.match(await runGxd(['--version']), { code: 0, out: /^gxd \d+\.\d+\.\d+\n$/ });
});

t.test('a wrong command line: one line, exit code 2', async t => {
  for (const args of [
    ['fly'],
    ['run', '--fly'],
    ['run', 'settings'],
    ['run', '--only', 'fly'],
    ['run', '--only', 'settings', '--without', 'system'],
    ['run', '--log', 'loud'],
    ['run', '--modbus-port', '99999'],
    ['get', 'battery.ttyUSB0'],
    ['ls', 'a', 'b'],
    ['demo', '--seconds', 'many'],
    ['simulate'],
    ['simulate', 'toaster'],
    ['simulate', 'bmv', '--link', 'tcp:99999'],
    ['ports', 'all'],
  ]) {
    const { code, out, err } = await runGxd(args);
    t.equal(code, 2, args.join(' '));
    t.match(err, /^gxd: [^\n]+\n$/, 'one line');
    t.equal(out, '');
  }
});

t.test('no bus: one line, exit code 3', async t => {
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
  for (const args of [['run', '--only', 'system'], ['ls'], ['get', 'system', '/Serial']]) {
    const { code, err } = await runGxd(args, environment);
    t.equal(code, 3, args.join(' '));
    t.match(err, /^gxd: [^\n]+\n$/);
  }
});

t.test('a data folder that cannot be written: one line, exit code 4', async t => {
  const { data, environment } = await setUp(t);
  const file = join(data, 'file');
  writeFileSync(file, '');
  const { code, err } = await runGxd(['run', '--only', 'settings', '--data', join(file, 'below')], environment);
  t.equal(code, 4);
  t.match(err, /^gxd: the data folder [^\n]+\n$/);
});

t.test('settings: run, read, write, watch, and kept over a restart', async t => {
  const { data, environment } = await setUp(t);
  const run = ['run', '--only', 'settings,system', '--data', data];
  const gxd = startGxd(run, environment);
  await gxd.untilSaid('settings are served');
  const path = '/Settings/SystemSetup/MaxChargeCurrent';
  await untilThere(['get', SETTINGS, path], environment);

  const watch = startGxd(['watch', 'settings', path], environment);
  await watch.untilSaid(path);
  t.match(await runGxd(['get', 'settings', path], environment), { code: 0, out: '-1\n' });
  t.match(await runGxd(['set', 'settings', path, '25'], environment), { code: 0, out: '', err: '' });
  await watch.untilSaid(/MaxChargeCurrent 25/);
  await watch.kill();
  t.match(await runGxd(['get', 'settings', path, '--json'], environment), { code: 0, out: '25\n' });
  t.match(await runGxd(['text', 'settings', path], environment), { code: 0, out: /^25/ });
  t.match(await runGxd(['set', 'settings', path, 'much'], environment), { code: 1, err: /refused much/ });
  t.match(await runGxd(['get', 'settings', '/Nope'], environment), { code: 3, err: /Nope/ });

  const services = JSON.parse((await runGxd(['ls', '--json'], environment)).out) as { service: string }[]; // our own output
  t.same(
    services.map(one => one.service),
    [SETTINGS, 'com.victronenergy.system'],
  );
  t.match((await runGxd(['ls', 'system'], environment)).out, /^\/Dc\/Battery\/Power +---$/m);

  t.equal((await gxd.kill('SIGKILL')).code, null);
  const again = startGxd(run, environment);
  await again.untilSaid('settings are served');
  t.match(await runGxd(['get', 'settings', path], environment), { out: '25\n' }, 'what was acknowledged is there');
  t.equal((await again.kill('SIGTERM')).code, 0, 'ends as asked');
});

t.test('the demonstration shows both devices and leaves nothing behind', async t => {
  const folders = (): string[] => readdirSync(tmpdir()).filter(name => name.startsWith('gxd-demo-'));
  const before = folders();
  const demo = startGxd(['demo', 'test/fixtures/vedirect/bmv702.dump', 'test/fixtures/vedirect/bluesolar_1.23.dump']);
  await demo.untilSaid('DBUS_SYSTEM_BUS_ADDRESS=');
  await demo.untilSaid(/battery\.ttyUSB0 {2}BMV-700[\s\S]*\/Dc\/0\/Voltage +\d+\.\d\dV/);
  await demo.untilSaid(/solarcharger\.ttyUSB1 {2}BlueSolar[\s\S]*\/Yield\/Power +\d+W/);
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(demo.pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  t.ok(children.length >= 4, 'daemon, two devices, gxd');
  t.equal((await demo.kill('SIGINT')).code, 0);
  for (const pid of children) t.throws(() => process.kill(Number(pid), 0), 'gone');
  t.same(folders(), before);
});

/** Runs a command until it succeeds; the test's own time limit ends it otherwise. */
async function untilThere(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  while ((await runGxd(args, environment)).code !== 0);
}
