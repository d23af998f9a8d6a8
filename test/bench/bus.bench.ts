/**
 * What the bus costs, through a real dbus-daemon, beside plain dbus-next in the same run: CPU of this process per value
 * published, per signal taken, and the time of a GetItems. Run alone: node build/run-ts.mjs test/bench/bus.bench.ts
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import dbus from 'dbus-next';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { PublishedService } from '../../src/bus/published-service.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Schema } from '../../src/schema/row.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';

const BUS_ITEM = 'com.victronenergy.BusItem';
const SERVICES = 40;
const VALUES_PER_BATCH = 25;
const ROUNDS = 60;
const ITEMS = 2000;
const GETS = 50;
const PEER_SERVICES = 20;
const PEER_PATHS = 50;
const SIGNALS = 40_000;
const BURST_SIGNALS = 4_000;

const LIMITS = { publishedMicroseconds: 7, getItemsMs: 4, incomingMicroseconds: 8 } as const;
const SCHEMA: Schema = { '/Ac/Item{n}': { type: 'float', unit: 'W', decimals: 1 } };
const clock = new SystemClock();

/** Prints the figures. @returns whether all are within their limits */
export async function benchBus(report: (line: string) => void): Promise<boolean> {
  const daemon = await TestDaemon.start();
  try {
    const published = await benchPublishing(daemon.address);
    const plainPublished = await benchPlainPublishing(daemon.address);
    report(line('CPU per published value, 40 services', published, LIMITS.publishedMicroseconds, 'µs', plainPublished));
    const peer = await Peer.start(daemon.address);
    const [getItems, wall] = await benchGetItems(daemon.address, peer);
    const answering = `CPU of answering GetItems of ${ITEMS} paths`;
    report(`${line(answering, getItems, LIMITS.getItemsMs, 'ms')}; ${wall.toFixed(1)} ms through the daemon and back`);
    const [incoming, plainIncoming] = await benchIncoming(daemon.address, peer);
    await peer.stop();
    report(line('CPU per signal taken', incoming, LIMITS.incomingMicroseconds, 'µs', plainIncoming));
    return (
      published <= LIMITS.publishedMicroseconds &&
      getItems <= LIMITS.getItemsMs &&
      incoming <= LIMITS.incomingMicroseconds
    );
  } finally {
    await daemon.stop();
  }
}

function line(what: string, value: number, limit: number, unit: string, plain?: number): string {
  const beside =
    plain === undefined
      ? ''
      : `; plain dbus-next ${plain.toFixed(1)} ${unit}, ${(plain / value).toFixed(1)} times as much`;
  return `${value <= limit ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(2)} ${unit} (limit ${limit})${beside}`;
}

async function openBus(address: string): Promise<DbusBus> {
  const log = new LogBook(clock, entry => process.stderr.write(`${entry.message}\n`)).for('bus');
  return DbusBus.open({ address, clock, random: seededRandom(1), log });
}

/** CPU microseconds of this process per unit of work, the second of two runs. */
async function cpuMicroseconds(units: number, work: () => Promise<void>): Promise<number> {
  await work();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / units;
}

async function benchPublishing(address: string): Promise<number> {
  const bus = await openBus(address);
  const world = new World(bus, () => clock.monotonic());
  const services: PublishedService[] = [];
  for (let i = 0; i < SERVICES; i++) {
    const service = new PublishedService(`com.victronenergy.grid.n${i}`, SCHEMA, clock, world, error => {
      throw error;
    });
    service.registered(await bus.publish(service.tree));
    services.push(service);
  }
  let n = 0;
  const cost = await cpuMicroseconds(SERVICES * VALUES_PER_BATCH * ROUNDS, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const service of services)
        for (let i = 0; i < VALUES_PER_BATCH; i++) service.setAny(`/Ac/Item${i}`, n++ / 8);
      await setImmediate();
      await setTimeout(2);
    }
  });
  await bus.close();
  return cost;
}

class PlainRoot extends dbus.interface.Interface {
  /** dbus-next sends what this returns. */
  ItemsChanged(changes: object): object {
    return changes;
  }
}
PlainRoot.configureMembers({ signals: { ItemsChanged: { signature: 'a{sa{sv}}' } } });

