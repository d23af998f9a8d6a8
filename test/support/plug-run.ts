/**
 * Devices that are plugged in and out of real pseudo terminals again and again, with the serial scanner on a real bus in
 * this process, so that its descriptors, timers and memory can be counted.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serialScannerActor } from '../../src/actors/serial-scanner/serial-scanner-actor.ts';
import { settingsActor } from '../../src/actors/settings/settings-actor.ts';
import { DeviceFolder } from '../../src/adapters/device-folder.ts';
import { nodeFiles } from '../../src/adapters/node-files.ts';
import { SerialLinks } from '../../src/adapters/serial-links.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { Pty } from '../../src/cli/pty.ts';
import { type DeviceEnd, SIMULATED_KINDS } from '../../src/cli/simulated-devices.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import { TestDaemon } from './dbus-daemon.ts';

interface Expected {
  readonly kind: string;
  readonly type: string;
  /** Of its name, where it is not the port alone. */
  readonly name?: (tty: string) => string;
  readonly path: string;
  /** Its interface has no power of its own: it starts anew when it is plugged in. */
  readonly startsAnew?: true;
}

/** Which service each kind of device is to be, and a value that it always has. */
const EXPECTED: readonly Expected[] = [
  { kind: 'bmv', type: 'battery', path: '/Dc/0/Voltage' },
  { kind: 'mppt', type: 'solarcharger', path: '/Pv/V' },
  { kind: 'gps', type: 'gps', path: '/Position/Latitude' },
  { kind: 'multi', type: 'vebus', path: '/Dc/0/Voltage', startsAnew: true },
  { kind: 'et112', type: 'grid', path: '/Ac/Power', name: tty => `cgwacs_${tty}_mb1` },
];
/** A first value that comes later than this is a failure. */
export const LIMIT_MS = 3_000;
/** Unplugged, the service is to be gone after this long. */
const GONE_MS = 1_500;
const LOOK_MS = 10;
/** Events at each port before counting begins, unless told otherwise: what is made once is made by then. */
const WARM_EVENTS = 20;
/** Contacts that bounce: part of all plugs that are pulled again before anything can be known. */
const BOUNCES = 0.4;

export interface PlugOptions {
  readonly events: number;
  readonly ports: number;
  readonly seed: number;
  /** Events at each port before counting begins. */
  readonly warm?: number;
  /** All there are, unless given. */
  readonly kinds?: readonly string[];
  readonly say?: (line: string) => void;
}

export interface PlugReport {
  /** Plugs and unplugs. */
  readonly events: number;
  readonly seconds: number;
  /** Most events in one second. */
  readonly mostPerSecond: number;
  /** Milliseconds from plug to first value on the bus. */
  readonly first: readonly number[];
  readonly problems: readonly string[];
  /** Before the first event and after the last, with all unplugged. */
  readonly descriptors: readonly [number, number];
  readonly timers: readonly [number, number];
  /** Bytes on the heap. */
  readonly heap: readonly [number, number];
}

