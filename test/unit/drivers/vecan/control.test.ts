/** What clients write goes to the device, and what it refuses is refused; chargers are led by the network's service. */
import t from 'tap';
import { simulateSolarCharger, simulateTankSensor } from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { SimulatedSolarCharger } from '../../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { encodeGroupFunction, PRIORITY_UNCHANGED } from '../../../../src/protocols/nmea2000/group-function.ts';
import { GROUP_FUNCTION, PROPRIETARY_SINGLE } from '../../../../src/protocols/nmea2000/pgns.ts';
import { addressClaim } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { FLAG } from '../../../../src/protocols/vedirect/hex-frame.ts';
import { LINK_REGISTERS } from '../../../../src/protocols/vedirect/registers.ts';
import { NETWORK, vecanPlant } from '../../../support/vecan-plant.ts';

const SOLAR = 'com.victronenergy.solarcharger.socketcan_can0_vi0_uc30688';
const TANK = 'com.victronenergy.tank.socketcan_can0_vi0_uc1072';

async function withCharger() {
  const plant = await vecanPlant();
  const mppt = new SimulatedSolarCharger({ clock: plant.clock, productId: 0xa102, sun: () => 1 });
  const node = simulateSolarCharger(plant.wireFor(), mppt);
  await plant.clock.advance(10_000);
  const register = (id: number): number => {
    const { value } = mppt.registers.get(id);
    return value.reduceRight((sum, octet) => sum * 0x100 + octet, 0);
  };
  /** Writes, and lets time pass until there is an answer. */
  const write = async (service: string, path: string, value: number | string): Promise<boolean> => {
    const result = plant.write(service, path, value);
    await plant.clock.advance(6_000);
    return (await result).ok;
  };
  return { ...plant, mppt, node, register, send: write };
}

t.test('a setting goes to the device, and shows when it has taken it', async t => {
  const { send, register, value } = await withCharger();
  t.equal(await send(SOLAR, '/Settings/ChargeCurrentLimit', 10), true);
  t.equal(register(0xedf0), 100);
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 10);
  t.equal(await send(SOLAR, '/Settings/ChargeCurrentLimit', 900), false, 'more than it can');
  t.equal(value(SOLAR, '/Settings/ChargeCurrentLimit'), 10);
  t.equal(await send(SOLAR, '/Mode', 4), true);
  t.equal(register(0x0200), 4);
  t.equal(await send(SOLAR, '/Mode', 3), false, 'no such mode');
});

t.test('a device that does not answer has not taken it', async t => {
  const { send, node, value } = await withCharger();
  node.silent = true;
  t.equal(await send(SOLAR, '/Mode', 4), false);
  t.not(value(SOLAR, '/Mode'), 4);
});

t.test('a device that keeps its own value, and says so, has refused', async t => {
  const { clock, mppt, send, value } = await withCharger();
  const set = mppt.registers.set.bind(mppt.registers);
  mppt.registers.set = (id, octets) => (id === 0x0200 ? { flags: 0, value: Uint8Array.of(1) } : set(id, octets));
  t.equal(await send(SOLAR, '/Mode', 4), false);
  await clock.advance(6_000);
  t.equal(value(SOLAR, '/Mode'), 1);
  mppt.registers.set = id => ({ flags: id === 0x0200 ? FLAG.parameterError : 0, value: new Uint8Array() });
  t.equal(await send(SOLAR, '/Mode', 4), false);
});

t.test('the system leads all chargers by the service of the network, within a second', async t => {
  const { clock, write, register, value } = await withCharger();
  const results = [write(NETWORK, '/Link/NetworkMode', 5), write(NETWORK, '/Link/ChargeVoltage', 27.6)];
  await clock.advance(1_000);
  t.same(await Promise.all(results), [{ ok: true }, { ok: true }]);
  t.equal(register(LINK_REGISTERS.linkNetworkMode.id), 5);
  t.equal(register(LINK_REGISTERS.linkChargeVoltage.id), 2760);
  t.equal(value(NETWORK, '/Link/ChargeVoltage'), 27.6);
  await clock.advance(5_000);
  t.equal(value(SOLAR, '/State'), 252, 'led from outside');
  void write(NETWORK, '/Link/ChargeVoltage', 27.7);
  void write(NETWORK, '/Link/ChargeVoltage', 28.1);
  await clock.advance(1_000);
  t.equal(register(LINK_REGISTERS.linkChargeVoltage.id), 2810, 'and a change within a second too');
  await clock.advance(61_000);
  t.equal(value(NETWORK, '/Link/NetworkMode'), null, 'who stops to write leads no more');
  t.equal(register(LINK_REGISTERS.linkNetworkMode.id), 0);
});

