/** The serial scanner: who may own a port, in which order drivers are tried, what is remembered, and what is shown. */
import t from 'tap';
import { PortMemory } from '../../src/actors/serial-scanner/port-memory.ts';
import { ruleFor } from '../../src/actors/serial-scanner/port-rules.ts';
import { GpsSimulator } from '../../src/drivers/gps/simulator.ts';
import { SERIAL_DRIVERS } from '../../src/drivers/registry.ts';
import { SimulatedShunt } from '../../src/drivers/vedirect/simulators/shunt.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { testClock } from '../support/clock.ts';
import { PowerCutFiles } from '../support/power-cut-files.ts';
import { PORT, serialPlant } from '../support/serial-plant.ts';

const SCANNER = 'com.victronenergy.serialscanner';
const NAMES = SERIAL_DRIVERS.map(driver => driver.name);

t.test('rules: by udev, by board, by adapter, unknown', async t => {
  const rule = (tty: string, facts = {}, board = 'C003') => ruleFor(tty, facts, board, NAMES);
  t.match(rule('ttyUSB0', { bus: 'usb', product: 'VE_Direct_cable' }), { drivers: ['vedirect'], designated: true });
  t.match(rule('ttyUSB0', { bus: 'usb', product: 'MK3-USB_Interface' }), { drivers: ['vebus'], designated: true });
  t.match(rule('ttyUSB0', { bus: 'usb', product: 'USB-RS485_Cable' }), { drivers: ['et112'] });
  t.match(rule('ttyUSB0', { bus: 'usb', product: 'Something' }), { drivers: ['gps', 'vedirect'], designated: false });
  t.match(rule('ttyUSB1', { bus: 'usb', vendorId: '1546', productId: '01a7' }), { drivers: ['gps'] });
  t.match(rule('ttyUSB0', { bus: 'usb', veService: 'rs485:default' }), { drivers: ['et112', 'gps', 'vedirect'] });
  t.match(rule('ttyUSB0', { bus: 'usb', product: 'FT232R_USB_UART' }), { drivers: ['vedirect', 'gps', 'et112'] });
  t.match(rule('ttyO1', { bus: 'platform', veProduct: 'builtin-mkx-no-settings-suffix' }), { drivers: ['vebus'] });
  t.match(rule('ttyO1', { bus: 'platform' }, 'C001'), { drivers: ['vebus'], connection: 'VE.Bus' });
  t.match(rule('ttyO2', { bus: 'platform' }, 'C001'), { drivers: ['vedirect'], connection: 'VE.Direct' });
  t.match(rule('ttyS4', {}, 'C00A'), { drivers: ['vebus'] });
  t.match(rule('ttyS0', { bus: 'platform' }, 'C00A'), { drivers: [] }, 'a console');
  t.match(rule('ttyUSB0', { veService: 'ignore' }), { drivers: [] });
});

t.test('several kinds of devices on ports of which nothing is known: each within 3 s', async t => {
  const { clock, links, plug, world, value } = await serialPlant();
  plug(new SimulatedShunt({ clock }), {}, '/dev/ttyUSB0');
  const gps = links.plug('/dev/ttyUSB1');
  const receiver = new GpsSimulator(clock, bytes => gps.send(bytes));
  await clock.advance(3_500);
  t.ok(world.service('com.victronenergy.battery.ttyUSB0'));
  t.ok(world.service('com.victronenergy.gps.ttyUSB1'));
  t.match(value(SCANNER, '/Ports/ttyUSB1/State'), 'served');
  t.equal(value(SCANNER, '/Ports/ttyUSB1/Driver'), 'gps');
  t.equal(value(SCANNER, '/NrOfPorts'), 2);
  receiver.release();
});

t.test('nothing there: every driver has had its turn, and said little', async t => {
  const { clock, links, value } = await serialPlant();
  const port = links.plug(PORT);
  await clock.advance(60_000);
  t.match(
    value(SCANNER, '/Ports/ttyUSB0/Tried'),
    /vedirect 19200: silence.*et112 9600.*vebus 2400.*gps 9600.*gps 38400/,
  );
  t.equal(value(SCANNER, '/Ports/ttyUSB0/Device'), '');
  const said = port.written.reduce((sum, bytes) => sum + bytes.length, 0);
  t.ok(said < 500, `${said} bytes in a minute`);
  links.unplug(PORT);
  await clock.advance(1_500);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/State'), null);
  t.equal(value(SCANNER, '/NrOfPorts'), 0);
});

t.test('a device that never stops and that nobody knows: the port is left in time, again and again', async t => {
  const { clock, links, value } = await serialPlant();
  const port = links.plug(PORT);
  const noise = clock.every(10, () => port.send(new Uint8Array(512).fill(0x41)));
  await clock.advance(30_000);
  t.match(value(SCANNER, '/Ports/ttyUSB0/Tried'), /bytes and nothing recognised/);
  noise.cancel();
});

