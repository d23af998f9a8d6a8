/**
 * A service of ours: a tree of items typed by its schema. `set` changes the picture at once; what changed in a tick
 * goes out in one message at its end.
 */
import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import type { TickEnd } from '../kernel/tick-end.ts';
import { findRow, type PathOf, type Row, type Schema, type Value, type ValueAt } from '../schema/row.ts';
import type { IncomingCall, Registration, ServedItem, ServedTree, Typed } from './bus.ts';
import { type Stored, StoredItems } from './service-view.ts';
import { textByRow } from './text.ts';
import { sameValue, typedByRow } from './value.ts';
import type { OwnService, World } from './world.ts';

/** Result codes of SetValue, as the clients in the field know them. */
export const SET_DONE = 0;
export const SET_NOT_WRITABLE = 1;
export const SET_REFUSED = 2;

/** Decides on a SetValue by a client: SET_DONE when the value was taken (and set), else a code other than 0. */
export type WriteHandler = (value: Value, path: string) => number | Promise<number>;

/** Items of one service at most. */
const ITEM_LIMIT = 10_000;

interface Item extends ServedItem, Stored {
  readonly row: Row;
  /** Steps of its precision in one; undefined when it has none. */
  readonly steps: number | undefined;
  value: Value;
  gone: boolean;
  changedAt: number;
}

export class PublishedService<S extends Schema = Schema> extends StoredItems<Item> implements OwnService {
  readonly own = true;
  readonly schema: S;
  /** What the bus serves. */
  readonly tree: ServedTree;
  readonly #clock: Clock;
  readonly #world: World;
  readonly #writers = new Map<string, WriteHandler>();
  readonly #heardAlways = new Set<string>();
  readonly #texts = new Map<string, (value: Value) => string>();
  readonly #failed: (error: unknown) => void;
  #calls: ((call: IncomingCall) => ReturnType<NonNullable<ServedTree['call']>>) | undefined;
  #changed = new Set<string>();
  /** The other one of two sets that take turns. */
  #sent = new Set<string>();
  /** The end of a tick, where what has changed goes out; only while it is on the bus. */
  #tickEnd: TickEnd | undefined;
  /** When the present tick, or batch, began to change values. */
  #tickAt = 0;
  #batching = false;
  #registration: Registration | undefined;

  /** @param failed hears of what a write or call handler threw; the client gets an error reply either way */
  constructor(name: string, schema: S, clock: Clock, world: World, failed: (error: unknown) => void) {
    super(name);
    this.#failed = failed;
    this.schema = schema;
    this.#clock = clock;
    this.#world = world;
    this.tree = {
      name,
      signals: 'items',
      item: path => this.items.get(path),
      items: () => this.items,
      typed: (_path, item) => typedByRow(item.value, item.row),
      text: (path, item) => this.#texts.get(path)?.(item.value) ?? textByRow(item.value, item.row),
      write: (path, value, typed) => this.#write(path, value, typed),
      call: call => this.#watched(() => this.#calls?.(call)),
    };
  }

  /**
   * Sets a value, adding the path when it is new. A number that is not finite is invalid. What does not differ in the
   * precision of its row is not a change.
   */
  set<P extends PathOf<S>>(path: P, value: ValueAt<S, P>): void {
    this.setAny(path, value);
  }

  /**
   * As `set`, for paths and values that are only known at run time. Throws a Fault (bug) for a path not in the schema.
   * @returns whether the path, or this value at it, is new
   */
  setAny(path: string, value: Value): boolean {
    let item = this.items.get(path);
    if (item === undefined) {
      const row = findRow(this.schema, path);
      if (row === undefined) throw new Fault('bug', `${this.name} has no path ${path} in its schema`);
      item = this.#add(path, row);
      item.value = quantise(value, item.steps);
      this.#note(path, item);
      return true;
    }
    const next = quantise(value, item.steps);
    if (sameValue(item.value, next)) return false;
    item.value = next;
    this.#note(path, item);
    return true;
  }

  /** Adds a path that the schema does not know, with a row of its own. Sets it when it exists. */
  setExtra(path: string, row: Row, value: Value): void {
    if (!this.items.has(path)) this.#add(path, row);
    this.setAny(path, value);
  }

  /** Takes a path off the tree; clients see it become invalid. */
  remove(path: string): void {
    const item = this.items.get(path);
    if (item === undefined) return;
    item.gone = true;
    this.items.delete(path);
    this.#writers.delete(path);
    this.#heardAlways.delete(path);
    this.#texts.delete(path);
    this.#changed.add(path);
    this.#schedule();
    this.#world.ownChanged(this, path, null);
  }

  /** Lets clients write a path. The handler sets the value itself when it takes it. */
  onWrite(path: PathOf<S>, handler: WriteHandler): void {
    this.#writers.set(path, handler);
  }

