/** Nodes on an NMEA 2000 network in memory: their addresses, what they answer, and messages between them. */
import t from 'tap';
import { CLAIM_DELAY_MS, CLAIM_REPEAT_MS, CLAIM_WAIT_MS } from '../../../src/drivers/vecan/address-claim.ts';
import { type Heard, NetworkNode, type NodeIdentity } from '../../../src/drivers/vecan/node.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { ALL_EXTENDED, type CanFrame, type CanSocket } from '../../../src/ports/can.ts';
import { BROADCAST, type CanId, decodeId, encodeId, NO_ADDRESS } from '../../../src/protocols/nmea2000/can-id.ts';
import { splitTransport } from '../../../src/protocols/nmea2000/iso-transport.ts';
import { decodeMessage, encodeMessage } from '../../../src/protocols/nmea2000/message.ts';
import { encodeName, MARINE, type Name, VICTRON } from '../../../src/protocols/nmea2000/name.ts';
import { PROPRIETARY_FAST } from '../../../src/protocols/nmea2000/pgns.ts';
import { batteryStatus, dcDetailedStatus } from '../../../src/protocols/nmea2000/tables/dc.ts';
import {
  isoAcknowledgement,
  isoRequest,
  pgnList,
  productInformation,
} from '../../../src/protocols/nmea2000/tables/network.ts';
import { testClock } from '../../support/clock.ts';
import { MemoryCan, type MemoryCanBus } from '../../support/memory-can.ts';

const CLAIM = 60_928;
const UP_MS = CLAIM_DELAY_MS + CLAIM_WAIT_MS + 10;

function nameOf(uniqueNumber: number, arbitraryAddress = true): Name {
  return {
    uniqueNumber,
    manufacturer: VICTRON,
    deviceInstance: 0,
    deviceFunction: 130,
    deviceClass: 25,
    systemInstance: 0,
    industry: MARINE,
    arbitraryAddress,
  };
}

function identityOf(name: Name): NodeIdentity {
  return {
    name,
    product: {
      nmea2000Version: 2.1,
      productCode: 1,
      modelId: 'Gateway',
      modelSerialCode: `${name.uniqueNumber}`,
      loadEquivalency: 1,
    },
    configuration: { installationDescription1: 'Saloon' },
    sends: [batteryStatus.pgn],
    takes: [dcDetailedStatus.pgn],
  };
}

function setUp() {
  const clock = testClock();
  const bus = new MemoryCan(clock).plug('can0');
  const random = seededRandom(7);
  return {
    clock,
    bus,
    node: (uniqueNumber: number, preferredAddress = 100, arbitrary = true) => {
      const told: (number | undefined)[] = [];
      const heard: Heard[] = [];
      const trouble: string[] = [];
      const socket = bus.join([ALL_EXTENDED]);
      const node = new NetworkNode(
        socket,
        clock,
        identityOf(nameOf(uniqueNumber, arbitrary)),
        { preferredAddress, random },
        {
          heard: message => heard.push(message),
          address: address => told.push(address),
          claimed: () => {},
          sameName: () => trouble.push('same name'),
          failed: error => trouble.push(String(error)),
        },
      );
      return { node, told, heard, trouble, socket };
    },
  };
}

function said(bus: MemoryCanBus): readonly (CanId & { readonly data: Uint8Array })[] {
  return bus.traffic.flatMap(({ id, data }) => {
    const decoded = decodeId(id);
    return decoded === undefined ? [] : [{ ...decoded, data }];
  });
}

function frame(id: CanId, data: Uint8Array): CanFrame {
  return { id: encodeId(id), extended: true, data };
}

function claimOf(source: number, uniqueNumber: number): CanFrame {
  return frame({ priority: 6, pgn: CLAIM, source, destination: BROADCAST }, encodeName(nameOf(uniqueNumber)));
}

async function ask(socket: CanSocket, pgn: number, destination: number): Promise<void> {
  await socket.send(
    frame({ priority: 6, pgn: isoRequest.pgn, source: 9, destination }, encodeMessage(isoRequest, { pgn })),
  );
}

