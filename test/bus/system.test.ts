/** The system calculation in the program, on a real bus: values follow devices of others, and say why they are what they are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { type Explanation, GXD_INTERFACE } from '../../src/bus/explain.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Value } from '../../src/schema/row.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';
import { ServedDevice } from '../support/served-devices.ts';

const SYSTEM = 'com.victronenergy.system';
const BATTERY = 'com.victronenergy.battery.ttyUSB0';
const CHARGER = 'com.victronenergy.charger.ttyUSB1';

t.test('values of others, and why', async t => {
  const daemon = await TestDaemon.start();
  const data = mkdtempSync(join(tmpdir(), 'gxd-test-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  const clock = new SystemClock();
  const log = new LogBook(clock, () => {}).for('test');
  const bus = await DbusBus.open({ address: daemon.address, clock, random: seededRandom(1), log });
  const world = new World(bus, () => clock.monotonic());
  bus.observe(world);
  const common = { '/Connected': 1, '/ProductName': 'Device', '/Mgmt/Connection': 'test' };
  const battery = await ServedDevice.publish(bus, BATTERY, {
    ...common,
    '/DeviceInstance': 289,
    '/Soc': 71,
    '/Dc/0/Voltage': 52,
    '/Dc/0/Current': 2,
    '/Dc/0/Power': 104,
  });
  const plant = await DbusBus.open({ address: daemon.address, clock, random: seededRandom(2), log });
  await ServedDevice.publish(plant, CHARGER, {
    ...common,
    '/DeviceInstance': 290,
    '/Dc/0/Voltage': 52,
    '/Dc/0/Current': 5,
  });
  const gxd = startGxd(['run', '--only', 'settings,system', '--data', data], environment);
  t.teardown(async () => {
    await gxd.kill();
    await plant.close();
    await bus.close();
    await daemon.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const until = (path: string, wanted: Value): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (world.value(SYSTEM, path) === wanted) resolve();
      };
      world.watch({ service: SYSTEM, path }, look);
      world.watchServices({ added: look });
      look();
    });

  await until('/Dc/Battery/Power', 104);
  await until('/Dc/Charger/Power', 260);
  battery.set('/Dc/0/Power', 105);
  await until('/Dc/Battery/Power', 105);

  const args = { signature: 's', body: ['/Dc/Battery/Power'] };
  const reply = await bus.call(SYSTEM, '/', GXD_INTERFACE, 'Why', args);
  const why = JSON.parse(String(reply.body[0])) as Explanation; // the contract of Why
  t.match(why, { service: SYSTEM, path: '/Dc/Battery/Power', value: 105, topic: 'battery' });
  t.match(
    why.inputs.find(input => input.path === '/Dc/0/Power'),
    { service: BATTERY, value: 105, ageMs: Number },
  );
  const told = await runGxd(['why', SYSTEM, '/Dc/Battery/Power'], environment);
  t.equal(told.code, 0);
  t.match(told.out, /Dc\/Battery\/Power = 105/);
  t.match(told.out, /power of the battery monitor/);
  t.match(told.out, /battery\.ttyUSB0 \/Dc\/0\/Power +105 ?W +\d+\.\d s old/);

  await plant.close();
  await until('/Dc/Charger/Power', null);
});
