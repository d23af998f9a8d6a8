/** CAN interfaces as `ip` of iproute2 shows and sets them up: what it prints, what it is told, what went wrong. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Fault } from '../kernel/fault.ts';
import type { CanSetting, CanState } from '../ports/can.ts';

const TOOL_MS = 5_000;
const LISTING_BYTES = 64 * 1024;
/** Frames that an interface queues for its controller. */
const QUEUE_FRAMES = 100;
/** Where it lies; that of busybox has the same name and knows no CAN, and not every image lets its own go first. */
const PLACES = ['/sbin/ip.iproute2', '/usr/sbin/ip.iproute2', '/bin/ip', '/sbin/ip', '/usr/sbin/ip', '/usr/bin/ip'];

const BUS_STATES: Readonly<Record<string, CanState['bus']>> = {
  'ERROR-ACTIVE': 'active',
  'ERROR-WARNING': 'warning',
  'ERROR-PASSIVE': 'passive',
  'BUS-OFF': 'off',
  STOPPED: 'stopped',
};

/** How an interface stands. @returns undefined when there is none of that name. Rejects with a Fault (system). */
export async function linkState(name: string, run = runIp): Promise<CanState | undefined> {
  try {
    return stateOf(await run(['-details', '-statistics', '-json', 'link', 'show', 'dev', name]));
  } catch (error) {
    if (error instanceof Fault && NO_SUCH.test(error.message)) return undefined;
    throw error;
  }
}

/**
 * Takes an interface down, sets it up and takes it up; without a setting it stays down. A virtual one has no bit rate,
 * and a controller that does not come back by itself is one that stays off: neither is an error.
 */
export async function setUpLink(name: string, setting: CanSetting | undefined, run = runIp): Promise<void> {
  const set = (...args: readonly string[]): Promise<string> => run(['link', 'set', 'dev', name, ...args]);
  try {
    const state = await linkState(name, run);
    if (state === undefined) throw new Fault('configuration', 'no such interface');
    await set('down');
    if (setting === undefined) return;
    if (isController(state)) {
      await set('type', 'can', 'bitrate', String(setting.bitRate));
      await set('type', 'can', 'restart-ms', String(setting.restartMs)).catch(notSupported);
    }
    await set('up', 'txqueuelen', String(QUEUE_FRAMES));
  } catch (error) {
    throw setUpFault(name, setting, error);
  }
}

/** Reads what `ip` prints as JSON. @returns undefined for what is none of it */
export function stateOf(text: string): CanState | undefined {
  const link = at(parsed(text), 0);
  const flags = at(link, 'flags');
  if (!Array.isArray(flags)) return undefined;
  const info = at(link, 'linkinfo');
  const data = at(info, 'info_data');
  const counted = at(info, 'info_xstats');
  const stats = at(link, 'stats64') ?? at(link, 'stats');
  const [received, sent] = [at(stats, 'rx'), at(stats, 'tx')];
  const up = flags.includes('UP');
  return {
    up,
    bitRate: numberAt(at(data, 'bittiming'), 'bitrate'),
    restartMs: at(info, 'info_kind') === 'can' ? (numberAt(data, 'restart_ms') ?? 0) : undefined,
    bus: up ? (BUS_STATES[String(at(data, 'state'))] ?? 'unknown') : 'stopped',
    receiveErrors: numberAt(at(data, 'berr_counter'), 'rx') ?? 0,
    transmitErrors: numberAt(at(data, 'berr_counter'), 'tx') ?? 0,
    statistics: {
      received: numberAt(received, 'packets') ?? 0,
      sent: numberAt(sent, 'packets') ?? 0,
      receiveDropped: (numberAt(received, 'dropped') ?? 0) + (numberAt(received, 'over_errors') ?? 0),
      sendDropped: numberAt(sent, 'dropped') ?? 0,
      busErrors: numberAt(counted, 'bus_error') ?? 0,
      warnings: numberAt(counted, 'error_warning') ?? 0,
      passives: numberAt(counted, 'error_passive') ?? 0,
      busOffs: numberAt(counted, 'bus_off') ?? 0,
      restarts: numberAt(counted, 'restarts') ?? 0,
    },
    told: text.trim(),
  };
}

function isController(state: CanState): boolean {
  return state.restartMs !== undefined;
}

const NO_SUCH = /cannot find device|does not exist|no such device|no such interface/i;
const NO_PERMISSION = /not permitted|permission denied/i;
const NOT_SUPPORTED = /not supported/i;

function notSupported(error: unknown): string {
  if (error instanceof Fault && NOT_SUPPORTED.test(error.message)) return '';
  throw error;
}

function setUpFault(name: string, setting: CanSetting | undefined, error: unknown): Fault {
  if (!(error instanceof Fault) || (error.whose === 'system' && /there is no ip/.test(error.message)))
    return error instanceof Fault ? error : new Fault('bug', `cannot set up ${name}`, error);
  const { message } = error;
  if (NO_SUCH.test(message)) return new Fault('configuration', `cannot set up ${name}: no such interface`);
  if (NO_PERMISSION.test(message))
    return new Fault('configuration', `cannot set up ${name}: no permission (CAP_NET_ADMIN)`);
  if (setting !== undefined && /invalid|numerical|out of range/i.test(message))
    return new Fault('configuration', `${name} does not know ${setting.bitRate} bit/s: ${message}`);
  return new Fault('configuration', `cannot set up ${name}: ${message}`);
}

/** Runs `ip`. Rejects with a Fault (system) with what it said. */
function runIp(args: readonly string[]): Promise<string> {
  const ip = PLACES.find(place => existsSync(place));
  if (ip === undefined) return Promise.reject(new Fault('system', 'there is no ip (of iproute2) on this machine'));
  return new Promise((resolve, reject) => {
    const options = { timeout: TOOL_MS, maxBuffer: LISTING_BYTES, encoding: 'utf8' } as const;
    execFile(ip, [...args], options, (error, out, said) => {
      if (error === null) resolve(out);
      else reject(new Fault('system', (said.trim() || error.message).split('\n')[0] ?? 'ip failed', error));
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nothing that we can read is told by this ip.
    return undefined;
  }
}

/** A member of what was read; undefined where there is none. */
function at(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key]; // any object has members of unknown types
}

function numberAt(value: unknown, key: string): number | undefined {
  const found = at(value, key);
  return typeof found === 'number' ? found : undefined;
}
