/** The HEX side of VE.Direct devices against their simulators. */
import t from 'tap';
import { SimulatedMultiRs } from '../../../src/drivers/vedirect/simulators/multi-rs.ts';
import { SimulatedShunt } from '../../../src/drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { veDirectDriver } from '../../../src/drivers/vedirect/vedirect-driver.ts';
import { UNKNOWN_BOARD } from '../../../src/ports/board.ts';
import { CHARGER_REGISTERS, COMMON_REGISTERS, LINK_REGISTERS } from '../../../src/protocols/vedirect/registers.ts';
import { PORT, serialPlant } from '../../support/serial-plant.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const CCGX = { ...UNKNOWN_BOARD, productId: 'C001' };
const SOLAR = 'com.victronenergy.solarcharger.ttyUSB0';
const BATTERY = 'com.victronenergy.battery.ttyUSB0';

async function solar(t: { ok: (value: unknown, message: string) => void }, options = {}) {
  const plant = await serialPlant();
  const charger = new SimulatedSolarCharger({ clock: plant.clock });
  const end = plant.plug(charger, options);
  await plant.clock.advance(3_000);
  t.ok(plant.world.service(SOLAR), 'on the bus within 3 s');
  return { ...plant, charger, end };
}

t.test('an MPPT: text, registers, settings, history, copies', async t => {
  const { clock, value } = await solar(t);
  const faults = ['TextChecksumErrors', 'TextParseError', 'TextUnfinishedErrors', 'HexChecksumErrors'];
  // The port was opened in the middle of a block.
  const before = faults.map(fault => value(SOLAR, `/VEDirect/${fault}`));
  await clock.advance(60_000);
  t.type(value(SOLAR, '/Pv/V'), 'number');
  t.type(value(SOLAR, '/Pv/I'), 'number');
  t.equal(value(SOLAR, '/Mode'), 1);
  t.equal(value(SOLAR, '/Serial'), 'HQ2132SIM02');
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 15);
  t.equal(value(SOLAR, '/Settings/BmsPresent'), 0);
  t.equal(value(SOLAR, '/Settings/BatteryVoltageSetting'), 24);
  t.equal(value(SOLAR, '/Capabilities/Capabilities1'), 124230);
  t.equal(value(SOLAR, '/Link/NetworkMode'), 0);
  t.equal(value(SOLAR, '/Link/NetworkStatus'), 4, 'stand-alone');
  t.equal(value(SOLAR, '/Link/VoltageSenseActive'), 0);
  t.equal(value(SOLAR, '/Devices/0/ServiceName'), SOLAR);
  t.equal(value(SOLAR, '/Devices/0/ProductId'), 0xa053);
  t.equal(value(SOLAR, '/History/Overall/DaysAvailable'), 31);
  t.equal(value(SOLAR, '/History/Daily/30/Nr'), 98);
  t.equal(value(SOLAR, '/History/Daily/1/TimeInBulk'), 240);
  t.equal((value(SOLAR, '/History/Daily/1/Raw') as number[]).length, 40);
  t.equal((value(SOLAR, '/History/Overall/Raw') as number[]).length, 24);
  const after = faults.map(fault => value(SOLAR, `/VEDirect/${fault}`));
  t.same(after, before, 'HEX in the middle of TEXT does no harm');
});

t.test('what a device does not know has no path', async t => {
  const { clock, world, value } = await solar(t);
  await clock.advance(30_000);
  t.notOk(world.service(SOLAR)?.has('/Relay/0/State'));
  t.notOk(world.service(SOLAR)?.has('/Equalization/Pending'));
  t.equal(value(SOLAR, '/Dc/0/Temperature'), null);
});

t.test('TEXT is not starved by a device that suspends it', async t => {
  const { clock, value, world } = await solar(t, { suspendsMs: 1_500 });
  for (let i = 0; i < 60; i++) {
    await clock.advance(1_000);
    t.ok(world.service(SOLAR));
    t.not(value(SOLAR, '/Dc/0/Voltage'), null);
  }
  await clock.advance(60_000);
  t.equal(value(SOLAR, '/History/Overall/DaysAvailable'), 31);
});

