/**
 * What the program costs as a process: start, resident memory, and a long run under load. Through a real dbus-daemon,
 * with the bundled file. `node build/run-ts.mjs test/bench/process.bench.ts`
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { textBlock } from '../../src/drivers/vedirect/simulator.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { type RunningGxd, startGxd } from '../support/program.ts';

const LIMITS = { startMs: 250, residentMegabytes: 65, stallMs: 50, growthMegabytes: 8 } as const;
const STARTS = 7;
const DEVICES = 10;
/** Blocks a second of all devices together times fields a block: about 1,000 values a second. */
const FIELDS_PER_BLOCK = 20;
const LOAD_BLOCKS_PER_SECOND = 50;

type Report = (line: string) => void;

/** @param soakSeconds how long the run under load takes */
export async function benchProcess(report: Report, soakSeconds: number): Promise<boolean> {
  const started = await benchStart(report);
  const resident = await benchMemory(report, soakSeconds);
  return started && resident;
}

/** Time from the start of the process to the settings on the bus, beside a Node that does nothing. */
async function benchStart(report: Report): Promise<boolean> {
  const bare = median(Array.from({ length: STARTS }, () => timed(() => spawnSync(process.execPath, ['-e', '0']))));
  const daemon = await TestDaemon.start();
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const data = mkdtempSync(join(tmpdir(), 'gxd-bench-'));
    const began = performance.now();
    const gxd = startGxd(['run', '--only', 'settings', '--data', data], { DBUS_SYSTEM_BUS_ADDRESS: daemon.address });
    await gxd.untilSaid('settings are served');
    times.push(performance.now() - began);
    await gxd.kill();
    rmSync(data, { recursive: true });
  }
  await daemon.stop();
  const over = median(times) - bare;
  report(
    `start to settings on the bus: ${median(times).toFixed(0)} ms, bare node ${bare.toFixed(0)} ms, over it ${verdict(over, LIMITS.startMs, 'ms')}`,
  );
  return over <= LIMITS.startMs;
}

/** Settings, the scanner and ten devices on ptys; then 1,000 values a second for a while. */
async function benchMemory(report: Report, seconds: number): Promise<boolean> {
  const daemon = await TestDaemon.start();
  const folder = mkdtempSync(join(tmpdir(), 'gxd-bench-'));
  const devices = Array.from({ length: DEVICES }, (_, i) => pty(join(folder, `ttyUSB${i}`)));
  await Promise.all(devices.map(device => device.ready));
  const gxd = startGxd(
    [
      'run',
      '--only',
      'settings,serial-scanner',
      '--data',
      join(folder, 'data'),
      '--serial',
      join(folder, 'ttyUSB*'),
      '--serial-locks',
      '',
    ],
    { DBUS_SYSTEM_BUS_ADDRESS: daemon.address },
  );
  try {
    await gxd.untilSaid('settings are served');
    let n = 0;
    const send = (): void => devices[n % DEVICES]?.send(block(n++));
    const warm = setIntervalOf(send, 1000 / DEVICES);
    await setTimeout(12_000);
    clearInterval(warm);
    const quiet = residentMegabytes(gxd);
    const clock = new SystemClock();
    const bus = await DbusBus.open({
      address: daemon.address,
      clock,
      random: seededRandom(1),
      log: new LogBook(clock, () => {}).for('bench'),
    });
    const found = await servicesOf(bus, 'com.victronenergy.battery.');
    if (found !== DEVICES) throw new Error(`${found} of ${DEVICES} devices are on the bus`);
    report(`resident with settings, scanner and ${DEVICES} devices: ${verdict(quiet, LIMITS.residentMegabytes, 'MB')}`);

    const load = setIntervalOf(send, 1000 / LOAD_BLOCKS_PER_SECOND);
    const stalls = pingEvery(bus);
    await setTimeout((seconds * 1000) / 3);
    const [early, earlyFiles] = [residentMegabytes(gxd), descriptors(gxd)];
    await setTimeout((seconds * 2000) / 3);
    const [late, lateFiles] = [residentMegabytes(gxd), descriptors(gxd)];
    clearInterval(load);
    const longest = stalls.stop();
    await bus.close();
    const rate = LOAD_BLOCKS_PER_SECOND * FIELDS_PER_BLOCK;
    report(
      `${seconds} s of ${rate} values/s: resident ${early.toFixed(1)} → ${late.toFixed(1)} MB, growth ${verdict(late - early, LIMITS.growthMegabytes, 'MB')}`,
    );
    report(
      `descriptors ${earlyFiles} → ${lateFiles}; longest wait for an answer ${verdict(longest, LIMITS.stallMs, 'ms')}`,
    );
    return (
      quiet <= LIMITS.residentMegabytes &&
      late - early <= LIMITS.growthMegabytes &&
      lateFiles === earlyFiles &&
      longest <= LIMITS.stallMs
    );
  } finally {
    await gxd.kill();
    for (const device of devices) device.end();
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A block whose every value is another than the last time. */
function block(n: number): Uint8Array {
  const wave = (n * 37) % 1000;
  const history = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`H${i + 1}`, 1000 + ((n * (i + 3)) % 5000)]),
  );
  return textBlock({
    PID: '0xA389',
    V: 12000 + wave,
    I: -wave,
    P: -wave,
    CE: -wave,
    SOC: wave,
    TTG: wave,
    Alarm: 'OFF',
    AR: 0,
    FW: '0416',
    ...history,
  });
}