t.test('pinned, ignored, and automatic again, by the setting', async t => {
  const { clock, plug, world, settings, value } = await serialPlant();
  const battery = 'com.victronenergy.battery.ttyUSB0';
  plug(new SimulatedShunt({ clock }));
  await clock.advance(3_500);
  t.ok(world.service(battery));
  settings?.set('/Settings/SerialPorts/ttyUSB0/Driver', 'ignore');
  await clock.advance(500);
  t.equal(world.service(battery), undefined);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/State'), 'left alone');
  settings?.set('/Settings/SerialPorts/ttyUSB0/Driver', 'gps');
  await clock.advance(5_000);
  t.equal(world.service(battery), undefined);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/Candidates'), 'gps');
  settings?.set('/Settings/SerialPorts/ttyUSB0/Driver', 'nonsense');
  await clock.advance(500);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/State'), 'left alone');
  settings?.set('/Settings/SerialPorts/ttyUSB0/Driver', '');
  await clock.advance(4_000);
  t.ok(world.service(battery));
});

t.test('a lock of another program keeps us away; ours is given back', async t => {
  const taken = new Set(['ttyUSB0']);
  const locks = {
    take: async (tty: string) => !taken.has(tty) && taken.add(tty) !== undefined,
    release: async (tty: string) => void taken.delete(tty),
  };
  const { clock, links, plug, world, value } = await serialPlant({ locks });
  plug(new SimulatedShunt({ clock }));
  await clock.advance(5_000);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/State'), 'held by another program');
  taken.delete('ttyUSB0');
  await clock.advance(5_000);
  t.ok(world.service('com.victronenergy.battery.ttyUSB0'));
  t.ok(taken.has('ttyUSB0'));
  links.unplug(PORT);
  await clock.advance(1_500);
  t.notOk(taken.has('ttyUSB0'));
});

t.test('an empty port stays open, and is left to others in between', async t => {
  let taken: string | undefined;
  let locked = 0;
  const locks = {
    take: async () => {
      if (taken === 'other') return false;
      taken = 'ours';
      locked++;
      return true;
    },
    release: async () => {
      taken = undefined;
    },
  };
  const { clock, links, value, plug, world } = await serialPlant({ locks });
  const port = links.plug(PORT);
  let resting = 0;
  for (let i = 0; i < 600; i++) {
    await clock.advance(100);
    if (port.paused && taken === undefined) resting++;
  }
  t.ok(locked > 3, 'several rounds');
  t.equal(port.openings, 1);
  t.ok(resting >= 20 * (locked - 1), `at rest for ${resting / 10} s`);
  while (taken !== undefined) await clock.advance(100);
  taken = 'other';
  await clock.advance(5_000);
  t.equal(value(SCANNER, '/Ports/ttyUSB0/State'), 'held by another program');
  t.notOk(port.open);
  taken = undefined;
  await clock.advance(3_000);
  t.equal(port.openings, 2);
  links.unplug(PORT);
  await clock.advance(1_500);
  plug(new SimulatedShunt({ clock }));
  await clock.advance(3_500);
  t.ok(world.service('com.victronenergy.battery.ttyUSB0'));
});

t.test('a port that breaks whenever it is opened is tried ever more seldom', async t => {
  const { clock, links } = await serialPlant();
  const port = links.plug(PORT);
  for (let i = 0; i < 6_000; i++) {
    await clock.advance(100);
    if (port.open) port.break('EIO: i/o error, read');
  }
  t.ok(port.openings > 5 && port.openings < 20, `${port.openings} times in ten minutes`);
});

t.test('an I/O error: off the bus, and back by itself', async t => {
  const { clock, links, plug, world, value } = await serialPlant();
  plug(new SimulatedShunt({ clock }));
  await clock.advance(3_500);
  for (let i = 0; i < 20; i++) {
    links.device(PORT)?.break('EIO: i/o error, read');
    await clock.advance(50);
    t.equal(world.service('com.victronenergy.battery.ttyUSB0'), undefined);
    await clock.advance(3_000);
    t.ok(world.service('com.victronenergy.battery.ttyUSB0'));
  }
  t.equal(value(SCANNER, '/Ports/ttyUSB0/Lost'), 20);
});

t.test('the memory: kept over a restart, written seldom, begun anew when damaged', async t => {
  const clock = testClock();
  const log = new LogBook(clock, () => {}).for('test');
  const files = new PowerCutFiles();
  const memory = new PortMemory(files, '/data/conf', clock, log);
  await memory.load();
  for (let i = 0; i < 200; i++) {
    memory.set(`port /dev/ttyUSB${i}`, { driver: 'gps', baudRate: 4_800 });
    await clock.advance(100);
  }
  await memory.release();
  const again = new PortMemory(files, '/data/conf', clock, log);
  await again.load();
  t.same(again.get('port /dev/ttyUSB199'), { driver: 'gps', baudRate: 4_800 });
  t.equal(again.get('port /dev/ttyUSB0'), undefined, 'the oldest are forgotten');
  for (const damage of ['', '{', '[1,2]', '{"port a":5}', '{"port a":{"driver":1,"baudRate":"x"}}', 'null']) {
    await files.writeSynced('/data/conf/serial-ports.json', Buffer.from(damage));
    const damaged = new PortMemory(files, '/data/conf', clock, log);
    await damaged.load();
    t.equal(damaged.get('port a'), undefined, damage);
  }
});
