/** A simulated solar charger on a VE.Can bus over TCP, the whole program, a real bus: read, written, led, gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';

t.test('an MPPT on VE.Can', async t => {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-vecan-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  const mppt = startGxd(['simulate', 'vecan-mppt', '--link', 'tcp:0']);
  await mppt.untilSaid(/can0=tcp:\S+/);
  const [bus = ''] = /can0=tcp:\S+/.exec(mppt.said) ?? [];
  const gxd = startGxd(['run', '--only', 'settings,can-scanner', '--data', folder, '--can', bus], environment);
  t.teardown(async () => {
    await gxd.kill();
    await mppt.kill();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await gxd.untilSaid(/socketcan_can0_vi0_uc30688/);
  const service = 'solarcharger.socketcan_can0_vi0_uc30688';
  const get = async (name: string, path: string): Promise<string> =>
    (await runGxd(['get', name, path], environment)).out.trim();
  const set = async (name: string, path: string, value: string) =>
    (await runGxd(['set', name, path, value], environment)).code;
  /** Waits until a value is as it should be; the test's own time limit ends it otherwise. */
  const until = async (name: string, path: string, value: RegExp): Promise<void> => {
    while (!value.test(await get(name, path)));
  };
  await until(service, '/Mode', /^1$/);
  t.match(await get(service, '/ProductName'), /MPPT VE.Can/);
  t.equal(await get(service, '/Mgmt/Connection'), 'VE.Can');
  await until(service, '/Dc/0/Voltage', /^\d\d/);
  t.equal(await set(service, '/Mode', '4'), 0);
  await until(service, '/State', /^0$/);
  t.equal(await set(service, '/Mode', '1'), 0);
  t.not(await set(service, '/Settings/ChargeCurrentLimit', '999'), 0, 'the device refuses');
  t.equal(await set('vecan.can0', '/Link/NetworkMode', '5'), 0);
  await until(service, '/State', /^252$/);
  t.equal((await mppt.kill()).code, 0);
  await gxd.untilSaid(/can0: .*closed by the other side/);
  t.notMatch((await runGxd(['ls'], environment)).out, /solarcharger|vecan/);
});