interface Pty {
  readonly ready: Promise<void>;
  send(bytes: Uint8Array): void;
  end(): void;
}

function pty(path: string): Pty {
  const socat = spawn('socat', ['-d', '-d', `PTY,link=${path},raw,echo=0`, 'STDIO'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ready = new Promise<void>(resolve => {
    let said = '';
    socat.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('starting data transfer')) resolve();
    });
  });
  return { ready, send: bytes => void socat.stdin.write(bytes), end: () => void socat.kill() };
}

/** How many services there are whose name begins so. */
async function servicesOf(bus: DbusBus, prefix: string): Promise<number> {
  const daemon = 'org.freedesktop.DBus';
  const reply = await bus.call(daemon, '/org/freedesktop/DBus', daemon, 'ListNames', { signature: '', body: [] });
  const [names] = reply.body;
  if (!Array.isArray(names)) throw new Error('the bus names no services');
  return names.filter(name => String(name).startsWith(prefix)).length;
}

/** Pings the program again and again; what it takes longer than the bus itself is a stall of its event loop. */
function pingEvery(bus: DbusBus): { stop(): number } {
  let longest = 0;
  let running = true;
  const loop = async (): Promise<void> => {
    while (running) {
      const began = performance.now();
      await bus.call('com.victronenergy.settings', '/', 'org.freedesktop.DBus.Peer', 'Ping', {
        signature: '',
        body: [],
      });
      longest = Math.max(longest, performance.now() - began);
      await setTimeout(10);
    }
  };
  const looping = loop().catch(() => {
    longest = Number.POSITIVE_INFINITY;
  });
  return {
    stop: () => {
      running = false;
      void looping;
      return longest;
    },
  };
}

function residentMegabytes(gxd: RunningGxd): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${gxd.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function descriptors(gxd: RunningGxd): number {
  return readdirSync(`/proc/${gxd.pid}/fd`).length;
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function verdict(value: number, limit: number, unit: string): string {
  return `${value.toFixed(1)} ${unit} (limit ${limit} ${unit}) ${value <= limit ? 'ok' : 'TOO MUCH'}`;
}

function setIntervalOf(run: () => void, ms: number): NodeJS.Timeout {
  return setInterval(run, ms);
}

if (process.argv[1]?.endsWith('process.bench.mjs')) {
  const good = await benchProcess(line => console.log(line), Number(process.argv[2] ?? 30));
  process.exit(good ? 0 : 1);
}