t.test('writes go through, and are refused when the device refuses', async t => {
  const { clock, value, write, charger } = await solar(t);
  await clock.advance(20_000);
  t.equal(await write(SOLAR, '/Mode', 4), 0);
  await clock.advance(2_000);
  t.equal(value(SOLAR, '/Mode'), 4);
  t.equal(value(SOLAR, '/State'), 0, 'it is off');
  t.not(await write(SOLAR, '/Mode', 3), 0, 'no mode of it');
  t.equal(await write(SOLAR, '/Mode', 1), 0);
  t.equal(await write(SOLAR, '/Load/State', 0), 0);
  await clock.advance(2_000);
  t.equal(value(SOLAR, '/Load/State'), 0);
  t.equal(await write(SOLAR, '/Settings/ChargeCurrentLimit', 7.5), 0);
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 7.5);
  t.not(await write(SOLAR, '/Settings/ChargeCurrentLimit', 99), 0, 'above what it can');
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 7.5);
  t.equal(await write(SOLAR, '/CustomName', 'Roof'), 0);
  t.equal(value(SOLAR, '/CustomName'), 'Roof');
  t.equal(value(SOLAR, '/Devices/0/CustomName'), 'Roof');
  t.equal(charger.registers.get(COMMON_REGISTERS.customName.id).value[0], 'R'.charCodeAt(0));
  t.not(await write(SOLAR, '/CustomName', 'x'.repeat(100)), 0, 'longer than a register');
});

t.test('flash is not written in a loop', async t => {
  const { clock, write, charger } = await solar(t);
  await clock.advance(20_000);
  const register = CHARGER_REGISTERS.chargeCurrentLimit.id;
  for (let i = 0; i < 40; i++) await write(SOLAR, '/Settings/ChargeCurrentLimit', 1 + (i % 10));
  const taken = charger.registers.written.get(register) ?? 0;
  t.ok(taken >= 5 && taken <= 6, `${taken} of 40 were written`);
  await clock.advance(120_000);
  t.equal(await write(SOLAR, '/Settings/ChargeCurrentLimit', 15), 0, 'later it may be written again');
  const before = charger.registers.written.get(register);
  for (let i = 0; i < 20; i++) t.equal(await write(SOLAR, '/Settings/ChargeCurrentLimit', 15), 0);
  t.equal(charger.registers.written.get(register), before, 'an equal value is not written');
});

t.test('a silent device: the write answers non-zero', async t => {
  const { clock, write, end } = await solar(t);
  await clock.advance(20_000);
  end.silent = true;
  t.not(await write(SOLAR, '/Mode', 4), 0);
});

t.test(
  'control registers steer the charger while they are kept fresh, and are invalid again when the writer stops',
  async t => {
    const { clock, value, world, charger, write } = await solar(t);
    await clock.advance(60_000);
    const keep = async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i += 3) {
        void world.write(SOLAR, '/Link/NetworkMode', 5);
        void world.write(SOLAR, '/Link/ChargeVoltage', 28.2);
        void world.write(SOLAR, '/Link/ChargeCurrent', 2);
        await clock.advance(3_000);
      }
    };
    t.equal(await write(SOLAR, '/Link/NetworkMode', 5), 0);
    await keep(180);
    t.equal(value(SOLAR, '/State'), 252, 'external control');
    t.equal(value(SOLAR, '/Link/NetworkStatus'), 0, 'a slave, no longer alone');
    t.equal(value(SOLAR, '/Link/ChargeCurrent'), 2);
    t.equal(value(SOLAR, '/Dc/0/Current'), 2, 'it follows');
    const written = charger.registers.written.get(LINK_REGISTERS.linkChargeVoltage.id) ?? 0;
    t.ok(written >= 3 && written <= 12, `kept fresh by ${written} writes in 3 minutes`);
    await clock.advance(64_000);
    t.equal(value(SOLAR, '/Link/ChargeCurrent'), null, 'nobody controls');
    await clock.advance(10_000);
    t.equal(value(SOLAR, '/Link/NetworkMode'), 0);
    t.not(value(SOLAR, '/State'), 252);
  },
);

