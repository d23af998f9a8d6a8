/**
 * What gxd needs from a message bus, and what it shows on it. Implemented over D-Bus (`bus/dbus/`) and in memory
 * (`memory-bus.ts`, for scenarios and tests). Nothing else knows how messages travel.
 */
import type { Owned } from '../kernel/actor.ts';
import type { Row, Value } from '../schema/row.ts';

/** D-Bus signature of one complete type, as far as it matters: `i`, `d`, `s`, `ai`, `a{sv}` … */
export type Signature = string;

/**
 * A value with its D-Bus type. `value` is a number for all integer widths and doubles (bigint for x/t beyond 2^53),
 * boolean for b, string for s/o/g, array for a?, Map for a{s?}, and Typed inside variants.
 */
export interface Typed {
  readonly signature: Signature;
  readonly value: TypedData;
}
export type TypedData =
  | number
  | bigint
  | boolean
  | string
  | Typed
  | readonly TypedData[]
  | ReadonlyMap<string, TypedData>;

/** One item of a service that we serve. */
export interface ServedItem {
  readonly row: Row;
  readonly value: Value;
}

export interface CallFailure {
  /** D-Bus error name */
  readonly error: string;
  readonly message: string;
}
export interface CallReply {
  readonly signature: Signature;
  readonly body: readonly TypedData[];
}

export interface IncomingCall {
  readonly path: string;
  /** Empty when the caller named none. */
  readonly interface: string;
  readonly member: string;
  readonly signature: Signature;
  readonly body: readonly TypedData[];
  /** Unique name of the caller. */
  readonly sender: string;
}

/** Attributes beside value and text, as settings have them. Undefined ones are not sent. */
export interface ItemAttributes {
  readonly min?: Typed;
  readonly max?: Typed;
  readonly default?: Typed;
}

/**
 * A service as the bus sees it: a tree of items, and what may be done to it. Calls on it are answered by `answerCall`
 * in `bus-item.ts`, whatever the transport.
 */
export interface ServedTree {
  readonly name: string;
  /**
   * `items`: one ItemsChanged on `/` per flush. `properties`: one PropertiesChanged per path — for
   * com.victronenergy.settings, whose stock Python client crashes on ItemsChanged.
   */
  readonly signals: 'items' | 'properties';
  item(path: string): ServedItem | undefined;
  /** All items in the order they were added. */
  items(): Iterable<readonly [path: string, item: ServedItem]>;
  /** Inner paths that exist though no item is below them: `/Settings/Devices`. Without it there are none. */
  emptyGroups?(): Iterable<string>;
  /** The wire value of an item (default: from its row). */
  typed(path: string, item: ServedItem): Typed;
  /** The text of a valid item. Invalid ones are the bus's business: `` for GetText, `---` beside a value. */
  text(path: string, item: ServedItem): string;
  attributes?(path: string, item: ServedItem): ItemAttributes;
  /** SetValue by a client. Resolves to 0 when done, else to the result code. `value` is null for "invalid". */
  write(path: string, value: Value, typed: Typed, sender: string): number | Promise<number>;
  /**
   * Any call that is not one of BusItem's own (or one that this service answers in its own way). Undefined: not known
   * here, go on with the standard ones.
   */
  call?(call: IncomingCall): CallReply | CallFailure | undefined | Promise<CallReply | CallFailure | undefined>;
  /** Interfaces beyond BusItem at a path, for introspection: XML of `<interface>` elements. */
  introspect?(path: string): string;
}

/** A served tree on the bus. Releasing takes the name off the bus. */
export interface Registration extends Owned {
  /** Sends the changes of one tick. Paths that are no longer in the tree are sent as removed (invalid). */
  announce(paths: Iterable<string>): void;
  /** Sends one signal at once, in the order of these calls: for trees that say themselves what changed. */
  signal(path: string, iface: string, member: string, args: CallReply): void;
}

/** Who watches the services of others. Calls come in order; a service is added once it is fully read. */
export interface BusObserver {
  serviceAdded(name: string, owner: string, items: Iterable<readonly [path: string, value: Value]>): void;
  itemsChanged(name: string, changes: Iterable<readonly [path: string, value: Value]>): void;
  serviceRemoved(name: string): void;
  /** The bus was lost (false) or is back (true). While it is lost all foreign services are gone. */
  busState(up: boolean): void;
}

export interface Bus {
  /**
   * Serves a tree under its name, on a connection of its own. Resolves when the name is ours.
   * Rejects with a Fault (bus) when another owns the name.
   */
  publish(tree: ServedTree): Promise<Registration>;
  /** Feeds one observer with all foreign com.victronenergy services, present and to come. */
  observe(observer: BusObserver): Owned;
  /** SetValue on a foreign item. Rejects with a Fault (bus): gone, no such item, no answer in time. */
  setValue(service: string, path: string, value: Typed): Promise<number>;
  /** Any method of a foreign service. Rejects with a Fault (bus), for an error reply too. */
  call(service: string, path: string, iface: string, member: string, args: CallReply): Promise<CallReply>;
  close(): Promise<void>;
}

/** Limits of the bus side. */
export const BUS_LIMITS = {
  /** Calls to others: no answer after this long is a fault. Milliseconds. */
  callMs: 5_000,
  /** Connecting, authenticating and Hello together. Milliseconds. */
  connectMs: 3_000,
  /** Items taken from one foreign service; the rest is ignored and counted. */
  foreignItems: 5_000,
  /** Foreign services followed at once. */
  foreignServices: 300,
  /** Bytes of one message taken; more is the sender's fault. */
  messageBytes: 8 * 1024 * 1024,
  /** Bytes queued towards a daemon that does not read; above it the connection is dropped and made anew. */
  queuedBytes: 4 * 1024 * 1024,
} as const;
