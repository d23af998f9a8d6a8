/** Devices of Victron by their registers alone: a battery with a BMS, a charger with three outputs, a Multi RS. */
import t from 'tap';
import { SimulatedNode } from '../../../../src/drivers/vecan/simulators/simulated-node.ts';
import { encodeName } from '../../../../src/protocols/nmea2000/name.ts';
import * as ac from '../../../../src/protocols/nmea2000/tables/ac.ts';
import * as dc from '../../../../src/protocols/nmea2000/tables/dc.ts';
import { FLAG } from '../../../../src/protocols/vedirect/hex-frame.ts';
import { vecanPlant } from '../../../support/vecan-plant.ts';

const NOTHING = new Uint8Array();

/** Octets of a number, least significant first. */
function octets(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 0x100 ** i) % 0x100);
}

/** A device that has these registers, id → octets, and knows no others. */
async function withRegisters(productId: number, registers: Readonly<Record<number, Uint8Array>>) {
  const plant = await vecanPlant();
  const held = new Map(Object.entries(registers).map(([id, value]) => [Number(id), value]));
  held.set(0x0100, Uint8Array.of(0, productId & 0xff, productId >> 8, 0));
  const { socket, clock, random } = plant.wireFor();
  const node = new SimulatedNode(socket, clock, random, {
    uniqueNumber: 55,
    deviceClass: 35,
    deviceFunction: 170,
    model: 'of registers',
    firmware: 0x0110ff,
    messages: [],
    registers: {
      get: id => ({ flags: held.has(id) ? 0 : FLAG.unknownId, value: held.get(id) ?? NOTHING }),
      set: (id, value) => {
        if (!held.has(id)) return { flags: FLAG.unknownId, value: NOTHING };
        held.set(id, value);
        return { flags: 0, value };
      },
    },
  });
  await plant.clock.advance(12_000);
  return { ...plant, held, node };
}

t.test('a battery with a BMS: limits, cells, alarms', async t => {
  const { value, clock, held, node, names } = await withRegisters(0xa3e5, {
    912: octets(5_680, 4),
    913: octets(1_500, 4),
    914: octets(4_400, 4),
    915: octets(2_000, 4),
    901: octets(320 + 0x1_0000 * 334, 4),
    902: octets(29_315 + 0x1_0000 * 0xffff, 4),
    896: Uint8Array.of(16, 4, 4, 2),
    796: octets(0x0040, 2),
    798: octets(0x0004, 2),
    4095: octets(8_150, 2),
    60813: octets(5_290, 2),
    60812: octets(2 ** 32 - 12_500, 4),
  });
  const battery = names('battery')[0] ?? '';
  t.equal(battery, 'com.victronenergy.battery.socketcan_can0_vi0_uc55');
  t.equal(value(battery, '/Info/MaxChargeVoltage'), 56.8);
  t.equal(value(battery, '/Info/MaxChargeCurrent'), 150);
  t.equal(value(battery, '/Info/BatteryLowVoltage'), 44);
  t.equal(value(battery, '/Info/MaxDischargeCurrent'), 200);
  t.equal(value(battery, '/System/MinCellVoltage'), 3.2);
  t.equal(value(battery, '/System/MaxCellVoltage'), 3.34);
  t.equal(value(battery, '/System/MinCellTemperature'), 20);
  t.equal(value(battery, '/System/MaxCellTemperature'), null, 'not available');
  t.equal(value(battery, '/System/NrOfBatteries'), 16);
  t.equal(value(battery, '/System/BatteriesSeries'), 2);
  t.equal(value(battery, '/Alarms/HighTemperature'), 1, 'warns');
  t.equal(value(battery, '/Alarms/LowSoc'), 2, 'alarms');
  t.equal(value(battery, '/Alarms/LowVoltage'), 0);
  t.equal(value(battery, '/Soc'), 81.5);
  t.equal(value(battery, '/Dc/0/Voltage'), 52.9);
  t.equal(value(battery, '/Dc/0/Current'), -12.5);
  t.equal(value(battery, '/Dc/0/Power'), -661.2, 'made of both where the device does not tell it');
  held.set(0x0391, octets(0, 4));
  node.tell(0x0391);
  await clock.advance(100);
  t.equal(value(battery, '/Info/MaxChargeCurrent'), 0, 'told: shown at once');
});

t.test('a charger with three outputs', async t => {
  const { value, names, write, clock, held } = await withRegisters(0x0106, {
    512: octets(1, 1),
    513: octets(5, 1),
    60885: octets(2_760, 2),
    60887: octets(155, 2),
    60890: octets(0, 1),
    60894: octets(3, 1),
    60797: octets(2_755, 2),
    60799: octets(20, 2),
    60781: octets(2_740, 2),
    515: octets(160, 2),
    60912: octets(1_000, 2),
  });
  const charger = names('charger')[0] ?? '';
  t.equal(value(charger, '/State'), 5);
  t.equal(value(charger, '/Dc/0/Voltage'), 27.6);
  t.equal(value(charger, '/Dc/0/Current'), 15.5);
  t.equal(value(charger, '/NrOfOutputs'), 3);
  t.equal(value(charger, '/Dc/1/Voltage'), 27.55);
  t.equal(value(charger, '/Dc/1/Current'), 2);
  t.equal(value(charger, '/Dc/2/Voltage'), 27.4);
  t.equal(value(charger, '/Ac/In/CurrentLimit'), 16);
  const result = write(charger, '/Ac/In/CurrentLimit', 10);
  await clock.advance(1_000);
  t.same(await result, { ok: true });
  t.same(held.get(0x0203), octets(100, 2));
});