t.test('a control value that changes all the time does not flood the line', async t => {
  const { clock, world, charger } = await solar(t);
  await clock.advance(40_000);
  for (let i = 0; i < 60; i++) {
    void world.write(SOLAR, '/Link/VoltageSense', 26 + i / 100);
    await clock.advance(500);
  }
  await clock.advance(5_000);
  const written = charger.registers.written.get(LINK_REGISTERS.linkVoltageSense.id) ?? 0;
  t.ok(written >= 8 && written <= 12, `${written} writes in 30 s`);
});

t.test('a new day is read as a whole', async t => {
  const { clock, value, charger } = await solar(t);
  await clock.advance(60_000);
  t.equal(value(SOLAR, '/History/Daily/5/Nr'), 123);
  charger.nextDay();
  await clock.advance(40_000);
  t.equal(value(SOLAR, '/History/Daily/5/Nr'), 124);
});

t.test('a BMV: registers, relay, serial by HEX, clearing', async t => {
  const plant = await serialPlant();
  const shunt = new SimulatedShunt({ clock: plant.clock });
  plant.plug(shunt);
  await plant.clock.advance(3_000);
  t.ok(plant.world.service(BATTERY));
  t.equal(plant.value(BATTERY, '/Serial'), 'HQ2040SIM01');
  await plant.clock.advance(60_000);
  t.equal(plant.value(BATTERY, '/CustomName'), 'House battery');
  t.equal(plant.value(BATTERY, '/Settings/HasStarterVoltage'), 1);
  t.equal(plant.value(BATTERY, '/Settings/HasTemperature'), 0);
  t.equal(plant.value(BATTERY, '/Settings/RelayMode'), 2);
  t.equal(await plant.write(BATTERY, '/Relay/0/State', 1), 0);
  await plant.clock.advance(2_000);
  t.equal(plant.value(BATTERY, '/Relay/0/State'), 1);
  t.equal(plant.value(BATTERY, '/History/CanBeCleared'), 1);
  t.equal(await plant.write(BATTERY, '/History/Clear', 1), 0);
  t.equal(shunt.registers.written.get(0x1030), 1);
});

t.test('a device without HEX works by TEXT alone', async t => {
  const plant = await serialPlant();
  plant.plug(new SimulatedShunt({ clock: plant.clock }), { deaf: true });
  await plant.clock.advance(3_500);
  t.ok(plant.world.service(BATTERY));
  await plant.clock.advance(300_000);
  t.type(plant.value(BATTERY, '/Soc'), 'number');
  const asked = plant.links.device(PORT)?.written.length ?? 0;
  t.ok(asked < 60, `asked ${asked} times in 5 minutes`);
  t.not(await plant.write(BATTERY, '/Relay/0/State', 1), 0);
  t.equal(await plant.write(BATTERY, '/CustomName', 'Boat'), 0, 'its name is kept for it');
  t.equal(plant.value(BATTERY, '/CustomName'), 'Boat');
  plant.links.unplug(PORT);
  await plant.clock.advance(2_000);
  plant.plug(new SimulatedShunt({ clock: plant.clock }), { deaf: true });
  await plant.clock.advance(4_000);
  t.equal(plant.value(BATTERY, '/CustomName'), 'Boat');
});

