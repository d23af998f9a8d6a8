/**
 * `npm run fuzz -- NAME [--seconds N] [--seed N]`: throws mutated input at a parser. Without a name: lists the targets.
 * An input that makes it throw or hang is printed in hexadecimal, and the exit code is 1.
 */
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { target as canBms } from './can-bms.ts';
import { target as dbusWire } from './dbus-wire.ts';
import { type FuzzResult, type FuzzTarget, fuzz, INPUT_LIMIT, RUN_LIMIT_MS } from './fuzz.ts';
import { target as mk2 } from './mk2.ts';
import { target as modbus } from './modbus.ts';
import { target as modbusRtu } from './modbus-rtu.ts';
import { target as nmea0183 } from './nmea0183.ts';
import { target as nmea2000 } from './nmea2000.ts';
import { journalTarget as settingsJournal, fileTarget as settingsXml } from './settings.ts';
import { target as socketcan } from './socketcan.ts';
import { target as vecan } from './vecan.ts';
import { target as vedirectHex } from './vedirect-hex.ts';
import { target as vedirectText } from './vedirect-text.ts';

const TARGETS: readonly FuzzTarget[] = [
  canBms,
  dbusWire,
  mk2,
  modbus,
  modbusRtu,
  nmea0183,
  nmea2000,
  settingsJournal,
  settingsXml,
  socketcan,
  vecan,
  vedirectHex,
  vedirectText,
];

const DEFAULT_SECONDS = 10;
/** How often the watcher looks at the worker, milliseconds. */
const LOOK_MS = 250;
/** Longer than RUN_LIMIT_MS, which the worker itself notices when the input comes to an end after all. */
const HANG_MS = 3 * RUN_LIMIT_MS;

interface Job {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  /** Number of the input, its length, the input: written by the worker, read by the watcher when it hangs. */
  readonly shared: SharedArrayBuffer;
}

const HEADER_OCTETS = 8;

if (isMainThread) supervise();
else work(workerData as Job); // what supervise() gives

function supervise(): void {
  const { name, seconds, seed } = commandLine();
  if (name === undefined) {
    for (const { name } of TARGETS) console.log(name);
    return;
  }
  if (!TARGETS.some(target => target.name === name)) usage(`no target ${name}; without a name they are listed`);
  const shared = new SharedArrayBuffer(HEADER_OCTETS + INPUT_LIMIT);
  const job: Job = { name, seed, seconds, shared };
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  const watcher = watchForHang(shared, input => {
    report(job, { executions: 0, maxGrowth: 0, failure: { input, reason: `does not end within ${HANG_MS} ms` } });
    process.exit(1);
  });
  worker.on('message', (result: FuzzResult) => {
    clearInterval(watcher);
    process.exitCode = report(job, result) ? 0 : 1;
  });
  worker.on('error', error => {
    console.error(error);
    process.exit(1);
  });
}

function commandLine(): { name: string | undefined; seconds: number; seed: number } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seconds: { type: 'string' }, seed: { type: 'string' } },
    });
    const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
    const seed = Number(values.seed ?? Date.now() % 2 ** 32);
    if (!(seconds > 0) || !Number.isInteger(seed) || positionals.length > 1) usage();
    return { name: positionals[0], seconds, seed };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(reason?: string): never {
  if (reason !== undefined) console.error(reason);
  console.error('usage: npm run fuzz -- [NAME] [--seconds N] [--seed N]');
  process.exit(2);
}

/** Calls `hung` with the input on which the worker has been for too long. */
function watchForHang(shared: SharedArrayBuffer, hung: (input: Uint8Array) => void): NodeJS.Timeout {
  const header = new Int32Array(shared, 0, 2);
  let last = 0;
  let since = performance.now();
  return setInterval(() => {
    const number = Atomics.load(header, 0);
    if (number !== last || number === 0) {
      last = number;
      since = performance.now();
    } else if (performance.now() - since > HANG_MS)
      hung(new Uint8Array(shared, HEADER_OCTETS, Atomics.load(header, 1)).slice());
  }, LOOK_MS);
}

function work({ name, seed, seconds, shared }: Job): void {
  const target = TARGETS.find(one => one.name === name);
  if (target === undefined) return;
  const header = new Int32Array(shared, 0, 2);
  const copy = new Uint8Array(shared, HEADER_OCTETS);
  const result = fuzz(target, seed, seconds, {
    now: () => performance.now(),
    memory: () => {
      globalThis.gc?.();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return heapUsed + external + arrayBuffers;
    },
    running: input => {
      copy.set(input.subarray(0, INPUT_LIMIT));
      Atomics.store(header, 1, Math.min(input.length, INPUT_LIMIT));
      Atomics.add(header, 0, 1);
    },
  });
  parentPort?.postMessage(result);
}

/** Prints the result; true when nothing failed. */
function report({ name, seed }: Job, { executions, maxGrowth, failure }: FuzzResult): boolean {
  if (failure === undefined) {
    console.log(`${name}: seed ${seed}, ${executions} executions, memory grew by at most ${kib(maxGrowth)} KiB`);
    return true;
  }
  console.error(`${name}: ${failure.reason}`);
  console.error(`seed ${seed}, input${executions > 0 ? ` number ${executions}` : ''} in hexadecimal:`);
  console.error(Buffer.from(failure.input).toString('hex'));
  return false;
}

function kib(octets: number): number {
  return Math.round(octets / 1024);
}
