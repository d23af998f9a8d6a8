/** A simulated solar charger on a VE.Can bus over TCP, the whole program, a real bus: read, written, led, gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { World } from '../../src/bus/world.ts';
import type { Owned } from '../../src/kernel/actor.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Value } from '../../src/schema/row.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { startGxd } from '../support/program.ts';

const SOLAR = 'com.victronenergy.solarcharger.socketcan_can0_vi0_uc30688';
const NETWORK = 'com.victronenergy.vecan.can0';

t.test('an MPPT on VE.Can', async t => {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-vecan-'));
  const mppt = startGxd(['simulate', 'vecan-mppt', '--link', 'tcp:0']);
  await mppt.untilSaid(/can0=tcp:\S+/);
  const [can = ''] = /can0=tcp:\S+/.exec(mppt.said) ?? [];
  const gxd = startGxd(['run', '--only', 'settings,can-scanner', '--data', folder, '--can', can], {
    DBUS_SYSTEM_BUS_ADDRESS: daemon.address,
  });
  const clock = new SystemClock();
  const log = new LogBook(clock, () => {}).for('test');
  const bus = await DbusBus.open({ address: daemon.address, clock, random: seededRandom(1), log });
  const world = new World(bus, () => clock.monotonic());
  bus.observe(world);
  t.teardown(async () => {
    await gxd.kill();
    await mppt.kill();
    await bus.close();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Settles when a value is as it should be; the test's own time limit ends it otherwise. */
  const until = (path: string, isRight: (value: Value) => boolean): Promise<void> =>
    new Promise(resolve => {
      const watches: Owned[] = [];
      const look = (): void => {
        if (!isRight(world.value(SOLAR, path))) return;
        for (const watch of watches) void watch.release();
        resolve();
      };
      watches.push(world.watch({ service: SOLAR, path }, look), world.watchServices({ added: look, removed: look }));
      look();
    });
  const write = async (service: string, path: string, value: number): Promise<boolean> =>
    (await world.write(service, path, value)).ok;

  await until('/Mode', value => value === 1);
  t.match(world.value(SOLAR, '/ProductName'), /MPPT VE.Can/);
  t.equal(world.value(SOLAR, '/Mgmt/Connection'), 'VE.Can');
  await until('/Dc/0/Voltage', value => Number(value) > 10);
  t.equal(await write(SOLAR, '/Mode', 4), true);
  await until('/State', value => value === 0);
  t.equal(await write(SOLAR, '/Mode', 1), true);
  await until('/Settings/ChargeCurrentLimit', value => Number(value) > 0);
  t.equal(await write(SOLAR, '/Settings/ChargeCurrentLimit', 999), false, 'the device refuses');
  t.equal(await write(NETWORK, '/Link/NetworkMode', 5), true);
  await until('/State', value => value === 252);
  t.equal((await mppt.kill()).code, 0);
  await gxd.untilSaid(/can0: .*closed by the other side/);
  await until('/State', value => value === null);
  t.equal(world.service(NETWORK), undefined);
});
