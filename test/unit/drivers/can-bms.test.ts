/** CAN-bus batteries of several makers on a bus in memory, and what becomes of them when they fall silent. */
import t from 'tap';
import { BATTERY_FILTERS, CanBmsSession } from '../../../src/drivers/can-bms/session.ts';
import { CanBatterySimulator, type MAKES } from '../../../src/drivers/can-bms/simulator.ts';
import { Fault } from '../../../src/kernel/fault.ts';
import { ALL_STANDARD } from '../../../src/ports/can.ts';
import type { Value } from '../../../src/schema/row.ts';
import { SimulatedService } from '../../support/memory-bus.ts';
import { MemoryCan } from '../../support/memory-can.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const BATTERY = 'com.victronenergy.battery.can0';

async function setUp(make: keyof typeof MAKES) {
  const { clock, bus, world, said, supervisor } = memoryGateway();
  const settings = new SimulatedSettings(bus);
  const can = new MemoryCan(clock);
  const wire = can.plug('can0');
  const end = wire.join([ALL_STANDARD]);
  const battery = new CanBatterySimulator(clock, make, frame => void end.send(frame).catch(() => said.push('lost')));
  end.onFrames(frames => {
    for (const frame of frames) battery.hear(frame);
  });
  let session: CanBmsSession | undefined;
  supervisor.add({
    name: 'can-bms',
    start: async context => {
      session = new CanBmsSession(await can.open('can0', BATTERY_FILTERS), 'can0', context);
    },
  });
  await clock.settle();
  if (session === undefined) throw new Error('no session');
  return {
    ...{ clock, bus, can, wire, battery, world, settings, said, session },
    value: (path: string): Value => world.value(BATTERY, path),
  };
}

t.test('a Pylontech battery: its values within a second, its name, its alarms', async t => {
  const { clock, battery, value, world } = await setUp('pylontech');
  await clock.advance(2_000);
  t.equal(world.service(BATTERY), undefined, 'not all of it may have come yet');
  await clock.advance(2_500);
  t.ok(world.service(BATTERY));
  t.equal(value('/ProductId'), 0xb009);
  t.equal(value('/ProductName'), 'Pylontech battery');
  t.equal(value('/Manufacturer'), 'PYLON');
  t.equal(value('/Mgmt/Connection'), 'CAN-bus BMS');
  t.equal(value('/DeviceInstance'), 512);
  t.equal(value('/Connected'), 1);
  t.equal(value('/Info/MaxChargeVoltage'), 56.8);
  t.equal(value('/Info/MaxChargeCurrent'), 100);
  t.equal(value('/Info/MaxDischargeCurrent'), 120);
  t.equal(value('/Info/BatteryLowVoltage'), null, 'not told by this one');
  t.equal(value('/Soc'), 63.42);
  t.equal(value('/Dc/0/Voltage'), 53.11);
  t.equal(value('/Dc/0/Current'), -12.5);
  t.ok(Math.abs(Number(value('/Dc/0/Power')) + 663.875) < 0.5);
  t.equal(value('/Dc/0/Temperature'), 23.4);
  t.equal(value('/Alarms/HighVoltage'), 0);
  t.equal(value('/Alarms/CellImbalance'), null, 'Pylontech has none');
  t.equal(value('/Io/AllowToCharge'), 1);
  t.equal(value('/System/NrOfModulesOnline'), 4);
  t.ok(battery.keptAlive >= 4, 'it hears that somebody is there');

  battery.values = { ...battery.values, chargeCurrentLimit: 0, stateOfCharge: 99, stateOfChargeFine: 0 };
  battery.alarms = { ...battery.alarms, highVoltage: 2, lowTemperature: 1 };
  battery.requests = { ...battery.requests, allowCharge: false, forceCharge1: true, fullCharge: true };
  await clock.advance(1_000);
  t.equal(value('/Info/MaxChargeCurrent'), 0);
  t.equal(value('/Soc'), 99);
  t.equal(value('/Alarms/HighVoltage'), 2);
  t.equal(value('/Alarms/LowTemperature'), 1);
  t.equal(value('/Io/AllowToCharge'), 0);
  t.equal(value('/Info/ChargeRequest'), 1);
  t.equal(value('/Info/FullChargeRequest'), 1);
});

