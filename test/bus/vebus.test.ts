/** VE.Bus by the whole program: simulated devices at the other end of a pty, clients on a real bus. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { SerialLinks } from '../../src/adapters/serial-links.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { SimulatedMulti, simulateMulti } from '../../src/drivers/vebus/simulator.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';

/** Two ptys that are one line. */
async function line(t: Test, near: string, far: string): Promise<ChildProcess> {
  const socat = spawn('socat', [`PTY,link=${near},raw,echo=0`, `PTY,link=${far},raw,echo=0`], { stdio: 'ignore' });
  t.teardown(() => void socat.kill());
  while (!existsSync(near) || !existsSync(far)) await wait(20);
  return socat;
}

t.test('a Multi on a pty: on the bus, read and written', async t => {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-vebus-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  t.teardown(async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const far = join(folder, 'far');
  await line(t, join(folder, 'ttyUSB7'), far);
  const clock = new SystemClock();
  const link = await new SerialLinks().open(far, { baudRate: 2_400 });
  const multi = new SimulatedMulti({});
  const simulator = simulateMulti(clock, link, { multi });
  const gxd = startGxd(
    ['run', '--only', 'serial-scanner', '--data', folder, '--serial', join(folder, 'ttyUSB*'), '--serial-locks', ''],
    environment,
  );
  t.teardown(async () => {
    await gxd.kill();
    simulator.release();
    await link.close();
  });
  await gxd.untilSaid('MultiPlus 48/3000/35-50 is on the bus');
  const get = async (path: string): Promise<string> =>
    (await runGxd(['get', 'com.victronenergy.vebus.ttyUSB7', path], environment)).out;
  await wait(2_000);
  t.match(await get('/Ac/Out/L1/P'), /400/);
  t.match(await get('/Mode'), /3|on/);
  const { code } = await runGxd(['set', 'com.victronenergy.vebus.ttyUSB7', '/Mode', '4'], environment);
  t.equal(code, 0);
  t.equal(multi.mode, 4);
  t.match(await get('/Interfaces/Mk2/Faults/Checksum'), /0/);
});