t.test('alone: the preferred address, claimed again every minute', async t => {
  const { clock, bus, node } = setUp();
  const one = node(5);
  t.equal(one.node.send(batteryStatus, { voltage: 12 }), false, 'nothing goes out without an address');
  await clock.advance(UP_MS);
  t.same(one.told, [100]);
  t.equal(one.node.address, 100);
  t.same(said(bus), [{ priority: 6, pgn: CLAIM, source: 100, destination: BROADCAST, data: encodeName(nameOf(5)) }]);
  await clock.advance(CLAIM_REPEAT_MS);
  t.equal(said(bus).filter(({ pgn }) => pgn === CLAIM).length, 2);
  t.equal(said(bus).filter(({ pgn }) => pgn === 126_993).length, 1, 'and a heartbeat');
});

t.test('two want one address: the lower name has it', async t => {
  const { clock, node } = setUp();
  const high = node(9);
  await clock.advance(UP_MS);
  const low = node(3);
  await clock.advance(2 * UP_MS);
  t.equal(low.node.address, 100);
  t.equal(high.node.address, 101);
  t.same(high.told, [100, undefined, 101]);
  t.same(low.told, [100]);
});

t.test('without the right to another address there is none, and it says so when asked', async t => {
  const { clock, bus, node } = setUp();
  const fixed = node(9, 100, false);
  await clock.advance(UP_MS);
  const other = bus.join([]);
  // Its name is lower because it can take another address… so it is the other way round: this one must be lower still.
  await other.send(frame({ priority: 6, pgn: CLAIM, source: 100, destination: BROADCAST }, new Uint8Array(8)));
  await clock.advance(UP_MS);
  t.equal(fixed.node.address, undefined);
  t.same(fixed.told, [100, undefined]);
  t.equal(said(bus).at(-1)?.source, NO_ADDRESS);
  const before = bus.traffic.length;
  await ask(other, CLAIM, BROADCAST);
  await clock.advance(CLAIM_DELAY_MS + 1);
  t.equal(bus.traffic.length, before + 2);
  t.equal(said(bus).at(-1)?.source, NO_ADDRESS);
});

t.test('every address is taken: it gives up after one round', async t => {
  const { clock, bus, node } = setUp();
  const late = node(0x1f_ffff, 250);
  const bully = bus.join([ALL_EXTENDED]);
  bully.onFrames(frames => {
    for (const { id } of frames) {
      const source = decodeId(id)?.source ?? NO_ADDRESS;
      if (source < NO_ADDRESS) void bully.send(claimOf(source, 1));
    }
  });
  await clock.advance(5_000);
  t.equal(late.node.address, undefined);
  const sources = said(bus)
    .filter(({ data }) => Buffer.from(data).equals(encodeName(nameOf(0x1f_ffff))))
    .map(({ source }) => source);
  t.equal(new Set(sources).size, 253, 'each address once, and none');
  t.equal(sources.at(-1), NO_ADDRESS);
});

t.test('its own name from another node; its own address in the mouth of another', async t => {
  const { clock, bus, node } = setUp();
  const one = node(5);
  await clock.advance(UP_MS);
  const other = bus.join([]);
  const before = bus.traffic.length;
  await other.send(
    frame({ priority: 6, pgn: batteryStatus.pgn, source: 100, destination: BROADCAST }, new Uint8Array(8)),
  );
  await clock.advance(1);
  t.equal(said(bus).at(-1)?.pgn, CLAIM, 'claimed once more');
  t.equal(bus.traffic.length, before + 2);
  await other.send(claimOf(100, 5));
  await clock.advance(UP_MS);
  t.same(one.trouble, ['same name']);
  t.equal(one.node.address, 101);
});

t.test('told to take another address', async t => {
  const { clock, bus, node } = setUp();
  const one = node(5);
  await clock.advance(UP_MS);
  const other = bus.join([]);
  const command = (uniqueNumber: number, address: number) =>
    splitTransport(65_240, Uint8Array.of(...encodeName(nameOf(uniqueNumber)), address)).map(({ pgn, data }) =>
      other.send(frame({ priority: 6, pgn, source: 9, destination: BROADCAST }, data)),
    );
  await Promise.all(command(6, 77));
  await clock.advance(UP_MS);
  t.equal(one.node.address, 100, 'another is meant');
  await Promise.all(command(5, 77));
  await clock.advance(UP_MS);
  t.equal(one.node.address, 77);
  await Promise.all(command(5, 254));
  await clock.advance(UP_MS);
  t.equal(one.node.address, 77, 'no address for a node');
});

