/** The system calculation steers a solar charger: from a battery's limits to the registers of the device, and back. */
import t from 'tap';
import { systemActor } from '../../../src/actors/system/system-actor.ts';
import { BatteryBank } from '../../../src/drivers/vedirect/simulators/battery-bank.ts';
import { SimulatedSolarCharger } from '../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { decodeRegister, type Register } from '../../../src/protocols/vedirect/register.ts';
import { CHARGER_REGISTERS, LINK_REGISTERS as L } from '../../../src/protocols/vedirect/registers.ts';
import { SimulatedService } from '../../support/memory-bus.ts';
import { memoryMachine } from '../../support/memory-machine.ts';
import { serialPlant } from '../../support/serial-plant.ts';

const SOLAR = 'com.victronenergy.solarcharger.ttyUSB0';
const BATTERY = 'com.victronenergy.battery.socketcan_can0';
const DVCC = '/Settings/Services/Bol';

async function setUp() {
  const plant = await serialPlant();
  const { clock, bus, supervisor, settings } = plant;
  supervisor.add(systemActor(memoryMachine(clock, bus)));
  settings?.set(DVCC, 1);
  const bank = new BatteryBank({ nominal: 24, charge: 0.5 });
  // A load that leaves room for what the charger makes.
  bank.attach({ amperes: () => -5 });
  clock.every(1_000, seconds => {
    bank.step(seconds);
    bus.set(BATTERY, '/Dc/0/Voltage', bank.volts);
    bus.set(BATTERY, '/Dc/0/Current', bank.amperes);
    bus.set(BATTERY, '/Dc/0/Power', bank.volts * bank.amperes);
  });
  const battery = new SimulatedService(BATTERY, {
    '/DeviceInstance': 512,
    '/Connected': 1,
    '/ProductName': 'Battery',
    '/Mgmt/Connection': 'CAN-bus BMS',
    '/Soc': 50,
    '/Dc/0/Voltage': 26.3,
    '/Dc/0/Current': 0,
    '/Dc/0/Power': 0,
    '/Dc/0/Temperature': 21,
    '/Info/MaxChargeVoltage': 28.4,
    '/Info/MaxChargeCurrent': 12,
    '/Info/MaxDischargeCurrent': 100,
    '/Info/BatteryLowVoltage': 24,
  });
  bus.add(battery);
  const charger = new SimulatedSolarCharger({ clock, bank, peakWatts: 900, ratedAmperes: 35, sun: () => 1 });
  const end = plant.plug(charger);
  const register = (which: Register): unknown => decodeRegister(which, charger.registers.get(which.id).value);
  await clock.advance(15_000);
  return { ...plant, bank, charger, end, register };
}

t.test('limits reach the registers, stay fresh, and are followed', async t => {
  const { clock, bus, value, charger, register, bank } = await setUp();
  t.equal(register(L.linkNetworkMode), 13, 'networked, externally controlled, with a BMS');
  t.equal(register(L.linkChargeVoltage), 28.4);
  t.equal(register(L.linkChargeCurrentLimit), 12, 'what the battery allows');
  t.equal(value(SOLAR, '/State'), 252);
  const link = [L.linkNetworkMode, L.linkChargeVoltage, L.linkChargeCurrentLimit];
  const flash = Object.values(CHARGER_REGISTERS).filter(one => 'storage' in one && one.storage === 'flash');
  const written = (one: Register): number => charger.registers.written.get(one.id) ?? 0;
  const before = link.map(written);
  let forgotten = 0;
  let most = 0;
  for (let second = 0; second < 300; second++) {
    await clock.advance(1_000);
    if (link.some(one => register(one) === null) || register(L.linkNetworkMode) !== 13) forgotten++;
    most = Math.max(most, Number(value(SOLAR, '/Dc/0/Current')));
  }
  t.equal(forgotten, 0, 'no register has run out in five minutes');
  for (const [i, one] of link.entries()) {
    const times = written(one) - (before[i] ?? 0);
    t.ok(times >= 6 && times <= 30, `${one.id.toString(16)} written ${times} times in five minutes`);
  }
  t.equal(
    flash.reduce((sum, one) => sum + written(one), 0),
    0,
    'flash is never written',
  );
  t.ok(most <= 12.05 && most > 10, `at most ${most} A`);

  bus.set(BATTERY, '/Info/MaxChargeCurrent', 4);
  await clock.advance(10_000);
  t.equal(register(L.linkChargeCurrentLimit), 4);
  t.ok(Number(value(SOLAR, '/Dc/0/Current')) <= 4.05, 'the current goes down with the limit');
  bus.set(BATTERY, '/Info/MaxChargeVoltage', 26.4);
  bus.set(BATTERY, '/Info/MaxChargeCurrent', 30);
  await clock.advance(60_000);
  t.equal(register(L.linkChargeVoltage), 26.4);
  t.ok(bank.volts < 26.5, `held at ${bank.volts} V`);
  bus.set(BATTERY, '/Info/MaxChargeCurrent', 0);
  await clock.advance(10_000);
  t.equal(register(L.linkChargeCurrentLimit), 0);
  t.equal(value(SOLAR, '/Dc/0/Current'), 0, 'no charging allowed');
});

t.test('a battery that is lost: the charger is told nothing more, and stops by itself', async t => {
  const { clock, bus, value, register } = await setUp();
  t.ok(Number(value(SOLAR, '/Dc/0/Current')) > 5);
  bus.remove(BATTERY);
  await clock.advance(90_000);
  t.equal(register(L.linkNetworkMode), 0);
  t.equal(value(SOLAR, '/Link/ChargeCurrent'), null, 'what does not count any more does not show');
  t.equal(value(SOLAR, '/ErrorCode'), 67);
  t.equal(value(SOLAR, '/Dc/0/Current'), 0);
});

t.test('a charger that comes back is steered again within 10 s', async t => {
  const { clock, links, plug, value, charger, end, register } = await setUp();
  end.release();
  links.unplug('/dev/ttyUSB0');
  await clock.advance(70_000);
  t.equal(register(L.linkChargeCurrentLimit), null, 'forgotten meanwhile');
  plug(charger);
  await clock.advance(13_000);
  t.equal(register(L.linkChargeCurrentLimit), 12);
  t.equal(value(SOLAR, '/State'), 252);
});
