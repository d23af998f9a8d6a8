/**
 * What the system calculation costs, and how soon it answers: the program with its settings beside seven devices of
 * another process, through a real dbus-daemon. Run alone: node build/run-ts.mjs test/bench/system.bench.ts; with
 * `--memory` only what is measured in memory.
 *
 * CPU is that of the whole process, as the kernel counts it, less what it takes while nothing changes: reading from the
 * bus, all calculating, and sending what came out. What of it is calculating is measured by itself, in memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { systemActor } from '../../src/actors/system/system-actor.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import type { Value } from '../../src/schema/row.ts';
import { testClock } from '../support/clock.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { MemoryBus, SimulatedService } from '../support/memory-bus.ts';
import { memoryMachine } from '../support/memory-machine.ts';
import { type RunningGxd, startGxd } from '../support/program.ts';
import { ServedDevice } from '../support/served-devices.ts';
import { SimulatedSettings } from '../support/simulated-settings.ts';
import { BATTERY, CHANGING, SOLAR_CHARGER, systemDevices, VEBUS } from '../support/system-devices.ts';

const SYSTEM = 'com.victronenergy.system';
const SETTINGS = 'com.victronenergy.settings';
const WARM_CHANGES = 4_000;
const CHANGES = 4_000;
const IDLE_MS = 5_000;
const LATENCY_ROUNDS = 400;
/** An answer that does not come counts as one that took this long. */
const ANSWER_MS = 1_000;
const OTHERS_PER_SECOND = 200;
const MEMORY_CHANGES = 40_000;
/** Values of one message, as a device sends what it has measured. */
const VALUES_PER_MESSAGE = 10;
/** CPU of the stock program for a change of a single path, at 200 and at 1,000 a second. Microseconds. */
const STOCK = { 200: 102, 1000: 92 } as const;

const LIMITS = { p50Ms: 3, p99Ms: 15, valueMicroseconds: 8 } as const;

type Report = (line: string) => void;

/** Prints the figures. @returns whether all are within their limits */
export async function benchSystem(report: Report): Promise<boolean> {
  const inMemory = await benchInMemory(report);
  const daemon = await TestDaemon.start();
  const data = mkdtempSync(join(tmpdir(), 'gxd-bench-'));
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
  const seen = await openBus(daemon.address);
  const world = new World(seen, () => performance.now());
  seen.observe(world);
  const plant = await openBus(daemon.address);
  let gxd = startGxd(['run', '--only', 'settings', '--data', data], environment);
  try {
    const devices = new Map<string, ServedDevice>();
    for (const [name, values] of systemDevices()) devices.set(name, await ServedDevice.publish(plant, name, values));
    await until(() => world.service(SETTINGS) !== undefined);
    const reading = await benchProgram(gxd, daemon.pid ?? 0, devices, changer(devices, CHANGING));
    await gxd.kill();
    gxd = startGxd(['run', '--only', 'settings,system', '--data', data], environment);
    await until(() => world.value(SYSTEM, '/Dc/Battery/Soc') !== null);
    await world.write(SETTINGS, '/Settings/SystemSetup/HasDcSystem', 1);
    await until(() => world.value(SYSTEM, '/Dc/System/Power') !== null);
    // The values that are waited for are not changed by others.
    const others = CHANGING.filter(([name, path]) => name !== BATTERY || path.startsWith('/Soc'));
    const quick = await benchLatency(report, world, devices, changer(devices, others));
    reportCosts(report, reading, await benchProgram(gxd, daemon.pid ?? 0, devices, changer(devices, CHANGING)));
    return inMemory && quick;
  } finally {
    await gxd.kill();
    await plant.close();
    await seen.close();
    await daemon.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

function verdict(ok: boolean): string {
  return ok ? 'ok  ' : 'MISS';
}

async function openBus(address: string): Promise<DbusBus> {
  const clock = new SystemClock();
  const log = new LogBook(clock, entry => process.stderr.write(`${entry.message}\n`), 'warn').for('bench');
  return DbusBus.open({ address, clock, random: seededRandom(1), log });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await setTimeout(20);
  }
  throw new Error('the system calculation does not come up');
}

/** The n-th value of a path that changes: never the one before. */
function nthValue(n: number, around: number): number {
  return around + ((n * 7) % 97) / 10;
}

/** Each call changes the next path by a message of its own. */
function changer(devices: ReadonlyMap<string, ServedDevice>, changing: typeof CHANGING): () => void {
  let n = 0;
  return () => {
    const [service = '', path = '', around = 0] = changing[n % changing.length] ?? [];
    devices.get(service)?.set(path, nthValue(n++, around));
  };
}

/** Calls `change` so often a second, `count` times. */
async function atRate(perSecond: number, count: number, change: () => void): Promise<void> {
  const began = performance.now();
  for (let done = 0; done < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - began) * perSecond) / 1000));
    for (; done < due; done++) change();
    await setTimeout(1);
  }
}

