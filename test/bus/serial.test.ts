/** The serial side of the whole program: simulated devices of its own on ptys and TCP, real bus. */
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';

async function setUp(t: Test) {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-serial-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  t.teardown(async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const locks = join(folder, 'locks');
  const run = (serial: string) =>
    startGxd(
      ['run', '--only', 'settings,serial-scanner', '--data', folder, '--serial', serial, '--serial-locks', locks],
      environment,
    );
  const get = async (service: string, path: string): Promise<string> =>
    (await runGxd(['get', service, path], environment)).out.trim();
  /** Waits until a value is as it should be; the test's own time limit ends it otherwise. */
  const until = async (service: string, path: string, value: RegExp): Promise<void> => {
    while (!value.test(await get(service, path)));
  };
  return { environment, folder, locks, run, get, until };
}

t.test('an MPPT on a pty: found, read, written, steered, locked, remembered', async t => {
  const { environment, folder, locks, run, get, until } = await setUp(t);
  const port = join(folder, 'ttyUSB3');
  const mppt = startGxd(['simulate', 'mppt', '--link', `pty:${port}`]);
  await mppt.untilSaid(port);
  const gxd = run(join(folder, 'ttyUSB*'));
  await gxd.untilSaid('is on the bus');
  const service = 'solarcharger.ttyUSB3';
  t.equal(readlinkSync(join(locks, 'ttyUSB3')), String(gxd.pid));
  await until(service, '/Settings/ChargeCurrentLimit', /^15$/);
  t.match(await get(service, '/Dc/0/Voltage'), /^2\d\./);
  const set = async (path: string, value: string) => (await runGxd(['set', service, path, value], environment)).code;
  t.equal(await set('/Mode', '4'), 0);
  await until(service, '/State', /^0$/);
  t.equal(await set('/Mode', '1'), 0);
  t.not(await set('/Settings/ChargeCurrentLimit', '99'), 0, 'the device refuses');
  t.equal(await set('/Link/NetworkMode', '5'), 0);
  await until(service, '/State', /^252$/);
  t.match((await runGxd(['ports'], environment)).out, /ttyUSB3 +served +vedirect +19200 +SmartSolar/);
  t.equal((await gxd.kill()).code, 0);
  t.throws(() => readlinkSync(join(locks, 'ttyUSB3')), 'the lock is given back');
  const remembered = readFileSync(join(folder, 'conf', 'serial-ports.json'), 'utf8');
  t.match(remembered, /"driver": "vedirect"/);
  t.equal((await mppt.kill()).code, 0);
});

t.test('a port that another program has locked is left to it', async t => {
  const { folder, locks, run, environment } = await setUp(t);
  mkdirSync(locks);
  symlinkSync(String(process.pid), join(locks, 'ttyUSB0'));
  const port = join(folder, 'ttyUSB0');
  const bmv = startGxd(['simulate', 'bmv', '--link', `pty:${port}`]);
  await bmv.untilSaid(port);
  const gxd = run(port);
  await gxd.untilSaid('held by another program');
  rmSync(join(locks, 'ttyUSB0'));
  await gxd.untilSaid('BMV-712 Smart is on the bus');
  t.match((await runGxd(['ports', '--json'], environment)).out, /"State": "served"/);
  await gxd.kill();
  await bmv.kill();
});

t.test('a GPS behind a serial server', async t => {
  const { run, until } = await setUp(t);
  const gps = startGxd(['simulate', 'gps', '--link', 'tcp:0']);
  await gps.untilSaid(/tcp:\/\/127\.0\.0\.1:\d+/);
  const address = gps.said.match(/tcp:\/\/127\.0\.0\.1:\d+/)?.[0] ?? '';
  const gxd = run(address);
  await gxd.untilSaid('NMEA-0183 GPS');
  await until(`gps.${address.replace(/\W+/g, '_')}`, '/Fix', /^1$/);
  await gps.kill();
  await gxd.untilSaid(/waiting/);
  await gxd.kill();
  t.pass('found, and missed when it has gone');
});