t.test(
  'instances: kept by the settings for a device, on whichever port; the port formula without settings',
  async t => {
    const plant = await serialPlant();
    const { clock, world } = plant;
    plant.plug(new SimulatedSolarCharger({ clock, serial: 'A1' }), {}, '/dev/ttyUSB0');
    plant.plug(new SimulatedSolarCharger({ clock, serial: 'B2' }), {}, '/dev/ttyUSB1');
    await clock.advance(3_000);
    t.equal(world.value('com.victronenergy.solarcharger.ttyUSB1', '/DeviceInstance'), 289);
    plant.links.unplug('/dev/ttyUSB0');
    plant.links.unplug('/dev/ttyUSB1');
    await clock.advance(1_000);
    plant.plug(new SimulatedSolarCharger({ clock, serial: 'B2' }), {}, '/dev/ttyUSB0');
    await clock.advance(3_000);
    t.equal(world.value(SOLAR, '/DeviceInstance'), 289, 'the instance goes with the device');
    plant.settings?.set('/Settings/Devices/vedirect_B2/ClassAndVrmInstance', 'solarcharger:7');
    await clock.advance(1_000);
    t.equal(world.value(SOLAR, '/DeviceInstance'), 7, 'the user gave it another one');

    const without = await serialPlant({ withSettings: false });
    without.plug(new SimulatedSolarCharger({ clock: without.clock }));
    await without.clock.advance(3_000);
    t.equal(without.world.value(SOLAR, '/DeviceInstance'), 288);
  },
);

t.test('settings that come late: the instance they know is taken then', async t => {
  const plant = await serialPlant({ withSettings: false });
  const { clock, bus, world } = plant;
  plant.plug(new SimulatedSolarCharger({ clock, serial: 'LATE' }));
  await clock.advance(5_000);
  t.equal(world.value(SOLAR, '/DeviceInstance'), 288);
  const settings = new SimulatedSettings(bus);
  settings.set('/Settings/Devices/vedirect_LATE/ClassAndVrmInstance', 'solarcharger:5');
  await clock.advance(2_000);
  t.equal(world.value(SOLAR, '/DeviceInstance'), 5);
});

t.test('a product newer than our table tells its name', async t => {
  const plant = await serialPlant();
  const charger = new SimulatedSolarCharger({ clock: plant.clock, productId: 0xa0bf });
  charger.registers.shows(COMMON_REGISTERS.modelName, () => 'SmartSolar MPPT 999/9');
  plant.plug(charger);
  await plant.clock.advance(30_000);
  t.equal(plant.value(SOLAR, '/ProductName'), 'SmartSolar MPPT 999/9');
});

t.test('what a device tells by itself between two readings', async t => {
  const { clock, charger, value } = await solar(t);
  await clock.advance(10_000);
  t.equal(value(SOLAR, '/DeviceOffReason'), 0);
  // The next reading would be a minute away, and TEXT is suspended.
  charger.registers.set(COMMON_REGISTERS.deviceMode.id, Uint8Array.of(4));
  await clock.advance(1_200);
  t.equal(value(SOLAR, '/DeviceOffReason'), 4);
  t.equal(value(SOLAR, '/State'), 0);
});

t.test('registers from afar: read, written, refused, spared', async t => {
  const { clock, charger, bus, value, write } = await solar(t);
  await clock.advance(60_000);
  const call = async (member: string, signature: string, body: readonly (number | readonly number[])[]) => {
    const asked = bus.call(SOLAR, '/Devices/0/VregLink', 'com.victronenergy.VregLink', member, { signature, body });
    const answer = asked.then(
      reply => reply.body,
      () => 'error',
    );
    await clock.advance(4_000);
    return answer;
  };
  t.same(await call('GetVreg', 'q', [CHARGER_REGISTERS.chargeCurrentLimit.id]), [0, [150, 0]]);
  t.same(await call('SetVreg', 'qay', [CHARGER_REGISTERS.chargeCurrentLimit.id, [100, 0]]), [0, [100, 0]]);
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 10, 'what was written shows');
  t.same(await call('GetVreg', 'q', [0x1234]), [0x8001, []], 'no such register');
  t.same(await call('SetVreg', 'qay', [CHARGER_REGISTERS.chargeCurrentLimit.id, [0xff, 0]]), [0x8104, []]);
  t.same(await call('SetVreg', 'qay', [CHARGER_REGISTERS.ratedCurrent.id, [1, 0]]), [0x8102, []], 'read only');
  t.equal(await call('GetVreg', 's', []), 'error');
  t.equal(await call('SetVreg', 'qay', [1, [256]]), 'error');
  t.equal(await call('Nonsense', 'q', [1]), 'error');
  for (let i = 0; i < 20; i++) await call('SetVreg', 'qay', [CHARGER_REGISTERS.chargeCurrentLimit.id, [80 + i, 0]]);
  const written = charger.registers.written.get(CHARGER_REGISTERS.chargeCurrentLimit.id) ?? 0;
  t.ok(written >= 3 && written <= 7, `flash is spared: ${written} writes`);
  // As a value: [low, high] reads, more octets write.
  t.equal(await write(SOLAR, '/Devices/0/VregLink', [0xf0, 0xed]), 0);
  t.match(value(SOLAR, '/Devices/0/VregLink'), [0xf0, 0xed, Number, 0]);
  t.equal(await write(SOLAR, '/Devices/0/VregLink', [0x0e, 0x20, 1]), 0);
  t.same(value(SOLAR, '/Devices/0/VregLink'), [0x0e, 0x20, 1]);
  t.not(await write(SOLAR, '/Devices/0/VregLink', [0x34, 0x12]), 0);
  t.not(await write(SOLAR, '/Devices/0/VregLink', [1]), 0);
});