async function benchPlainPublishing(address: string): Promise<number> {
  const roots: PlainRoot[] = [];
  const buses: dbus.MessageBus[] = [];
  for (let i = 0; i < SERVICES; i++) {
    const bus = dbus.sessionBus({ busAddress: address });
    await bus.requestName(`com.victronenergy.grid.n${i}`, 4);
    const root = new PlainRoot(BUS_ITEM);
    bus.export('/', root);
    roots.push(root);
    buses.push(bus);
  }
  let n = 0;
  const cost = await cpuMicroseconds(SERVICES * VALUES_PER_BATCH * ROUNDS, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const root of roots) {
        const changes: Record<string, object> = {};
        for (let i = 0; i < VALUES_PER_BATCH; i++) {
          const value = n++ / 8;
          changes[`/Ac/Item${i}`] = {
            Value: new dbus.Variant('d', value),
            Text: new dbus.Variant('s', `${value.toFixed(1)}W`),
          };
        }
        root.ItemsChanged(changes);
      }
      await setImmediate();
      await setTimeout(2);
    }
  });
  for (const bus of buses) bus.disconnect();
  return cost;
}

/** Milliseconds of this process's CPU per GetItems, and from call to answer. */
async function benchGetItems(address: string, peer: Peer): Promise<readonly [cpu: number, wall: number]> {
  const bus = await openBus(address);
  const service = new PublishedService('com.victronenergy.grid.big', SCHEMA, clock, new World(bus, () => 0), error => {
    throw error;
  });
  for (let i = 0; i < ITEMS; i++) service.setAny(`/Ac/Item${i}`, i / 8);
  service.registered(await bus.publish(service.tree));
  let wall = 0;
  const cpu = await cpuMicroseconds(GETS, async () => {
    const start = clock.monotonic();
    await peer.do(`items ${GETS} ${service.name}`);
    wall = clock.monotonic() - start;
  });
  await bus.close();
  return [cpu / 1000, wall / GETS];
}

/** CPU microseconds per signal of one path, ours and plain dbus-next, from services in another process. */
async function benchIncoming(address: string, peer: Peer): Promise<readonly [ours: number, plain: number]> {
  const bus = await openBus(address);
  let seen = 0;
  const ready = new Promise<void>(resolve => {
    let added = 0;
    bus.observe({
      serviceAdded: () => void (++added === PEER_SERVICES && resolve()),
      itemsChanged: () => seen++,
      serviceRemoved: () => {},
      busState: () => {},
    });
  });
  await ready;
  const ours = await takeSignals(peer, () => seen);
  await bus.close();

  const plain = dbus.sessionBus({ busAddress: address });
  let plainSeen = 0;
  let lastValue: unknown;
  plain.on('message', (message: dbus.Message) => {
    if (message.member !== 'ItemsChanged') return;
    for (const path in message.body[0]) lastValue = message.body[0][path].Value.value;
    plainSeen++;
  });
  for (let i = 0; i < PEER_SERVICES; i++) {
    const rule = `type='signal',sender='com.victronenergy.peer.n${i}',interface='${BUS_ITEM}'`;
    const destination = 'org.freedesktop.DBus';
    const path = '/org/freedesktop/DBus';
    await plain.call(
      new dbus.Message({ destination, path, interface: destination, member: 'AddMatch', signature: 's', body: [rule] }),
    );
  }
  const theirs = await takeSignals(peer, () => plainSeen);
  if (typeof lastValue !== 'number') throw new Error('plain dbus-next read no values');
  plain.disconnect();
  return [ours, theirs];
}

async function takeSignals(peer: Peer, seen: () => number): Promise<number> {
  let sent = seen();
  return cpuMicroseconds(SIGNALS, async () => {
    const end = sent + SIGNALS;
    while (sent < end) {
      await peer.do(`signals ${BURST_SIGNALS}`);
      sent += BURST_SIGNALS;
      // Less than a flood: the guard against those is not what is measured.
      await setTimeout(150);
    }
    while (seen() < sent) await setTimeout(5);
  });
}

/** test/support/bus-peer.ts in a process of its own. */
class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>) {
    this.#process = process;
    this.#lines = lines;
  }

  static async start(address: string): Promise<Peer> {
    const module: { compile(entries: string[], into: string): Promise<string[]> } = await import(
      pathToFileURL(join(process.cwd(), 'build/compile-tests.mjs')).href
    );
    const [file = ''] = await module.compile(['test/support/bus-peer.ts'], 'run/bus-peer');
    const child = spawn(process.execPath, [file, address, String(PEER_SERVICES), String(PEER_PATHS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const peer = new Peer(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    await peer.#lines.next();
    return peer;
  }

  async do(command: string): Promise<void> {
    this.#process.stdin?.write(`${command}\n`);
    await this.#lines.next();
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>(resolve => this.#process.once('exit', () => resolve()));
    this.#process.stdin?.end();
    await gone;
  }
}

if (process.argv[1]?.endsWith('bus.bench.mjs')) {
  const ok = await benchBus(text => process.stdout.write(`${text}\n`));
  process.exitCode = ok ? 0 : 1;
}