// ---- how soon

/** What the devices give to the battery side at present, as the system calculates it. Watts. */
function dcSourcesPower(devices: ReadonlyMap<string, ServedDevice>): number {
  const product = (name: string): number => {
    const device = devices.get(name);
    return Number(device?.get('/Dc/0/Voltage')) * Number(device?.get('/Dc/0/Current'));
  };
  return product(SOLAR_CHARGER) + product(VEBUS);
}

/** Rounds of the battery are 50 W apart. */
function isAbout(value: Value, wanted: number): boolean {
  return typeof value === 'number' && Math.abs(value - wanted) < 0.5;
}

/**
 * From a new current of the battery until the system shows it, and the DC power that follows from it and from what the
 * other devices tell.
 */
async function benchLatency(
  report: Report,
  world: World,
  devices: ReadonlyMap<string, ServedDevice>,
  change: () => void,
): Promise<boolean> {
  const battery = devices.get(BATTERY);
  let others = true;
  const load = (async () => {
    while (others) await atRate(OTHERS_PER_SECOND, OTHERS_PER_SECOND / 10, change);
  })();
  await setTimeout(2_000);
  const times: number[] = [];
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    const current = -100 - round;
    const power = 50 * current;
    const began = performance.now();
    const arrived = new Promise<void>(resolve => {
      const look = (): void => {
        if (world.value(SYSTEM, '/Dc/Battery/Current') !== current) return;
        if (!isAbout(world.value(SYSTEM, '/Dc/System/Power'), dcSourcesPower(devices) - power)) return;
        watches.forEach(watch => void watch.release());
        resolve();
      };
      const watches = ['/Dc/Battery/Current', '/Dc/System/Power'].map(path =>
        world.watch({ service: SYSTEM, path }, look),
      );
    });
    battery?.setAll({ '/Dc/0/Current': current, '/Dc/0/Power': power });
    const late = new AbortController();
    const waited = setTimeout(ANSWER_MS, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([arrived, waited]);
    times.push(performance.now() - began);
    late.abort();
    await setTimeout(7 + (round % 13));
  }
  others = false;
  await load;
  times.sort((a, b) => a - b);
  const [p50 = 0, p99 = 0, worst = 0] = [0.5, 0.99, 1].map(part => times[Math.ceil(times.length * part) - 1]);
  const ok = p50 <= LIMITS.p50Ms && p99 <= LIMITS.p99Ms;
  report(
    `${verdict(ok)} battery current → system current and DC power, ${OTHERS_PER_SECOND} other values/s: ` +
      `p50 ${p50.toFixed(2)} ms (limit ${LIMITS.p50Ms}), p99 ${p99.toFixed(2)} ms (limit ${LIMITS.p99Ms}), worst ${worst.toFixed(1)} ms`,
  );
  return ok;
}

// ---- how dear

/** Microseconds of CPU of a process so far, of all its threads. */
function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return (ticks * 1_000_000) / ticksPerSecond;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU microseconds; of the program, and of dbus-daemon beside it. */
interface Cost {
  readonly what: string;
  readonly each: number;
  readonly daemon: number;
  readonly stock?: number;
}

/** What changes cost, less what the program takes while nothing changes. */
async function benchProgram(
  gxd: RunningGxd,
  daemon: number,
  devices: ReadonlyMap<string, ServedDevice>,
  change: () => void,
): Promise<Cost[]> {
  await atRate(1_000, WARM_CHANGES, change);
  await setTimeout(500);
  const idle = await perMillisecond(gxd.pid, () => setTimeout(IDLE_MS));
  const costs: Cost[] = [];
  const measure = async (what: string, units: number, work: () => Promise<void>, stock?: number): Promise<void> => {
    const before = cpuMicroseconds(daemon);
    const each = await perUnit(gxd.pid, idle, units, work);
    const cost = { what, each, daemon: (cpuMicroseconds(daemon) - before) / units };
    costs.push(stock === undefined ? cost : { ...cost, stock });
  };
  for (const rate of [200, 1000] as const)
    await measure(`a change of one path, ${rate}/s`, CHANGES, () => atRate(rate, CHANGES, change), STOCK[rate]);
  let n = 0;
  const messages = Math.round(CHANGES / VALUES_PER_MESSAGE);
  await measure(`a value of a message of ${VALUES_PER_MESSAGE}, 1000/s`, messages * VALUES_PER_MESSAGE, () =>
    atRate(1_000 / VALUES_PER_MESSAGE, messages, () => sendBatch(devices.get(BATTERY), n++)),
  );
  return costs;
}

