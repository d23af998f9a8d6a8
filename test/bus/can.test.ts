/** CAN by the whole program: a battery on a bus over TCP, clients on a real D-Bus, and commands as people give them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { CanBus, serveBus } from '../../src/adapters/can-bus.ts';
import { NodeNet } from '../../src/adapters/node-net.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { CanBatterySimulator } from '../../src/drivers/can-bms/simulator.ts';
import { ALL_STANDARD } from '../../src/ports/can.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { runGxd, startGxd } from '../support/program.ts';

t.test('a battery on a bus over TCP: on D-Bus, in gxd ports, in gxd can; it goes with its bus', async t => {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-can-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  const net = new NodeNet();
  const bus = new CanBus('can0');
  const served = await serveBus(net, bus, 0);
  const socket = bus.join([ALL_STANDARD]);
  const battery = new CanBatterySimulator(new SystemClock(), 'pylontech', frame => void socket.send(frame));
  const can = `can0=tcp://127.0.0.1:${served.port}`;
  const gxd = startGxd(['run', '--only', 'settings,can-scanner', '--data', folder, '--can', can], environment);
  t.teardown(async () => {
    await gxd.kill();
    battery.release();
    await served.release();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await gxd.untilSaid('Pylontech battery is on the bus');
  const items = (await runGxd(['ls', 'battery.can0'], environment)).out;
  t.match(items, /\/Info\/MaxChargeVoltage +56.80V/);
  t.match(items, /\/ProductId +0xB009/);
  const ports = await runGxd(['ports'], environment);
  t.match(ports.out, /can0 +up +2 .*vecan, can-bms/);
  const dump = await runGxd(['can', 'dump', can, '--count', '1', '351:7FF']);
  t.match(dump.out, / {2}can0 {2}351 {3}\[6\] {2}38 02 E8 03 B0 04/);
  await served.release();
  await gxd.untilSaid(/can0: .*closed by the other side/);
  const { out } = await runGxd(['ls'], environment);
  t.match(out, /canscanner/);
  t.notMatch(out, /battery/);
});

t.test('what is wrong with a command line is said', async t => {
  const wrong = await runGxd(['run', '--can', 'can0=udp://x']);
  t.equal(wrong.code, 2);
  t.match(wrong.err, /--can: .*is no CAN interface/);
  const nowhere = await runGxd(['can', 'dump', 'can77']);
  t.equal(nowhere.code, 1);
  t.match(nowhere.err, /cannot open can77: no such CAN interface \(configuration\)/);
});