t.test('a Multi RS, which sends no TEXT: asked what it is, read, written, and missed', async t => {
  const { clock, links, value, world, write, plug } = await serialPlant({ drivers: [veDirectDriver], board: CCGX });
  const rs = new SimulatedMultiRs({ clock });
  const end = plug(rs, { textless: true }, '/dev/ttyO2');
  const service = 'com.victronenergy.multi.ttyO2';
  await clock.advance(12_000);
  t.ok(world.service(service));
  await clock.advance(30_000);
  t.equal(value(service, '/ProductId'), 0xa442);
  t.equal(value(service, '/Serial'), 'HQ2239SIMRS');
  t.equal(value(service, '/Ac/Out/L1/P'), 800);
  t.equal(value(service, '/Ac/In/1/L1/V'), 230);
  t.equal(value(service, '/Ac/ActiveIn/ActiveInput'), 0);
  t.equal(value(service, '/Ac/In/1/CurrentLimit'), 32);
  t.equal(value(service, '/Ac/In/1/CurrentLimitIsAdjustable'), 1);
  t.equal(value(service, '/Ac/NumberOfPhases'), 1);
  t.equal(value(service, '/NrOfTrackers'), 2);
  t.equal(value(service, '/Pv/0/P'), 600);
  t.equal(value(service, '/Pv/1/P'), 0);
  t.equal(value(service, '/Yield/Power'), 600);
  t.equal(value(service, '/State'), 3);
  t.notOk(world.service(service)?.has('/Ac/In/2/L1/P'), 'it has one input');
  t.equal(await write(service, '/Ac/In/1/CurrentLimit', 10), 0);
  t.not(await write(service, '/Ac/In/1/CurrentLimit', 60), 0, 'more than it can');
  t.equal(await write(service, '/Link/ChargeCurrent', 5), 0);
  rs.gridVolts = 0;
  await clock.advance(12_000);
  t.equal(value(service, '/Ac/ActiveIn/ActiveInput'), 240);
  t.equal(value(service, '/State'), 9);
  t.equal(value(service, '/Ac/In/1/L1/P'), 0);
  t.ok(Number(value(service, '/Dc/0/Current')) < 0, 'the battery carries the load');
  t.equal(value(service, '/Alarms/Overload'), 0);
  rs.load = 6_500;
  await clock.advance(12_000);
  t.equal(value(service, '/Alarms/Overload'), 2);
  t.equal(value(service, '/Alarms/LowSoc'), 0);
  t.equal(await write(service, '/Mode', 4), 0);
  await clock.advance(12_000);
  t.equal(value(service, '/State'), 0);
  end.release();
  links.unplug('/dev/ttyO2');
  await clock.advance(1_500);
  t.equal(world.service(service), undefined);
});