for (const [make, productId, productName] of [
  ['generic', 0xb007, 'Shed battery'],
  ['lg', 0xb004, 'LG resu battery'],
  ['byd', 0xb019, 'BYD Premium LV battery'],
  ['freedomwon', 0xb014, 'Freedom WON battery'],
  ['rec', 0xb022, 'REC-BMS battery'],
] as const)
  t.test(`${make}`, async t => {
    const { clock, value, session } = await setUp(make);
    await clock.advance(5_500);
    t.equal(value('/ProductId'), productId);
    t.equal(value('/ProductName'), productName);
    t.equal(value('/Info/MaxChargeVoltage'), 56.8);
    t.equal(value('/Alarms/HighVoltage'), 0);
    t.equal(session.faults, 0);
    if (make === 'byd') t.equal(value('/Serial'), 'P030T020Z2101051');
    if (make !== 'rec') return;
    t.equal(value('/Info/BatteryLowVoltage'), 46);
    t.equal(value('/System/MinCellVoltage'), 3.312);
    t.equal(value('/System/MaxCellTemperature'), 25);
    t.equal(value('/System/MinVoltageCellId'), 'M1C03');
    t.equal(value('/History/ChargedEnergy'), 1234.5);
    t.equal(value('/InstalledCapacity'), 400);
    t.equal(value('/Capacity'), 280);
    t.equal(value('/FirmwareVersion'), '2.3');
  });

t.test(
  'no limits for 3 s: nothing is allowed; silent for 5 s: nothing is known; silent for a minute: gone',
  async t => {
    const { clock, battery, value, world } = await setUp('generic');
    await clock.advance(5_000);
    battery.missing.add(0x351);
    await clock.advance(3_500);
    t.equal(value('/Info/MaxChargeVoltage'), null);
    t.equal(value('/Info/MaxDischargeCurrent'), null);
    t.equal(value('/Dc/0/Voltage'), 53.11);
    battery.missing.clear();
    await clock.advance(1_000);
    t.equal(value('/Info/MaxChargeVoltage'), 56.8);
    battery.silent = true;
    await clock.advance(5_500);
    t.equal(value('/Connected'), 0);
    t.equal(value('/Dc/0/Voltage'), null);
    t.equal(value('/Dc/0/Power'), null);
    t.equal(value('/Alarms/HighVoltage'), null);
    t.equal(value('/ProductName'), 'Shed battery');
    battery.silent = false;
    await clock.advance(1_000);
    t.equal(value('/Connected'), 1);
    t.equal(value('/Dc/0/Voltage'), 53.11);
    battery.silent = true;
    await clock.advance(61_000);
    t.equal(world.service(BATTERY), undefined);
    battery.silent = false;
    await clock.advance(5_000);
    t.equal(value('/Dc/0/Voltage'), 53.11, 'back by itself');
  },
);

t.test('a battery that tells no limits is none; other frames do no harm', async t => {
  const { clock, battery, world, wire, session } = await setUp('generic');
  battery.missing.add(0x351);
  const stranger = wire.join([]);
  await stranger.send({ id: 0x351, extended: true, data: new Uint8Array(8) });
  await stranger.send({ id: 0x35b, extended: false, data: new Uint8Array(8) });
  await stranger.send({ id: 0x356, extended: false, data: new Uint8Array(2) });
  await clock.advance(10_000);
  t.equal(world.service(BATTERY), undefined);
  t.equal(session.faults, 1);
});

t.test('nobody takes the frames: said once, and not piled up', async t => {
  const { clock, wire, said, session } = await setUp('generic');
  wire.alone = true;
  await clock.advance(30_000);
  t.ok(said.filter(line => line.includes('cannot send')).length <= 1);
  await session.stop();
});

t.test('the interface goes away, and the session says so', async t => {
  const { clock, can, session, world } = await setUp('generic');
  await clock.advance(5_000);
  t.ok(world.service(BATTERY));
  can.unplug('can0');
  t.match((await session.ended).message, /can0 is gone/);
  await session.stop();
  t.equal(world.service(BATTERY), undefined);
  await t.rejects(can.open('can0', []), new Fault('configuration', 'cannot open can0: no such interface'));
});

t.test('what the system senses for the battery stands as long as it is written', async t => {
  const { clock, value, world } = await setUp('lg');
  await clock.advance(5_000);
  t.equal(value('/Sense/Current'), null);
  for (let second = 0; second < 20; second++) {
    t.same(await world.write(BATTERY, '/Sense/Current', -12.5), { ok: true });
    await clock.advance(1_000);
  }
  t.equal(value('/Sense/Current'), -12.5);
  t.equal(value('/Dc/0/Current'), -12.5, 'what it measures itself is its own');
  await clock.advance(10_000);
  t.equal(value('/Sense/Current'), null);
});

t.test('a battery that another program shows is not shown twice', async t => {
  const { clock, bus, world, said } = await setUp('generic');
  const stock = 'com.victronenergy.battery.socketcan_can0';
  bus.add(new SimulatedService(stock, { '/Connected': 1 }));
  await clock.advance(60_000);
  t.equal(world.service(BATTERY), undefined);
  t.same(
    said.filter(line => line.startsWith('warn')),
    [`warn the battery on can0 cannot be shown: ${stock} shows it already`],
  );
  bus.remove(stock);
  await clock.advance(15_000);
  t.ok(world.service(BATTERY));
});