t.test('it says who it is, and refuses what it does not know', async t => {
  const { clock, bus, node } = setUp();
  const one = node(5);
  const other = node(6, 50);
  await clock.advance(UP_MS);
  await ask(other.socket, productInformation.pgn, 100);
  await ask(other.socket, 126_998, 100);
  await ask(other.socket, pgnList.pgn, 100);
  await ask(other.socket, 127_000, 100);
  await ask(other.socket, 127_001, BROADCAST);
  await ask(other.socket, batteryStatus.pgn, 100);
  await clock.advance(10);
  const product = other.heard.find(({ pgn }) => pgn === productInformation.pgn);
  t.match(product && decodeMessage(productInformation, product.bytes).values, {
    modelId: 'Gateway',
    modelSerialCode: '5',
  });
  t.ok(other.heard.some(({ pgn }) => pgn === 126_998));
  const refusals = said(bus).filter(({ pgn }) => pgn === isoAcknowledgement.pgn);
  t.same(
    refusals.map(({ data, destination }) => [decodeMessage(isoAcknowledgement, data).values, destination]),
    [[{ control: 1, groupFunction: null, pgn: 127_000 }, 9]],
    'a request to all is never refused',
  );
  t.same(
    one.heard.map(({ pgn }) => pgn),
    [isoRequest.pgn],
    'what it sends is asked of its owner',
  );
  const lists = said(bus).filter(({ pgn, destination }) => pgn === pgnList.pgn && destination === 9);
  t.ok(lists.length >= 6, 'both lists, to the one who asked');
  t.notOk(
    other.heard.some(({ pgn }) => pgn === pgnList.pgn),
    'and to nobody else',
  );
});

t.test('who asks again and again, or speaks with our address, does not fill the bus', async t => {
  const { clock, bus, node } = setUp();
  node(5);
  await clock.advance(UP_MS);
  const other = bus.join([]);
  const before = bus.traffic.length;
  for (let i = 0; i < 50; i++) {
    await ask(other, productInformation.pgn, 100);
    await other.send(
      frame({ priority: 6, pgn: batteryStatus.pgn, source: 100, destination: BROADCAST }, new Uint8Array(8)),
    );
    await clock.advance(2);
  }
  const ours = said(bus)
    .slice(before)
    .filter(({ source, pgn }) => source === 100 && pgn !== batteryStatus.pgn);
  t.equal(ours.filter(({ pgn }) => pgn === productInformation.pgn).length, 20, 'one answer of twenty frames');
  t.equal(ours.filter(({ pgn }) => pgn === CLAIM).length, 1);
});

t.test('messages of every length, both ways', async t => {
  const { clock, node } = setUp();
  const [one, other] = [node(5), node(6, 50)];
  await clock.advance(UP_MS);
  for (let octets = 1; octets <= 223; octets += 37) {
    one.node.sendRaw(PROPRIETARY_FAST, new Uint8Array(octets).fill(octets), 7, 50);
    await clock.advance(10);
  }
  t.same(
    other.heard.map(({ bytes }) => [bytes.length, bytes[0]]),
    [1, 38, 75, 112, 149, 186, 223].map(octets => [octets, octets]),
  );
  one.node.sendRaw(PROPRIETARY_FAST, new Uint8Array(30), 7, 51);
  await clock.advance(10);
  t.equal(other.heard.length, 7, 'for somebody else');
  other.node.send(dcDetailedStatus, { instance: 1, stateOfCharge: 80 });
  await clock.advance(10);
  const [dc] = one.heard;
  t.match(dc && decodeMessage(dcDetailedStatus, dc.bytes).values, { instance: 1, stateOfCharge: 80 });
  t.match(dc, { source: 50, destination: BROADCAST });
  t.throws(() => one.node.sendRaw(batteryStatus.pgn, new Uint8Array(9), 6));
});

t.test('when it is stopped it says nothing more', async t => {
  const { clock, bus, node } = setUp();
  const one = node(5);
  await clock.advance(UP_MS);
  one.node.stop();
  const before = bus.traffic.length;
  await clock.advance(2 * CLAIM_REPEAT_MS);
  t.equal(bus.traffic.length, before);
  t.equal(one.node.address, undefined);
});
