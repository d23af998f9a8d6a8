/** A network of strangers: storms of claims, broken messages, too many devices, noise. */
import t from 'tap';
import { SERVICES_PER_DEVICE } from '../../../../src/drivers/vecan/device.ts';
import { NODE_LIMIT, NodeTable } from '../../../../src/drivers/vecan/node-table.ts';
import { simulateSolarCharger, simulateTankSensor } from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { SERVICE_LIMIT } from '../../../../src/drivers/vecan/vecan-session.ts';
import { SimulatedSolarCharger } from '../../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { ALL_EXTENDED } from '../../../../src/ports/can.ts';
import { encodeId } from '../../../../src/protocols/nmea2000/can-id.ts';
import { splitFastPacket } from '../../../../src/protocols/nmea2000/fast-packet.ts';
import { encodeMessage } from '../../../../src/protocols/nmea2000/message.ts';
import { encodeName, MARINE, type Name } from '../../../../src/protocols/nmea2000/name.ts';
import { MESSAGES } from '../../../../src/protocols/nmea2000/pgns.ts';
import { dcDetailedStatus } from '../../../../src/protocols/nmea2000/tables/dc.ts';
import { fluidLevel, temperature } from '../../../../src/protocols/nmea2000/tables/environment.ts';
import { addressClaim, productInformation } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { NETWORK, vecanPlant } from '../../../support/vecan-plant.ts';

function nameOf(uniqueNumber: number, deviceInstance = 0): Name {
  return {
    uniqueNumber,
    manufacturer: 717,
    deviceInstance,
    deviceFunction: 150,
    deviceClass: 75,
    systemInstance: 0,
    industry: MARINE,
    arbitraryAddress: true,
  };
}

type Plant = Awaited<ReturnType<typeof vecanPlant>>;

function claim({ put }: Plant, source: number, name: Name): Promise<void> {
  return put({ priority: 6, pgn: addressClaim.pgn, source, destination: 255 }, encodeName(name));
}

t.test('a storm of claims: no more nodes than there are addresses, and the network lives on', async t => {
  const plant = await vecanPlant();
  const { clock, value, session, names } = plant;
  const random = seededRandom(11);
  for (let i = 0; i < 1_000; i++) {
    await claim(plant, Math.floor(random() * 252), nameOf(Math.floor(random() * 2 ** 21)));
    if (i % 90 === 0) await clock.advance(20);
  }
  await clock.advance(1_000);
  const nodes = new Set(
    [...(plant.world.service(NETWORK)?.paths() ?? [])].flatMap(
      path => /^\/Devices\/([^/]+)\/Nad$/.exec(path)?.[1] ?? [],
    ),
  );
  t.ok(nodes.size <= NODE_LIMIT, `${nodes.size} nodes`);
  t.ok(nodes.size > 50);
  await clock.advance(120_000);
  t.equal(value(NETWORK, '/Connected'), 1);
  t.not(session.address, undefined, 'we have an address again');
  simulateTankSensor(plant.wireFor(), { preferredAddress: 200 });
  await clock.advance(15_000);
  t.equal(names('tank').length, 1, 'and a device is served');
});

t.test('the table of nodes has a limit of its own', t => {
  const said: string[] = [];
  const table = new NodeTable({
    came: () => said.push('came'),
    changed: () => {},
    left: () => said.push('left'),
    ask: () => {},
  });
  for (let i = 0; i < 2_000; i++) table.claimed(i % 252, encodeName(nameOf(20_000 - i)), i);
  t.equal(table.size, NODE_LIMIT);
  t.ok(table.refused > 0);
  table.look(200_000);
  t.equal(table.size, 0);
  t.equal(said.filter(one => one === 'came').length, said.filter(one => one === 'left').length);
  t.end();
});

t.test('claims without a maker, one after the other, leave the table as it should be', t => {
  const held = new Set<object>();
  const table = new NodeTable({
    came: node => held.add(node),
    changed: () => {},
    left: node => held.delete(node),
    ask: () => {},
  });
  for (const instance of [1, 2, 3]) table.claimed(9, encodeName({ ...nameOf(1, instance), manufacturer: 0 }), instance);
  t.equal(table.size, 1);
  t.equal(held.size, 1);
  t.equal(table.heard(9, 10)?.name.deviceInstance, 3);
  t.end();
});

t.test('250 nodes with a tank each: as many services as may be, each with an instance of its own', async t => {
  const plant = await vecanPlant();
  const { clock, world } = plant;
  const sources = Array.from({ length: 252 }, (_, i) => i).filter(source => source !== plant.session.address);
  for (const source of sources) {
    await claim(plant, source, nameOf(source + 1));
    await clock.advance(5);
  }
  for (let i = 0; i < 5; i++) {
    for (const source of sources) {
      await plant.say(source, fluidLevel, { instance: 0, type: 1, level: source * 0.4 });
      if (source % 80 === 0) await clock.advance(1);
    }
    await clock.advance(2_000);
  }
  const tanks = world.ofType('tank');
  t.equal(tanks.length, SERVICE_LIMIT);
  t.equal(new Set(tanks.map(tank => tank.get('/DeviceInstance'))).size, SERVICE_LIMIT);
  for (const tank of tanks)
    t.equal(tank.get('/Level'), Math.round((Number(tank.get('/N2kUniqueNumber')) - 1) * 4) / 10);
});

t.test('a node that says it has everything: as many services as one device may have', async t => {
  const plant = await vecanPlant();
  await claim(plant, 9, nameOf(1));
  await plant.clock.advance(5_000);
  for (let i = 0; i < 4; i++) {
    for (let instance = 0; instance < 200; instance++) {
      await plant.say(9, temperature, { instance, source: instance % 16, actualTemperature: 290 });
      if (instance % 50 === 0) await plant.clock.advance(10);
    }
    await plant.clock.advance(1_000);
  }
  t.equal(plant.names('temperature').length, SERVICES_PER_DEVICE);
});