export async function plugRun(options: PlugOptions): Promise<PlugReport> {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-plug-'));
  const clock = new SystemClock();
  const problems: string[] = [];
  const logs = new LogBook(clock, line => {
    if (line.level === 'error') problems.push(line.message);
  });
  const open = (name: string): Promise<DbusBus> =>
    DbusBus.open({ address: daemon.address, clock, random: seededRandom(1), log: logs.for(name) });
  const bus = await open('bus');
  const own = new World(bus, () => clock.monotonic());
  const observing = bus.observe(own);
  const supervisor = new Supervisor<GatewayContext>(clock, logs, seededRandom(1), gatewayContexts(bus, own));
  supervisor.add(settingsActor({ files: nodeFiles, folder: join(folder, 'conf') }));
  supervisor.add(
    serialScannerActor({
      ports: new DeviceFolder(),
      links: new SerialLinks(),
      patterns: [join(folder, 'ttyUSB*')],
      memory: { files: nodeFiles, folder: join(folder, 'conf') },
    }),
  );
  const client = await open('client');
  const seen = new World(client, () => clock.monotonic());
  client.observe(seen);
  try {
    const run = new Run(options, folder, clock, seen, problems);
    return await run.all();
  } finally {
    await supervisor.stop();
    await observing.release();
    await client.close();
    await bus.close();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #options: PlugOptions;
  readonly #folder: string;
  readonly #clock: SystemClock;
  readonly #seen: World;
  readonly #problems: string[];
  readonly #first: number[] = [];
  readonly #times: number[] = [];

  constructor(options: PlugOptions, folder: string, clock: SystemClock, seen: World, problems: string[]) {
    this.#options = options;
    this.#folder = folder;
    this.#clock = clock;
    this.#seen = seen;
    this.#problems = problems;
  }

  async all(): Promise<PlugReport> {
    const { ports, events, seed, warm = WARM_EVENTS } = this.#options;
    // Each port with each device, so that what is made once for each (settings, code) is made before counting.
    await Promise.all(this.#ports(0, () => ports * warm, seed));
    this.#first.length = 0;
    this.#times.length = 0;
    const before = await this.#count();
    const began = this.#clock.monotonic();
    await Promise.all(this.#ports(1, () => events, seed));
    const seconds = (this.#clock.monotonic() - began) / 1000;
    const after = await this.#count();
    return {
      events: this.#times.length,
      seconds,
      mostPerSecond: mostPerSecond(this.#times),
      first: this.#first.sort((a, b) => a - b),
      problems: this.#problems,
      descriptors: [before.descriptors, after.descriptors],
      timers: [before.timers, after.timers],
      heap: [before.heap, after.heap],
    };
  }

  #ports(round: number, limit: () => number, seed: number): Promise<void>[] {
    return Array.from({ length: this.#options.ports }, (_, n) =>
      this.#port(`ttyUSB${n}`, seededRandom(seed + 100 * round + n), limit),
    );
  }

  /** Plugs and unplugs at one port until there have been enough events at all of them. */
  async #port(tty: string, random: Random, limit: () => number): Promise<void> {
    let pty: Pty | undefined;
    let plugged = '';
    const make = (kind: string): DeviceEnd | undefined =>
      SIMULATED_KINDS.find(one => one.name === kind)?.make(this.#clock, bytes => {
        if (plugged === kind) pty?.write(bytes);
      });
    // Devices live on while they are unplugged, for they have power of their own: they come in at any moment.
    const { kinds } = this.#options;
    const all = EXPECTED.filter(one => kinds?.includes(one.kind) ?? true);
    const living = new Map(all.filter(one => !one.startsAnew).map(({ kind }) => [kind, make(kind)]));
    while (this.#times.length < limit()) {
      const expected = all[Math.floor(random() * all.length)];
      if (expected === undefined) break;
      pty = await Pty.open(join(this.#folder, tty));
      plugged = expected.kind;
      const end = expected.startsAnew ? make(expected.kind) : living.get(expected.kind);
      pty.onData(bytes => end?.receive?.(bytes));
      this.#event();
      if (random() < BOUNCES) await wait(random() * 150);
      else {
        await this.#arrival(tty, expected);
        await wait(random() * 200);
      }
      plugged = '';
      if (expected.startsAnew) await end?.release();
      await pty.close();
      this.#event();
      await this.#departure(tty);
      await wait(random() * 50);
    }
    for (const end of living.values()) await end?.release();
  }

  async #arrival(tty: string, expected: Expected): Promise<void> {
    const began = this.#clock.monotonic();
    const name = serviceOf(expected, tty);
    while (this.#seen.value(name, expected.path) === null) {
      if (this.#clock.monotonic() - began > LIMIT_MS) {
        this.#problem(`${expected.kind} at ${tty}: no value after ${LIMIT_MS} ms (${this.#state(tty)})`);
        return;
      }
      await wait(LOOK_MS);
    }
    this.#first.push(this.#clock.monotonic() - began);
    const others = this.#at(tty).filter(one => one !== name);
    if (others.length > 0) this.#problem(`${expected.kind} at ${tty} is ${others.join(' and ')} too`);
  }

  async #departure(tty: string): Promise<void> {
    const began = this.#clock.monotonic();
    while (this.#at(tty).length > 0) {
      if (this.#clock.monotonic() - began > GONE_MS) {
        this.#problem(`${this.#at(tty).join()} is still there ${GONE_MS} ms after it was unplugged`);
        return;
      }
      await wait(LOOK_MS);
    }
  }

  #at(tty: string): string[] {
    const names = [...this.#seen.services()].map(service => service.name);
    return names.filter(name => EXPECTED.some(one => name === serviceOf(one, tty)));
  }

  #state(tty: string): string {
    const of = (key: string): unknown => this.#seen.value('com.victronenergy.serialscanner', `/Ports/${tty}/${key}`);
    return `${of('State')}, ${of('Driver')}, ${of('Why')}, tried ${of('Tried')}`;
  }

  #problem(text: string): void {
    this.#problems.push(text);
    this.#options.say?.(text);
  }

  #event(): void {
    this.#times.push(this.#clock.monotonic());
    if (this.#times.length % 200 === 0) this.#options.say?.(`${this.#times.length} events`);
  }

  /** With everything unplugged and at rest. */
  async #count(): Promise<{ descriptors: number; timers: number; heap: number }> {
    await wait(4_000);
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.();
      await wait(100);
    }
    return {
      descriptors: readdirSync('/proc/self/fd').length,
      timers: process.getActiveResourcesInfo().filter(name => name === 'Timeout').length,
      heap: process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers,
    };
  }
}

function serviceOf({ type, name }: Expected, tty: string): string {
  return `com.victronenergy.${type}.${name?.(tty) ?? tty}`;
}

function mostPerSecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (let to = 0; to < times.length; to++) {
    while ((times[to] ?? 0) - (times[from] ?? 0) > 1_000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

export function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
