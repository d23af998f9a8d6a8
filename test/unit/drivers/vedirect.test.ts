import { readFileSync } from 'node:fs';
import t from 'tap';
import { serialScannerActor } from '../../../src/actors/serial-scanner/serial-scanner-actor.ts';
import { deviceInstanceOf } from '../../../src/drivers/driver.ts';
import { type SimulatedFields, simulateVeDirect, textBlock } from '../../../src/drivers/vedirect/simulator.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';
import { MemoryLinks } from '../../support/memory-links.ts';

const PORT = '/dev/ttyUSB0';
const BATTERY = 'com.victronenergy.battery.ttyUSB0';

/** A SmartShunt, as it speaks. */
const SHUNT = {
  PID: '0xA389',
  'SER#': 'HQ2229CZZHC',
  V: 12810,
  I: -1500,
  P: -19,
  SOC: 839,
  TTG: -1,
  Alarm: 'OFF',
  AR: 0,
  FW: '0416',
  MON: 0,
};

async function setUp() {
  const { clock, bus, world, supervisor } = memoryGateway();
  const links = new MemoryLinks();
  supervisor.add(serialScannerActor({ ports: links, links, patterns: [] }));
  await clock.settle();
  const value = (service: string, path: string) => world.value(service, path);
  return { clock, bus, world, links, supervisor, value };
}

t.test('a device is on the bus within a second of its first block, with what it shows', async t => {
  const { clock, links, value, world } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(1_000);
  t.equal(device.baudRate, 19_200);
  device.send(textBlock(SHUNT));
  await clock.advance(500);
  t.ok(world.service(BATTERY));
  t.equal(value(BATTERY, '/Dc/0/Voltage'), 12.81);
  t.equal(value(BATTERY, '/Dc/0/Current'), -1.5);
  t.equal(value(BATTERY, '/Soc'), 83.9);
  t.equal(value(BATTERY, '/TimeToGo'), null, 'infinite');
  t.equal(value(BATTERY, '/Alarms/LowVoltage'), 0);
  t.equal(value(BATTERY, '/DeviceInstance'), 288);
  t.equal(value(BATTERY, '/ProductId'), 0xa389);
  t.match(value(BATTERY, '/ProductName'), /SmartShunt/);
  t.equal(value(BATTERY, '/Connected'), 1);
});

t.test('a bad checksum is counted and never published', async t => {
  const { clock, links, value } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(1_000);
  device.send(textBlock(SHUNT));
  const bad = textBlock({ ...SHUNT, V: 99999 });
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 0xff;
  device.send(bad);
  device.send(textBlock(SHUNT));
  await clock.advance(500);
  t.equal(value(BATTERY, '/Dc/0/Voltage'), 12.81);
  device.send(textBlock(SHUNT));
  await clock.settle();
  t.equal(value(BATTERY, '/VEDirect/TextChecksumErrors'), 1);
});

t.test('a silent device leaves the bus, and is back when it speaks again', async t => {
  const { clock, links, world, value } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(1_000);
  let speaking = true;
  simulateVeDirect(
    clock,
    () => (speaking ? [SHUNT] : []),
    bytes => device.send(bytes),
  );
  await clock.advance(5_000);
  t.ok(world.service(BATTERY));
  speaking = false;
  await clock.advance(12_000);
  t.equal(world.service(BATTERY), undefined);
  speaking = true;
  await clock.advance(2_000);
  t.equal(value(BATTERY, '/Soc'), 83.9);
});

t.test('a field that stops coming becomes invalid', async t => {
  const { clock, links, value } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(1_000);
  let fields: SimulatedFields = { ...SHUNT, T: 21 };
  simulateVeDirect(
    clock,
    () => [fields],
    bytes => device.send(bytes),
  );
  await clock.advance(3_000);
  t.equal(value(BATTERY, '/Dc/0/Temperature'), 21);
  fields = SHUNT;
  await clock.advance(12_000);
  t.equal(value(BATTERY, '/Dc/0/Temperature'), null);
  t.equal(value(BATTERY, '/Soc'), 83.9);
});

t.test('unplugged: off the bus at once; plugged in again: back', async t => {
  const { clock, links, world } = await setUp();
  for (let i = 0; i < 5; i++) {
    const device = links.plug(PORT);
    await clock.advance(2_500);
    device.send(textBlock(SHUNT));
    await clock.advance(500);
    t.ok(world.service(BATTERY));
    links.unplug(PORT);
    await clock.settle();
    t.equal(world.service(BATTERY), undefined);
    await clock.advance(1_000);
  }
});

t.test('the monitor mode chooses the service, also while it runs', async t => {
  const { clock, links, world } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(1_000);
  const served = (): string[] =>
    [...world.services()].map(service => service.name).filter(name => !name.includes('serialscanner'));
  let before: string[] = [];
  const modes: [number, string][] = [
    [0, 'battery'],
    [-8, 'dcsource'],
    [-6, 'alternator'],
    [3, 'dcload'],
    [6, 'dcsystem'],
  ];
  for (const [mode, type] of modes) {
    device.send(textBlock({ ...SHUNT, MON: mode }));
    await clock.advance(500);
    const after = [`com.victronenergy.${type}.ttyUSB0`];
    t.same(served(), before.length === 0 ? after : before, 'one block may be an accident');
    device.send(textBlock({ ...SHUNT, MON: mode }));
    await clock.advance(500);
    t.same(served(), after);
    before = after;
  }
});

t.test('a shunt at a source tells what was produced, one at a load what was consumed', async t => {
  for (const [mode, type] of [
    [-8, 'dcsource'],
    [3, 'dcload'],
    [6, 'dcsystem'],
  ] as const) {
    const { clock, links, value } = await setUp();
    const device = links.plug(PORT);
    await clock.advance(1_000);
    const { SOC: _soc, ...fields } = SHUNT;
    device.send(textBlock({ ...fields, MON: mode, H17: 13_761, H18: 47 }));
    await clock.advance(500);
    const service = `com.victronenergy.${type}.ttyUSB0`;
    t.equal(value(service, '/History/EnergyOut'), 137.61, type);
    t.equal(value(service, '/History/EnergyIn'), 0.47);
    t.equal(value(service, '/Settings/MonitorMode'), mode);
  }
});

t.test('the captured streams: every block of a BMV and of an MPPT', async t => {
  for (const [capture, name, paths] of [
    ['bmv702.dump', 'com.victronenergy.battery.ttyUSB0', ['/Soc', '/Dc/0/Voltage', '/History/ChargeCycles']],
    ['bluesolar_1.23.dump', 'com.victronenergy.solarcharger.ttyUSB0', ['/Pv/V', '/Yield/User', '/State']],
  ] as const) {
    const { clock, links, value, world } = await setUp();
    const device = links.plug(PORT);
    await clock.advance(1_000);
    const bytes = readFileSync(`test/fixtures/vedirect/${capture}`);
    for (let at = 0; at < bytes.length; at += 200) {
      device.send(bytes.subarray(at, at + 200));
      await clock.advance(500);
    }
    t.ok(world.service(name), capture);
    for (const path of paths) t.type(value(name, path), 'number', `${capture} ${path}`);
  }
});

t.test('device instances by port', t => {
  t.equal(deviceInstanceOf('ttyO1'), 257);
  t.equal(deviceInstanceOf('ttyS5'), 277);
  t.equal(deviceInstanceOf('ttyUSB12'), 300);
  t.ok(deviceInstanceOf('ttyACM0') >= 512);
  t.end();
});
