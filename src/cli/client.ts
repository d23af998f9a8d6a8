/** What the commands ls, get, set, text and watch share: the bus, names, options, and reading a service. */
import { parseArgs } from 'node:util';
import { SystemClock } from '../adapters/system-clock.ts';
import type { Bus, CallReply, TypedData } from '../bus/bus.ts';
import { BUS_ITEM } from '../bus/bus-item.ts';
import { isTyped, plain } from '../bus/value.ts';
import { describe } from '../kernel/fault.ts';
import type { Value } from '../schema/row.ts';
import { openBus } from './bus.ts';
import { UsageError } from './io.ts';

const PREFIX = 'com.victronenergy.';
const NO_ARGUMENTS: CallReply = { signature: '', body: [] };

export interface ClientArgs {
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly flags: ReadonlySet<string>;
}

/** Reads the arguments of a command: `--json`, the flags it knows, and from `least` to `most` others. */
export function clientArgs(
  args: readonly string[],
  least: number,
  most: number,
  flags: readonly string[] = [],
): ClientArgs {
  const known = ['json', ...flags];
  try {
    const { values, positionals } = parseArgs({
      // A negative number is a value, not an option.
      args: args.map(arg => (/^-\d/.test(arg) ? ` ${arg}` : arg)),
      strict: true,
      allowPositionals: true,
      options: Object.fromEntries(known.map(name => [name, { type: 'boolean' as const }])),
    });
    if (positionals.length < least) throw new UsageError('something is missing');
    if (positionals.length > most) throw new UsageError(`too many arguments: ${positionals.slice(most).join(' ')}`);
    const set = known.filter(name => values[name] === true);
    return {
      positionals: positionals.map(arg => arg.trimStart()),
      json: set.includes('json'),
      flags: new Set(set),
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
}

/** `battery.ttyUSB0` → `com.victronenergy.battery.ttyUSB0`; a full name stays as it is. */
export function fullName(name: string): string {
  return name.startsWith(PREFIX) ? name : PREFIX + name;
}

/** Opens the bus for one command, and closes it behind it. */
export async function withBus<T>(work: (bus: Bus, clock: SystemClock) => Promise<T>): Promise<T> {
  const clock = new SystemClock();
  const bus = await openBus(clock);
  try {
    return await work(bus, clock);
  } finally {
    await bus.close();
  }
}

export interface ReadItem {
  readonly value: Value;
  readonly text: string;
}

/** All items of a service, by path: by GetItems, or from a service that does not know it by GetValue and GetText. */
export async function readItems(bus: Bus, service: string): Promise<Map<string, ReadItem>> {
  try {
    const reply = await bus.call(service, '/', BUS_ITEM, 'GetItems', NO_ARGUMENTS);
    return itemsOf(reply.body[0]);
  } catch (error) {
    const values = dictOf(await bus.call(service, '/', BUS_ITEM, 'GetValue', NO_ARGUMENTS));
    if (values === undefined) throw error;
    const texts = dictOf(await bus.call(service, '/', BUS_ITEM, 'GetText', NO_ARGUMENTS)) ?? {};
    return new Map(
      Object.entries(values).map(([path, value]) => [
        path.startsWith('/') ? path : `/${path}`,
        { value, text: String(texts[path] ?? '') },
      ]),
    );
  }
}

/** The value of one item, or of all items below a path as a dictionary. */
export async function readValue(bus: Bus, service: string, path: string): Promise<Value> {
  const reply = await bus.call(service, path, BUS_ITEM, 'GetValue', NO_ARGUMENTS);
  return plainOf(reply.body[0]);
}

export async function readText(bus: Bus, service: string, path: string): Promise<string> {
  const reply = await bus.call(service, path, BUS_ITEM, 'GetText', NO_ARGUMENTS);
  const text = plainOf(reply.body[0]);
  return typeof text === 'string' ? text : JSON.stringify(text);
}

function plainOf(data: TypedData | undefined): Value {
  return data === undefined ? null : plain({ signature: 'v', value: data });
}

function dictOf(reply: CallReply): { readonly [key: string]: Value } | undefined {
  const value = plainOf(reply.body[0]);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Value }) // an object that is no array is a dictionary
    : undefined;
}

function itemsOf(data: TypedData | undefined): Map<string, ReadItem> {
  const items = new Map<string, ReadItem>();
  if (!(data instanceof Map)) return items;
  for (const [path, properties] of data as ReadonlyMap<string, TypedData>) {
    if (!(properties instanceof Map)) continue;
    const text = (properties as ReadonlyMap<string, TypedData>).get('Text');
    items.set(path, {
      value: plainOf((properties as ReadonlyMap<string, TypedData>).get('Value')),
      text: text !== undefined && isTyped(text) ? String(text.value) : String(text ?? ''),
    });
  }
  return items;
}