/** @param reading what the program takes that only reads them */
function reportCosts(report: Report, reading: readonly Cost[], calculating: readonly Cost[]): void {
  calculating.forEach(({ what, each, daemon, stock }, i) => {
    const bare = reading[i]?.each ?? Number.NaN;
    report(
      `     ${what}: ${each.toFixed(1)} µs CPU of the program${stock === undefined ? '' : ` (stock ${stock})`}, ` +
        `of this ${(each - bare).toFixed(1)} over one that only reads; ${daemon.toFixed(0)} µs of dbus-daemon`,
    );
  });
}

/** What a battery with a BMS sends at once. */
function sendBatch(battery: ServedDevice | undefined, n: number): void {
  const paths = ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power', '/Soc', '/ConsumedAmphours', '/TimeToGo'];
  const more = ['/Dc/1/Voltage', '/History/DischargedEnergy', '/History/ChargedEnergy', '/History/TotalAhDrawn'];
  battery?.setAll(Object.fromEntries([...paths, ...more].map((path, i) => [path, nthValue(n, 10 * i)])));
}

async function perMillisecond(pid: number, work: () => Promise<void>): Promise<number> {
  const [cpu, began] = [cpuMicroseconds(pid), performance.now()];
  await work();
  return (cpuMicroseconds(pid) - cpu) / (performance.now() - began);
}

async function perUnit(pid: number, idle: number, units: number, work: () => Promise<void>): Promise<number> {
  const [cpu, began] = [cpuMicroseconds(pid), performance.now()];
  await work();
  return (cpuMicroseconds(pid) - cpu - idle * (performance.now() - began)) / units;
}

// ---- the calculation alone

/** From a value in the world to the system's values in theirs: each change with a run of its own, no bus. */
async function benchInMemory(report: Report): Promise<boolean> {
  const clock = new SystemClock();
  const bus = new MemoryBus();
  const world = new World(bus, () => clock.monotonic());
  bus.observe(world);
  new SimulatedSettings(bus).set('/Settings/SystemSetup/HasDcSystem', 1);
  for (const [name, values] of systemDevices()) bus.add(new SimulatedService(name, values));
  const logs = new LogBook(clock, ({ message }) => process.stderr.write(`${message}\n`), 'warn');
  const supervisor = new Supervisor<GatewayContext>(clock, logs, seededRandom(1), gatewayContexts(bus, world));
  const alone = await inMemory(bus, CHANGING);
  supervisor.add(systemActor(memoryMachine(testClock(), bus)));
  await until(() => world.value(SYSTEM, '/Dc/Battery/Soc') !== null);
  for (const one of CHANGING) {
    const cost = (await inMemory(bus, [one])) - alone;
    report(`     calculating for ${one[0].split('.')[2]}${one[1]}: ${cost.toFixed(1)} µs`);
  }
  const each = (await inMemory(bus, CHANGING)) - alone;
  await supervisor.stop();
  const ok = each <= LIMITS.valueMicroseconds;
  report(
    `${verdict(ok)} CPU of calculating, per incoming value: ${each.toFixed(1)} µs (limit ${LIMITS.valueMicroseconds})`,
  );
  return ok;
}

/** CPU microseconds of this process per change, the second of two runs. */
async function inMemory(bus: MemoryBus, changing: typeof CHANGING): Promise<number> {
  const run = async (): Promise<void> => {
    for (let n = 0; n < MEMORY_CHANGES; n++) {
      const [service = '', path = '', around = 0] = changing[n % changing.length] ?? [];
      bus.set(service, path, nthValue(Math.floor(n / changing.length), around));
      await setImmediate();
      // What would have been sent is of no use here, and a long list of it is dear.
      bus.announced.get(SYSTEM)?.splice(0);
    }
  };
  await run();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MEMORY_CHANGES;
}

if (process.argv[1]?.endsWith('system.bench.mjs')) {
  const report: Report = text => process.stdout.write(`${text}\n`);
  const ok = await (process.argv.includes('--memory') ? benchInMemory(report) : benchSystem(report));
  process.exitCode = ok ? 0 : 1;
}
