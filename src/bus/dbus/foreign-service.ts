/** What we know of one service of another process, and how what it says is read. */
import type { Value } from '../../schema/row.ts';
import { BUS_LIMITS } from '../bus.ts';
import { sameValue } from '../value.ts';
import type { Message } from './message.ts';
import type { BusStatistics } from './statistics.ts';
import type { WireReader } from './wire-reader.ts';

/** Characters of an item's path. */
const PATH_CHARS = 512;

export type Changes = Map<string, Value>;

/** Path → value from a body `a{sa{sv}}`: GetItems and ItemsChanged. Undefined when it is not one. */
export function readItems(message: Message): Changes | undefined {
  const { body } = message;
  if (message.signature !== 'a{sa{sv}}' || body === undefined) return undefined;
  const changes: Changes = new Map();
  const end = body.arrayEnd(8);
  while (body.within(end)) {
    body.align(8);
    const path = body.string();
    const value = readValueProperty(body);
    if (value !== undefined) changes.set(path, value);
  }
  return complete(body) ? changes : undefined;
}

/** The value from a body `a{sv}`: PropertiesChanged. Undefined when it is not one, or says nothing of the value. */
export function readProperties(message: Message): Value | undefined {
  const { body } = message;
  if (message.signature !== 'a{sv}' || body === undefined) return undefined;
  const value = readValueProperty(body);
  return complete(body) ? value : undefined;
}

/** Path → value from a signal of either kind; undefined when it tells no values. */
export function readChanges(message: Message): Changes | undefined {
  if (message.member === 'ItemsChanged') return message.path === '/' ? readItems(message) : undefined;
  if (message.member !== 'PropertiesChanged') return undefined;
  const value = readProperties(message);
  return value === undefined ? undefined : new Map([[message.path, value]]);
}

/** Path → value from what GetValue on `/` answers: a variant with a dictionary of relative paths. */
export function readTree(message: Message): Changes | undefined {
  const { body } = message;
  if (message.signature !== 'v' || body === undefined) return undefined;
  if (body.signature() !== 'a{sv}') return undefined;
  const changes: Changes = new Map();
  const end = body.arrayEnd(8);
  while (body.within(end)) {
    body.align(8);
    const path = body.string();
    changes.set(path.startsWith('/') ? path : `/${path}`, body.plainVariant());
  }
  return complete(body) ? changes : undefined;
}

/** Steps over the properties of one item. @returns its Value; undefined when it is not among them */
function readValueProperty(body: WireReader): Value | undefined {
  let value: Value | undefined;
  const end = body.arrayEnd(8);
  while (body.within(end)) {
    body.align(8);
    if (body.stringIs('Value')) value = body.plainVariant();
    else body.skipVariant();
  }
  return value;
}

function complete(body: WireReader): boolean {
  return body.fault === undefined && body.at === body.end;
}

export class ForeignService {
  readonly name: string;
  readonly owner: string;
  /** Path → value. What stands here is what observers have been told. */
  readonly items: Changes = new Map();
  /** Changes that came while the service is being read; undefined when it is read. */
  pending: Changes | undefined = new Map();
  /** Left alone until then (monotonic milliseconds), because it sent too much. */
  mutedUntil = 0;
  readonly #statistics: BusStatistics;
  #second = 0;
  #inSecond = 0;

  constructor(name: string, owner: string, statistics: BusStatistics) {
    this.name = name;
    this.owner = owner;
    this.#statistics = statistics;
  }

  /** Counts a signal. @returns how many there have been in this second */
  countSignal(now: number): number {
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#inSecond = 0;
    }
    return ++this.#inSecond;
  }

  /** Takes values. @returns those that are new */
  take(changes: Changes): [path: string, value: Value][] {
    const fresh: [path: string, value: Value][] = [];
    for (const [path, value] of changes) {
      const old = this.items.get(path);
      if (old !== undefined && sameValue(old, value)) continue;
      if (old === undefined && !this.#fits(path, this.items)) continue;
      this.items.set(path, value);
      fresh.push([path, value]);
    }
    return fresh;
  }

  /** Keeps changes for when the service is read. */
  keep(changes: Changes, into: Changes): void {
    for (const [path, value] of changes) if (into.has(path) || this.#fits(path, into)) into.set(path, value);
  }

  #fits(path: string, items: Changes): boolean {
    const fits = path.startsWith('/') && path.length <= PATH_CHARS && items.size < BUS_LIMITS.foreignItems;
    if (!fits) this.#statistics.ignoredItems++;
    return fits;
  }
}
