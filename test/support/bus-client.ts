/** What tests of the real bus share: a bus, a plain connection, an observer that writes down, and waiting for events. */
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import type { BusObserver, ServedItem, ServedTree, Typed } from '../../src/bus/bus.ts';
import { parseAddress } from '../../src/bus/dbus/address.ts';
import { DbusConnection, type Handlers } from '../../src/bus/dbus/connection.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import type { Message } from '../../src/bus/dbus/message.ts';
import { type BusStatistics, newStatistics } from '../../src/bus/dbus/statistics.ts';
import { textByRow } from '../../src/bus/text.ts';
import { typedByRow } from '../../src/bus/value.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Fault } from '../../src/kernel/fault.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Row, Value } from '../../src/schema/row.ts';

export const realClock = new SystemClock();

/** Lines that were logged. */
export type Lines = string[];

/** @param clock with a virtual one no time passes for the bus but what the test lets pass, however slow the machine is */
export function openTestBus(address: string, lines: Lines = [], clock: Clock = realClock): Promise<DbusBus> {
  const log = new LogBook(clock, line => lines.push(`${line.level} ${line.message}`)).for('bus');
  return DbusBus.open({ address, clock, random: seededRandom(7), log });
}

/** A plain connection that writes down what comes. */
export interface TestClient {
  readonly connection: DbusConnection;
  readonly statistics: BusStatistics;
  readonly signals: Message[];
  /** Reason of the loss, as soon as it is lost. */
  readonly lost: Promise<Fault>;
}

export async function openClient(address: string, handlers: Partial<Handlers> = {}): Promise<TestClient> {
  const signals: Message[] = [];
  const statistics = newStatistics();
  let tellLost: (reason: Fault) => void = () => {};
  const lost = new Promise<Fault>(resolve => {
    tellLost = resolve;
  });
  const all: Handlers = {
    call: () => {},
    // The bytes of a signal do not hold after the handler: what is wanted of it is read here.
    signal: message => void signals.push(message),
    lost: reason => tellLost(reason),
    threw: () => {},
    ...handlers,
  };
  const connection = await DbusConnection.open(parseAddress(address), realClock, all, statistics);
  return { connection, statistics, signals, lost };
}

/** Waits until `condition` holds; throws with `what` when it does not within the time. */
export async function until(what: string, condition: () => boolean, withinMs = 60_000): Promise<void> {
  const end = realClock.monotonic() + withinMs;
  while (!condition()) {
    if (realClock.monotonic() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await setTimeout(5);
  }
}

/** A tree of plain rows for tests. */
export class TestTree implements ServedTree {
  readonly name: string;
  readonly signals: 'items' | 'properties';
  readonly values = new Map<string, { row: Row; value: Value }>();
  /** Decides on SetValue; takes everything when it is not set. */
  onWrite: ((path: string, value: Value, typed: Typed) => number | Promise<number>) | undefined;

  constructor(
    name: string,
    values: Readonly<Record<string, readonly [Row, Value]>> = {},
    signals: 'items' | 'properties' = 'items',
  ) {
    this.name = name;
    this.signals = signals;
    for (const [path, [row, value]] of Object.entries(values)) this.values.set(path, { row, value });
  }

  item(path: string): ServedItem | undefined {
    return this.values.get(path);
  }

  items(): Iterable<readonly [string, ServedItem]> {
    return this.values;
  }

  typed(_path: string, item: ServedItem): Typed {
    return typedByRow(item.value, item.row);
  }

  text(_path: string, item: ServedItem): string {
    return textByRow(item.value, item.row);
  }

  write(path: string, value: Value, typed: Typed): number | Promise<number> {
    if (this.onWrite !== undefined) return this.onWrite(path, value, typed);
    this.set(path, value);
    return 0;
  }

  set(path: string, value: Value): void {
    const item = this.values.get(path);
    if (item !== undefined) item.value = value;
  }
}

/** An observer that keeps the picture it is told. */
export class Picture implements BusObserver {
  readonly services = new Map<string, Map<string, Value>>();
  readonly events: string[] = [];
  up: boolean | undefined;

  serviceAdded(name: string, _owner: string, items: Iterable<readonly [string, Value]>): void {
    this.events.push(`added ${name}`);
    this.services.set(name, new Map(items));
  }

  itemsChanged(name: string, changes: Iterable<readonly [string, Value]>): void {
    for (const [path, value] of changes) this.services.get(name)?.set(path, value);
  }

  serviceRemoved(name: string): void {
    this.events.push(`removed ${name}`);
    this.services.delete(name);
  }

  busState(up: boolean): void {
    this.events.push(up ? 'up' : 'down');
    this.up = up;
  }

  value(name: string, path: string): Value | undefined {
    return this.services.get(name)?.get(path);
  }
}

/** Runs a program to its end. @returns its exit code and what it said */
export function run(command: string, args: readonly string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', text => {
      out += text;
    });
    child.stderr.on('data', text => {
      out += text;
    });
    child.once('error', reject);
    child.once('close', code => resolve({ code, out }));
  });
}

/** dbus-send, a client that knows nothing of us. */
export async function dbusSend(address: string, destination: string, path: string, ...call: string[]): Promise<string> {
  const { out } = await run('dbus-send', [`--bus=${address}`, '--print-reply', `--dest=${destination}`, path, ...call]);
  return out;
}
