/** `gxd run`: the gateway on the system bus. */
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CanSelection, parseCanSelection } from '../adapters/all-can.ts';
import { writeLine } from '../adapters/console-log.ts';
import { crashFile } from '../adapters/crash-file.ts';
import { fileSink, systemdFeedMs, systemdSink } from '../adapters/health-sinks.ts';

import { SystemClock } from '../adapters/system-clock.ts';
import { ACTORS, type ActorRow, startAppliance } from '../appliance.ts';
import { type CrashWatch, watchCrashes } from '../kernel/crash-count.ts';
import { describe } from '../kernel/fault.ts';
import { watchHealth } from '../kernel/health.ts';
import { type Level, LogBook } from '../kernel/log.ts';
import { VERSION } from '../kernel/version.ts';
import { openBus } from './bus.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { realMachine } from './machine.ts';

const DEFAULT_DATA = '/data';
/** The version of the image that gxd is part of. */
const IMAGE_VERSION = '/etc/gxd/version';
const DEFAULT_SERIAL = '/dev/ttyUSB*,/dev/ttyACM*,/dev/ttyO*,/dev/ttyS*';
const DEFAULT_CAN = '*';
const DEFAULT_LOCKS = '/var/lock/serial-starter';
const DEFAULT_FEED_MS = 10_000;
const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

interface RunOptions {
  readonly data: string;
  readonly rows: readonly ActorRow[];
  /** Started as a part: others run the rest, and decide on safe mode. */
  readonly part: boolean;
  readonly serialPatterns: readonly string[];
  readonly serialLocks: string;
  readonly gpioLinks: string | undefined;
  readonly can: CanSelection;
  readonly log: string;
  readonly modbusPort: number | undefined;
  readonly watchdogFile: string | undefined;
}

export async function runCommand(args: readonly string[], io: CliIo): Promise<number> {
  const options = parseOptions(args);
  const clock = new SystemClock();
  const logs = new LogBook(clock, writeLine);
  setLevels(logs, options.log);
  const log = logs.for('gxd');

  const needsData = !options.part || options.rows.some(row => row.needsData);
  if (needsData && !isWritableFolder(options.data)) {
    io.err(`gxd: the data folder ${options.data} cannot be written (--data names another one)`);
    return EXIT.data;
  }
  const bus = await openBus(clock, logs);
  const crashes = options.part ? undefined : await watchCrashesIn(options.data, clock, logs);
  const rows = crashes?.safeMode ? options.rows.filter(row => row.safe) : options.rows;
  if (crashes?.safeMode) log.error('safe mode: the process has crashed again and again', { actors: names(rows) });

  log.info(`gxd ${VERSION} starts`, { actors: names(rows) });
  const machine = realMachine(
    clock,
    bus,
    options.can,
    options.serialLocks === '' ? undefined : options.serialLocks,
    options.gpioLinks,
  );
  const appliance = await startAppliance(machine, logs, rows, {
    dataFolder: options.data,
    serialPatterns: options.serialPatterns,
    safeMode: crashes?.safeMode === true,
    ...(options.modbusPort === undefined ? {} : { modbusPort: options.modbusPort }),
  });
  const complain = (reason: string): void => log.warn(reason);
  const sinks = [
    systemdSink(process.env, complain),
    options.watchdogFile === undefined ? undefined : fileSink(options.watchdogFile, complain),
  ].filter(sink => sink !== undefined);
  const health = watchHealth(clock, () => appliance.supervisor.status(), sinks, {
    feedMs: systemdFeedMs(process.env) ?? DEFAULT_FEED_MS,
  });

  process.on('unhandledRejection', reason => log.error(`a promise nobody waited for: ${describe(reason)} (bug)`));
  await stopSignal();
  log.info('stopping');
  health.cancel();
  await appliance.release();
  await bus.close();
  await crashes?.ended();
  return EXIT.done;
}

function parseOptions(args: readonly string[]): RunOptions {
  let values: Record<string, string | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        data: { type: 'string' },
        only: { type: 'string' },
        without: { type: 'string' },
        serial: { type: 'string' },
        'serial-locks': { type: 'string' },
        gpio: { type: 'string' },
        can: { type: 'string' },
        log: { type: 'string' },
        'modbus-port': { type: 'string' },
        'watchdog-file': { type: 'string' },
      },
    }));
  } catch (error) {
    throw new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
  if (values['only'] !== undefined && values['without'] !== undefined)
    throw new UsageError('--only and --without exclude each other');
  const only = actorNames(values['only']);
  const without = actorNames(values['without']) ?? [];
  return {
    data: values['data'] ?? DEFAULT_DATA,
    rows: ACTORS.filter(row => (only === undefined || only.includes(row.name)) && !without.includes(row.name)),
    part: only !== undefined || without.length > 0,
    serialPatterns: (values['serial'] ?? DEFAULT_SERIAL).split(',').filter(pattern => pattern !== ''),
    serialLocks: values['serial-locks'] ?? DEFAULT_LOCKS,
    gpioLinks: values['gpio'],
    can: canSelection(values['can'] ?? DEFAULT_CAN),
    log: values['log'] ?? 'info',
    modbusPort: portNumber(values['modbus-port']),
    watchdogFile: values['watchdog-file'],
  };
}

function actorNames(list: string | undefined): string[] | undefined {
  const wanted = list?.split(',').filter(name => name !== '');
  const unknown = wanted?.find(name => !ACTORS.some(row => row.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no actor ${unknown}; there are ${names(ACTORS)}`);
  return wanted;
}

function canSelection(text: string): CanSelection {
  try {
    return parseCanSelection(text);
  } catch (error) {
    throw new UsageError(`--can: ${error instanceof Error ? error.message : text}`);
  }
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError('--modbus-port takes 1 to 65535');
  return port;
}

/** `info`, or `warn,settings=debug`. */
function setLevels(logs: LogBook, spec: string): void {
  for (const part of spec.split(',')) {
    const [left = '', right] = part.split('=', 2);
    const level = LEVELS.find(one => one === (right ?? left));
    if (level === undefined) throw new UsageError(`--log takes ${LEVELS.join(', ')}, or ACTOR=LEVEL`);
    logs.setLevel(level, right === undefined ? undefined : left);
  }
}

function isWritableFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function watchCrashesIn(data: string, clock: SystemClock, logs: LogBook): Promise<CrashWatch> {
  return watchCrashes(clock, crashFile(join(data, 'gxd-crashes'), systemVersion()), error =>
    logs.for('gxd').warn(`the crash count cannot be kept: ${describe(error)}`),
  );
}

/** Of the program, and of the image that it is part of. */
function systemVersion(): string {
  try {
    return `${VERSION} ${readFileSync(IMAGE_VERSION, 'utf8')}`.trim();
  } catch {
    return VERSION; // it is not part of an image
  }
}

/** Settles at SIGTERM or SIGINT. A second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    const stop = (): void => {
      process.once('SIGTERM', () => process.exit(EXIT.failed));
      process.once('SIGINT', () => process.exit(EXIT.failed));
      resolve();
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}

function names(rows: readonly ActorRow[]): string {
  return rows.map(row => row.name).join(',');
}