t.test('chargers are told the state of charge, and need not know what to do with it', async t => {
  const { clock, write, value } = await withCharger();
  const results = [write(NETWORK, '/Link/Soc', 72), write(NETWORK, '/Link/ExtraBatteryCurrent', 18.8)];
  await clock.advance(1_000);
  t.same(await Promise.all(results), [{ ok: true }, { ok: true }]);
  t.equal(value(NETWORK, '/Link/Soc'), 72);
});

t.test('a control is kept fresh while the client goes on, and a charger that comes later hears of it', async t => {
  const { clock, write, register, wireFor } = await withCharger();
  const late = new SimulatedSolarCharger({ clock, productId: 0xa103, sun: () => 1 });
  for (let seconds = 0; seconds < 120; seconds += 3) {
    void write(NETWORK, '/Link/NetworkMode', 13);
    void write(NETWORK, '/Link/ChargeVoltage', 28.4);
    if (seconds === 90) simulateSolarCharger(wireFor(9), late, { uniqueNumber: 77 });
    await clock.advance(3_000);
    t.equal(register(LINK_REGISTERS.linkNetworkMode.id), 13);
  }
  t.same([...late.registers.get(LINK_REGISTERS.linkNetworkMode.id).value], [13]);
});

t.test('what a charger is told by its own service goes before what all are told', async t => {
  const { clock, write, register, value } = await withCharger();
  void write(SOLAR, '/Link/NetworkMode', 13);
  void write(SOLAR, '/Link/ChargeCurrent', 7.5);
  await clock.advance(1_000);
  void write(NETWORK, '/Link/NetworkMode', 5);
  await clock.advance(2_000);
  t.equal(register(LINK_REGISTERS.linkNetworkMode.id), 13);
  t.equal(register(LINK_REGISTERS.linkChargeCurrentLimit.id), 75);
  t.equal(value(SOLAR, '/Link/ChargeCurrent'), 7.5);
});

t.test('a name is kept by the device; an instance is told by its new claim', async t => {
  const { clock, send, value, node, names } = await withCharger();
  t.equal(await send(SOLAR, '/CustomName', 'Roof'), true);
  t.equal(value(SOLAR, '/CustomName'), 'Roof');
  await clock.advance(1_000);
  t.equal(value(SOLAR, '/Devices/0/CustomName'), 'Roof');
  t.equal(await send(SOLAR, '/N2kDeviceInstance', 9), true);
  await clock.advance(2_000);
  t.equal(node.instance, 9);
  t.equal(value(SOLAR, '/N2kDeviceInstance'), 9);
  t.same(names('solarcharger'), [SOLAR], 'still the same device');
  t.equal(await send(SOLAR, '/N2kDeviceInstance', 256), false);
});