  /** As `onWrite`, for paths that are only known at run time. */
  onWriteAny(path: string, handler: WriteHandler): void {
    this.#writers.set(path, handler);
  }

  /** Has a path's handler hear also of writes of what already stands there: the device forgets it after a while. */
  hearsEveryWrite(path: string): void {
    this.#heardAlways.add(path);
  }

  /** A text of its own for one path, instead of the one from its row. */
  textFor(path: PathOf<S>, text: (value: Value) => string): void {
    this.#texts.set(path, text);
  }

  /** Answers calls beyond BusItem's own. One handler; undefined means "not mine". */
  onCall(handler: (call: IncomingCall) => ReturnType<NonNullable<ServedTree['call']>>): void {
    this.#calls = handler;
  }

  /** From now on changes go out by this registration. */
  registered(registration: Registration): void {
    this.#registration = registration;
    this.#tickEnd ??= this.#clock.tickEnd(() => this.#flush());
    this.#schedule();
  }

  /** No more signals: the service has left the bus. */
  withdrawn(): void {
    this.#registration = undefined;
    this.#tickEnd?.release();
    this.#tickEnd = undefined;
  }

  /**
   * Sends what `work` changes in one message as soon as it is done, not only at the end of the tick.
   * @param now the monotonic clock, milliseconds
   */
  batch(now: number, work: () => void): void {
    this.#batching = true;
    this.#tickAt = now;
    try {
      work();
    } finally {
      this.#batching = false;
      this.#flush();
    }
  }

  #flush(): void {
    this.#tickEnd?.cancel();
    if (this.#changed.size === 0 || this.#registration === undefined) return;
    const changed = this.#changed;
    this.#changed = this.#sent;
    this.#registration.announce(changed);
    changed.clear();
    this.#sent = changed;
  }

  #add(path: string, row: Row): Item {
    if (this.items.size >= ITEM_LIMIT) throw new Fault('bug', `${this.name} has more than ${ITEM_LIMIT} items`);
    const steps = row.precision === undefined ? undefined : 10 ** row.precision;
    const item: Item = { row, steps, value: null, gone: false, changedAt: this.#clock.monotonic() };
    this.items.set(path, item);
    return item;
  }

  #note(path: string, item: Item): void {
    if (this.#registration === undefined) {
      item.changedAt = this.#clock.monotonic();
    } else {
      this.#changed.add(path);
      this.#schedule();
      item.changedAt = this.#tickAt;
    }
    this.#world.ownChanged(this, path, item.value);
  }

  #schedule(): void {
    const end = this.#tickEnd;
    if (this.#batching || end === undefined || end.isAsked || this.#changed.size === 0) return;
    this.#tickAt = this.#clock.monotonic();
    end.ask();
  }

  #write(path: string, value: Value, _typed: Typed): number | Promise<number> {
    const item = this.items.get(path);
    const writer = this.#writers.get(path);
    if (item === undefined || writer === undefined) return SET_NOT_WRITABLE;
    const taken = coerce(value, item.row);
    if (taken === undefined) return SET_NOT_WRITABLE;
    // Writing what already stands there is done without asking the device, as clients expect.
    if (taken !== null && sameValue(item.value, taken) && !this.#heardAlways.has(path)) return SET_DONE;
    return this.#watched(() => writer(taken, path));
  }

  /** Lets the owner know of what a handler throws, now or later, and passes it on. */
  #watched<T>(handler: () => T | Promise<T>): T | Promise<T> {
    try {
      const result = handler();
      if (result instanceof Promise) result.catch(this.#failed);
      return result;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }
}

/**
 * A value in the precision of its row; a number that cannot stand there is invalid.
 * @param steps of the precision in one: 100 for two decimals
 */
function quantise(value: Value, steps: number | undefined): Value {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return null;
  return steps === undefined ? value : Math.round(value * steps) / steps;
}

/**
 * What a client wrote, in the type of the row; undefined when it cannot be one, or is outside the row's limits.
 * Numbers are taken from numeric strings too, integers from numbers with a fraction (cut off), as stock does.
 */
export function coerce(value: Value, row: Row): Value | undefined {
  if (value === null) return null;
  switch (row.type) {
    case 'string':
      return typeof value === 'object' ? undefined : String(value);
    case 'int':
    case 'uint':
    case 'float': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      const taken = row.type === 'float' ? number : Math.trunc(number);
      if (row.min !== undefined && taken < row.min) return undefined;
      if (row.max !== undefined && taken > row.max) return undefined;
      return taken;
    }
    case 'mixed':
      return typeof value === 'object' ? undefined : value;
    case 'list':
    case 'bytes':
      return Array.isArray(value) ? value : undefined;
    case 'dict':
      return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  }
}
