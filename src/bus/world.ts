/**
 * The world: the live picture of every com.victronenergy service. Ours are in it by reference, foreign ones as the bus
 * reports them; a reader never needs to know which is which. A service is in it once its values are known, and out of
 * it, with all its values, the moment it goes.
 */
import type { Owned } from '../kernel/actor.ts';
import { describe } from '../kernel/fault.ts';
import type { Row, Value } from '../schema/row.ts';
import type { Bus, BusObserver, CallReply, ServedTree, Typed } from './bus.ts';
import { callOwn } from './bus-item.ts';
import { type ServiceView, type Stored, StoredItems } from './service-view.ts';
import { sameValue, typedByRow, typedGuess } from './value.ts';

/** A service of ours in the picture: by reference, with the tree that answers calls. */
export interface OwnService extends ServiceView {
  readonly own: true;
  readonly tree: ServedTree;
}

export interface Change {
  readonly service: ServiceView;
  readonly path: string;
  readonly value: Value;
}

/** What a watcher wants to hear of; what is left out is not asked for. */
export interface WatchSelector {
  readonly type?: string;
  readonly service?: string;
  readonly path?: string;
}

export interface ServiceListener {
  added?(service: ServiceView): void;
  removed?(service: ServiceView): void;
}

/** What came of a SetValue. Never a rejection: a vanished service is an answer too. */
export type WriteResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: number; readonly reason: string };

/** The result code of a write that no service answered. */
export const WRITE_NO_ANSWER = -1;

type ChangeListener = (change: Change) => void;

/** Listeners by the path they watch; those of any path are under the empty one. */
type Watchers = Map<string, Set<ChangeListener>>;
const ANY_PATH = '';

interface ForeignItem extends Stored {
  value: Value;
  changedAt: number;
}

class ForeignService extends StoredItems<ForeignItem> {
  readonly own = false;

  /** @returns whether the value is new */
  take(path: string, value: Value, now: number): boolean {
    const item = this.items.get(path);
    if (item === undefined) {
      this.items.set(path, { value, gone: false, changedAt: now });
      return true;
    }
    if (sameValue(item.value, value)) return false;
    item.value = value;
    item.changedAt = now;
    return true;
  }
}

export class World implements BusObserver {
  readonly #bus: Bus;
  readonly #now: () => number;
  readonly #services = new Map<string, ServiceView>();
  readonly #serviceListeners = new Set<ServiceListener>();
  /** Listeners by what they select, so that a change costs only its own listeners. */
  readonly #watchersOfService = new Map<string, Watchers>();
  readonly #watchersOfType = new Map<string, Watchers>();
  readonly #watchersOfAll: Watchers = new Map();
  readonly #own = new Map<string, OwnService>();
  #up = false;

  /** @param now the monotonic clock, milliseconds */
  constructor(bus: Bus, now: () => number) {
    this.#bus = bus;
    this.#now = now;
  }

  /** Whether the bus is there. Without it only our own services are in the picture. */
  get up(): boolean {
    return this.#up;
  }

  /** All services, in the order they appeared. */
  services(): Iterable<ServiceView> {
    return this.#services.values();
  }