t.test('a tank of another maker: its capacity and fluid by group functions, its name too', async t => {
  const { clock, wireFor, value, write, names, world } = await vecanPlant();
  const node = simulateTankSensor(wireFor());
  await clock.advance(10_000);
  const send = async (service: string, path: string, wanted: number | string): Promise<boolean> => {
    const result = write(service, path, wanted);
    await clock.advance(6_000);
    return (await result).ok;
  };
  t.equal(await send(TANK, '/Capacity', 0.35), true);
  t.equal(value(TANK, '/Capacity'), 0.35);
  t.equal(await send(TANK, '/CustomName', 'Port tank'), true);
  t.equal(value(TANK, '/CustomName'), 'Port tank');
  t.equal(node.description, '', 'the device has a temperature too, which is no tank');
  const [device] = [...(world.service(NETWORK)?.paths() ?? [])].filter(path => path.endsWith('/ModelName'));
  const base = device?.replace('/ModelName', '') ?? '';
  t.equal(value(NETWORK, `${base}/ModelName`), 'Tank adapter');
  t.equal(value(NETWORK, `${base}/Manufacturer`), 717);
  t.equal(await send(NETWORK, `${base}/CustomName`, 'Bow locker'), true);
  t.equal(node.description, 'Bow locker');
  await clock.advance(3_000);
  t.equal(value(NETWORK, `${base}/CustomName`), 'Bow locker');
  t.equal(value(TANK, '/CustomName'), 'Port tank');
  t.equal(await send(NETWORK, `${base}/DeviceInstance`, 4), true);
  t.equal(node.instance, 4);
  t.equal(await send(TANK, '/FluidType', 0), true);
  await clock.advance(15_000);
  t.equal(names('tank').length, 1, 'fuel is another tank: the water tank is gone');
  t.equal(value(names('tank')[0] ?? '', '/FluidType'), 0);
  node.silent = true;
  const refused = write(names('tank')[0] ?? '', '/Capacity', 1);
  await clock.advance(4_000);
  t.equal((await refused).ok, false);
});

t.test('others may give us another instance, and nothing else', async t => {
  const { clock, put, session, settings, value, heard, bus } = await vecanPlant();
  t.ok(settings);
  const tell = async (pgn: number, parameters: readonly { parameter: number; value: number }[]): Promise<number[]> => {
    const bytes = encodeGroupFunction({
      function: 'command',
      pgn,
      priority: PRIORITY_UNCHANGED,
      parameters,
      count: parameters.length,
    });
    if (bytes === undefined || session.address === undefined) throw new Error('not sent');
    await put({ priority: 3, pgn: GROUP_FUNCTION, source: 9, destination: session.address }, bytes);
    await clock.advance(1_000);
    const answer = heard().findLast(
      ({ pgn: one, destination, data }) => one === GROUP_FUNCTION && destination === 9 && (data[0] ?? 0) % 32 === 0,
    );
    return [...(answer?.data.subarray(2) ?? [])];
  };
  t.same(await tell(addressClaim.pgn, [{ parameter: 3, value: 5 }]), [2, 0x00, 0xee, 0x00, 0x00, 1], 'done');
  t.equal(bus.get('com.victronenergy.settings', '/Settings/Vecan/can0/DeviceInstance'), 5);
  await clock.advance(1_000);
  t.equal(session.address, 100, 'at the same address');
  const claim = heard().findLast(({ pgn, source }) => pgn === addressClaim.pgn && source === 100);
  t.equal((claim?.data[4] ?? 0) & 7, 5);
  t.same(await tell(addressClaim.pgn, [{ parameter: 1, value: 5 }]), [2, 0x00, 0xee, 0x00, 0x00, 1], 'answered');
  t.equal(bus.get('com.victronenergy.settings', '/Settings/Vecan/can0/DeviceInstance'), 5);
  t.equal(value(NETWORK, '/Connected'), 1);
});

t.test('others may ask us who we are, and are refused the rest', async t => {
  const { clock, put, session, heard } = await vecanPlant();
  const ask = async (octets: readonly number[], destination = session.address ?? 0): Promise<void> => {
    await put({ priority: 7, pgn: PROPRIETARY_SINGLE, source: 9, destination }, Uint8Array.from(octets));
    await clock.advance(100);
  };
  const answers = (): readonly string[] =>
    heard().flatMap(({ pgn, source, destination, data }) =>
      pgn === PROPRIETARY_SINGLE && source === 100 ? [`${destination} ${Buffer.from(data).toString('hex')}`] : [],
    );
  await ask([0x66, 0x99, 0x01, 0x00, 0x00, 0x01, 0xff, 0xff]);
  await ask([0x66, 0x99, 0x01, 0x00, 0xff, 0x0f, 0xff, 0xff]);
  await ask([0x66, 0x99, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00]);
  await ask([0x66, 0x99, 0x01, 0x00, 0xff, 0x0f, 0xff, 0xff], 255);
  await ask([0x66, 0x99, 0x03, 0x00, 1, 2, 3, 4], 255);
  t.same(answers(), ['255 669900010003c000', '9 66990200ff0f0080', '9 6699020000020081', '255 6699030001020304']);
});