t.test('two devices with one instance are two services with two instances', async t => {
  const { clock, names, value, wireFor } = await vecanPlant();
  for (const uniqueNumber of [77, 78])
    simulateSolarCharger(wireFor(uniqueNumber), new SimulatedSolarCharger({ clock, productId: 0xa102 }), {
      uniqueNumber,
    });
  await clock.advance(10_000);
  t.equal(names('solarcharger').length, 2);
  t.same(
    names('solarcharger').map(name => value(name, '/N2kDeviceInstance')),
    [0, 0],
  );
  t.same(
    names('solarcharger')
      .map(name => value(name, '/DeviceInstance'))
      .sort(),
    [0, 1],
  );
});

t.test('messages cut, mixed and without end: what is whole is right, the rest is counted', async t => {
  const plant = await vecanPlant();
  const { clock, session, wire, value, names } = plant;
  await claim(plant, 9, nameOf(1));
  await clock.advance(5_000);
  const hand = wire.join([]);
  const id = encodeId({ priority: 6, pgn: dcDetailedStatus.pgn, source: 9, destination: 255 });
  const frames = (soc: number, sequence: number): Uint8Array[] =>
    splitFastPacket(encodeMessage(dcDetailedStatus, { instance: 0, dcType: 0, stateOfCharge: soc }), sequence);
  const send = (data: Uint8Array | undefined): Promise<void> =>
    data === undefined ? Promise.resolve() : hand.send({ id, extended: true, data });
  for (let i = 0; i < 8; i++) {
    const [first, second] = frames(60 + i, i);
    await send(first);
    // A frame of another message, one that was never begun, one cut short, and the first half of one without end.
    await send(frames(99, i + 1)[1]);
    await send(frames(98, (i + 4) % 8)[1]);
    await send(Uint8Array.of(0x40, 30));
    await send(Uint8Array.of((((i + 2) % 8) << 5) | 0, 223, 1, 2, 3, 4, 5, 6));
    await send(second);
    await clock.advance(1_000);
  }
  t.equal(value(names('battery')[0] ?? '', '/Soc'), 67);
  t.ok(session.faults > 10);
});

t.test('noise of every kind: nothing breaks, and nothing is made up', async t => {
  const plant = await vecanPlant();
  const { clock, wire, world, said, session } = plant;
  await claim(plant, 9, nameOf(1));
  await claim(plant, 10, { ...nameOf(2), manufacturer: 358, deviceClass: 35, deviceFunction: 160 });
  await clock.advance(6_000);
  const random = seededRandom(5);
  const pick = (below: number): number => Math.floor(random() * below);
  const pgns = [...MESSAGES.map(({ pgn }) => pgn), 61_184, 126_720, 126_208, 60_416, 60_160, 65_280];
  const hand = wire.join([ALL_EXTENDED]);
  for (let i = 0; i < 4_000; i++) {
    const pgn = pgns[pick(pgns.length)] ?? 0;
    const data = Uint8Array.from({ length: pick(9) }, () => pick(256));
    if (pgn === 61_184 || pgn === 126_720) data.set([0x66, 0x99].slice(0, data.length), 0);
    const id = encodeId({ priority: 6, pgn, source: [9, 10, 11, 100][pick(4)] ?? 9, destination: pick(3) ? 255 : 100 });
    await hand.send({ id, extended: random() > 0.01, data });
    if (i % 60 === 0) await clock.advance(25);
  }
  await clock.advance(5_000);
  t.equal(said.filter(line => line.startsWith('error') && !line.includes('unique number')).join('\n'), '');
  t.ok(session.faults > 0);
  for (const service of world.services())
    for (const path of service.paths()) {
      const held = service.get(path);
      if (typeof held === 'number') t.ok(Number.isFinite(held), `${service.name}${path}`);
    }
});

t.test('a product with a name that is no text, and one that is too long', async t => {
  const plant = await vecanPlant();
  await claim(plant, 9, nameOf(1));
  const strange = new Uint8Array(134).fill(0xc3);
  await plant.put({ priority: 6, pgn: productInformation.pgn, source: 9, destination: 255 }, strange);
  await plant.clock.advance(6_000);
  await plant.say(9, fluidLevel, { instance: 0, type: 0, level: 10 });
  await plant.clock.advance(100);
  const [tank = ''] = plant.names('tank');
  t.type(plant.value(tank, '/ProductName'), 'string');
  t.ok(String(plant.value(tank, '/ProductName')).length <= 64);
});

t.test('nobody acknowledges: the network waits, and is there when somebody comes', async t => {
  const { clock, wire, value, said, session } = await vecanPlant();
  wire.alone = true;
  await clock.advance(600_000);
  t.equal(value(NETWORK, '/Connected'), 1);
  t.ok(said.filter(line => line.includes('cannot send')).length <= 3, 'told, but not again and again');
  wire.alone = false;
  t.not(session.address, undefined);
});

t.test('the interface goes: the session ends, and leaves nothing on the bus', async t => {
  const { clock, can, session, wireFor, world } = await vecanPlant();
  simulateTankSensor(wireFor());
  await clock.advance(10_000);
  t.equal(world.ofType('tank').length, 1);
  can.unplug('can0');
  t.match(await session.ended, /gone/);
  const stopping = session.stop();
  await clock.advance(1_000);
  await stopping;
  t.same(
    [...world.services()].map(({ name }) => name),
    ['com.victronenergy.settings'],
  );
  await session.stop();
});