t.test('a Multi RS', async t => {
  const { value, names, write, clock, held } = await withRegisters(0xa442, {
    512: octets(3, 1),
    513: octets(252, 1),
    8723: octets(23_012, 2),
    8725: octets(1_450, 4),
    8784: octets(22_950, 2),
    60813: octets(5_310, 2),
    60815: octets(250, 2),
    60860: octets(312_000, 4),
    528: octets(320, 2),
    4095: octets(7_700, 2),
    8213: octets(0xffff, 2),
  });
  const multi = names('multi')[0] ?? '';
  t.equal(value(multi, '/Mode'), 3);
  t.equal(value(multi, '/State'), 252);
  t.equal(value(multi, '/Ac/Out/L1/V'), 230.12);
  t.equal(value(multi, '/Ac/Out/L1/P'), 1_450);
  t.equal(value(multi, '/Ac/In/1/L1/V'), 229.5);
  t.equal(value(multi, '/Dc/0/Voltage'), 53.1);
  t.equal(value(multi, '/Dc/0/Current'), 25);
  t.equal(value(multi, '/Yield/Power'), 3_120);
  t.equal(value(multi, '/Soc'), 77);
  t.equal(value(multi, '/IsInverterCharger'), 1);
  t.equal(value(multi, '/Ac/In/1/CurrentLimit'), 32);
  const result = write(multi, '/Link/ChargeCurrent', 20);
  await clock.advance(1_000);
  t.same(await result, { ok: true });
  t.same(held.get(0x2015), octets(200, 2));
});

t.test('a VE.Bus system behind its interface: messages and registers', async t => {
  const { value, names, write, clock, held, say, node } = await withRegisters(0xa120, {
    512: octets(3, 1),
    513: octets(9, 1),
    515: octets(500, 2),
    516: octets(0, 1),
    61183: octets(0, 1),
  });
  const vebus = names('vebus')[0] ?? '';
  const source = node.address ?? 0;
  await say(source, dc.batteryStatus, { instance: 0, voltage: 26.4, current: -31.5, temperature: 299.15 });
  await say(source, ac.acOutputStatus, { instance: 0, numberOfLines: 2 }, [
    { line: 0, voltage: 230.1, current: 3.2, frequency: 50.01, realPower: 720 },
    { line: 1, voltage: 229.8, current: 1, frequency: 50.01, realPower: 200 },
  ]);
  await say(source, ac.acInputStatus, { instance: 0, numberOfLines: 1 }, [
    { line: 0, voltage: 231.5, current: 5, frequency: 49.98, realPower: 1_150 },
  ]);
  await say(source, dc.converterStatus, { connectionNumber: 0, operatingState: 9, temperatureState: 1 });
  await clock.advance(10);
  t.equal(value(vebus, '/Mode'), 3);
  t.equal(value(vebus, '/State'), 9);
  t.equal(value(vebus, '/Dc/0/Voltage'), 26.4);
  t.equal(value(vebus, '/Dc/0/Power'), -831.6);
  t.equal(value(vebus, '/Ac/Out/L1/P'), 720);
  t.equal(value(vebus, '/Ac/Out/L2/V'), 229.8);
  t.equal(value(vebus, '/Ac/ActiveIn/L1/P'), 1_150);
  t.equal(value(vebus, '/Ac/ActiveIn/CurrentLimit'), 50);
  t.equal(value(vebus, '/Alarms/HighTemperature'), 1);
  t.equal(value(vebus, '/VebusError'), 0);
  const result = write(vebus, '/Mode', 1);
  await clock.advance(1_000);
  t.same(await result, { ok: true });
  t.same(held.get(0x0200), octets(1, 1));
});

t.test(
  'a battery monitor that tells what nobody asked for: the coarse current counts while there is no finer one',
  async t => {
    const plant = await vecanPlant();
    const { clock, put, names, value } = plant;
    const name = {
      uniqueNumber: 66,
      manufacturer: 358,
      deviceInstance: 0,
      deviceFunction: 170,
      deviceClass: 35,
      systemInstance: 0,
      industry: 4,
      arbitraryAddress: true,
    };
    const tell = (octets: string) =>
      put({ priority: 7, pgn: 61_184, source: 0x30, destination: 255 }, Buffer.from(octets, 'hex'));
    await put({ priority: 6, pgn: 60_928, source: 0x30, destination: 255 }, encodeName(name));
    for (let i = 0; i < 8; i++) {
      await tell('66998DEDC40A0000');
      await tell('66998FEDF6FF0000');
      await clock.advance(1_000);
    }
    const battery = names('battery')[0] ?? '';
    t.equal(value(battery, '/Dc/0/Voltage'), 27.56);
    t.equal(value(battery, '/Dc/0/Current'), -1);
    await tell('66998CED0CFCFFFF');
    await tell('66998FEDF6FF0000');
    await clock.advance(10);
    t.equal(value(battery, '/Dc/0/Current'), -1.012);
  },
);

t.test('a device that tells nothing but registers, and falls silent, is gone', async t => {
  const { names, node, clock } = await withRegisters(0xa3e5, { 4095: octets(5_000, 2) });
  t.equal(names('battery').length, 1);
  await clock.advance(120_000);
  t.equal(names('battery').length, 1, 'it answers');
  node.release();
  await clock.advance(16_000);
  t.equal(names('battery').length, 0);
});