  /** The services of a type, in the order they appeared. */
  ofType(type: string): ServiceView[] {
    const found: ServiceView[] = [];
    for (const service of this.#services.values()) if (service.type === type) found.push(service);
    return found;
  }

  service(name: string): ServiceView | undefined {
    return this.#services.get(name);
  }

  /** The value at a path of a service; null when there is no such service, no such path, or no valid value. */
  value(service: string, path: string): Value {
    return this.#services.get(service)?.get(path) ?? null;
  }

  /** Calls `listener` for each change of a value, at once, with the picture already changed. */
  watch(selector: WatchSelector, listener: ChangeListener): Owned {
    const watchers = this.#watchersFor(selector);
    const path = selector.path ?? ANY_PATH;
    const listeners = watchers.get(path) ?? new Set();
    watchers.set(path, listeners);
    // A set holds a function once: two watches with one function must both count.
    const own: ChangeListener = change => listener(change);
    listeners.add(own);
    return {
      release: () => {
        listeners.delete(own);
        if (listeners.size === 0 && watchers.get(path) === listeners) watchers.delete(path);
      },
    };
  }

  /** Calls `listener.added` for the services present and to come, `removed` when one has gone. */
  watchServices(listener: ServiceListener): Owned {
    const own: ServiceListener = {
      added: service => listener.added?.(service),
      removed: service => listener.removed?.(service),
    };
    this.#serviceListeners.add(own);
    for (const service of [...this.#services.values()]) own.added?.(service);
    return { release: () => void this.#serviceListeners.delete(own) };
  }

  /**
   * SetValue on an item of any service. The wire type is that of `row` when given, else the plainest one that fits.
   */
  async write(service: string, path: string, value: Value, row?: Row): Promise<WriteResult> {
    const own = this.#own.get(service);
    const known = row ?? own?.tree.item(path)?.row;
    const typed: Typed = known === undefined ? typedGuess(value) : typedByRow(value, known);
    try {
      const code =
        own === undefined
          ? await this.#bus.setValue(service, path, typed)
          : await own.tree.write(path, value, typed, '');
      return code === 0 ? { ok: true } : { ok: false, code, reason: `${service}${path} refused the value` };
    } catch (error) {
      return { ok: false, code: WRITE_NO_ANSWER, reason: describe(error) };
    }
  }

  /** Any method of any service. Rejects with a Fault (bus), for an error reply too. */
  call(service: string, path: string, iface: string, member: string, args: CallReply): Promise<CallReply> {
    const own = this.#own.get(service);
    if (own !== undefined) return callOwn(own.tree, path, iface, member, args);
    return this.#bus.call(service, path, iface, member, args);
  }

  // ---- our own services

  /** Puts a service of ours into the picture. */
  addOwn(service: OwnService): void {
    this.#own.set(service.name, service);
    this.#add(service);
  }

  removeOwn(service: OwnService): void {
    if (this.#own.get(service.name) !== service) return;
    this.#own.delete(service.name);
    this.#remove(service);
  }

  /** A value of a service of ours has changed. */
  ownChanged(service: OwnService, path: string, value: Value): void {
    if (this.#services.get(service.name) === service) this.#changed(service, path, value);
  }

  // ---- foreign services, as the bus reports them

  serviceAdded(name: string, _owner: string, items: Iterable<readonly [string, Value]>): void {
    // One of ours is in the picture by reference; what the bus says of it is an echo.
    if (this.#own.has(name)) return;
    this.serviceRemoved(name);
    const service = new ForeignService(name);
    const now = this.#now();
    for (const [path, value] of items) service.take(path, value, now);
    this.#add(service);
  }

  itemsChanged(name: string, changes: Iterable<readonly [string, Value]>): void {
    const service = this.#services.get(name);
    if (!(service instanceof ForeignService)) return;
    const now = this.#now();
    // All values of one message first, so that a listener never sees half of it.
    const fresh: Change[] = [];
    for (const [path, value] of changes) if (service.take(path, value, now)) fresh.push({ service, path, value });
    for (const change of fresh) this.#changed(service, change.path, change.value);
  }

  serviceRemoved(name: string): void {
    const service = this.#services.get(name);
    if (service instanceof ForeignService) this.#remove(service);
  }

  busState(up: boolean): void {
    this.#up = up;
    if (up) return;
    for (const service of [...this.#services.values()]) if (service instanceof ForeignService) this.#remove(service);
  }

  #add(service: ServiceView): void {
    this.#services.set(service.name, service);
    for (const listener of [...this.#serviceListeners]) listener.added?.(service);
  }

  #remove(service: ServiceView): void {
    this.#services.delete(service.name);
    for (const listener of [...this.#serviceListeners]) listener.removed?.(service);
  }

  #changed(service: ServiceView, path: string, value: Value): void {
    tell(this.#watchersOfService.get(service.name), service, path, value);
    tell(this.#watchersOfType.get(service.type), service, path, value);
    tell(this.#watchersOfAll, service, path, value);
  }

  #watchersFor({ service, type }: WatchSelector): Watchers {
    if (service === undefined && type === undefined) return this.#watchersOfAll;
    const [groups, name] =
      service !== undefined ? [this.#watchersOfService, service] : [this.#watchersOfType, type ?? ''];
    const watchers: Watchers = groups.get(name) ?? new Map();
    groups.set(name, watchers);
    return watchers;
  }
}

/** Those of the path first, then those of any path. */
function tell(watchers: Watchers | undefined, service: ServiceView, path: string, value: Value): void {
  if (watchers === undefined || watchers.size === 0) return;
  const ofPath = watchers.get(path);
  if (ofPath !== undefined) for (const listener of ofPath) listener({ service, path, value });
  const ofAny = watchers.get(ANY_PATH);
  if (ofAny !== undefined) for (const listener of ofAny) listener({ service, path, value });
}
