/** What an actor of the gateway gets: the bare scope of the kernel, and with it the bus, the world and the settings. */
import type { Actor, ActorContext, Owned, Scope } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { type ProductIdentity, productValues } from '../schema/product.ts';
import type { Schema } from '../schema/row.ts';
import type { Bus, Registration, ServedTree } from './bus.ts';
import { BUS_ITEM } from './bus-item.ts';
import { PublishedService } from './published-service.ts';
import type { ServiceView } from './service-view.ts';
import { SettingsClient } from './settings-client.ts';
import { TreeView } from './tree-view.ts';
import type { Change, OwnService, ServiceListener, WatchSelector, World } from './world.ts';

export type GatewayActor = Actor<GatewayContext>;

/** A device or program as it appears on the bus. */
export interface Publication<S extends Schema> {
  /** `com.victronenergy.battery.ttyUSB0` */
  readonly name: string;
  readonly schema: S;
  /** Product services have the mandatory paths; the few others (system …) bring their own. */
  readonly identity?: ProductIdentity;
  /** Sets the first values, before the name is taken. */
  readonly prepare?: (service: PublishedService<S>) => void;
}

/** The world as an actor reads it; its watches end with the actor. */
export type ActorWorld = Pick<World, 'up' | 'services' | 'ofType' | 'service' | 'value' | 'write' | 'call'> & {
  watch(selector: WatchSelector, listener: (change: Change) => void): Owned;
  watchServices(listener: ServiceListener): Owned;
};

export interface GatewayContext extends ActorContext {
  readonly world: ActorWorld;
  readonly settings: SettingsClient;
  /** Puts a service on the bus and into the world. Rejects with a Fault (bus) when another owns the name. */
  publish<S extends Schema>(publication: Publication<S>): Promise<PublishedService<S>>;
  /** Takes a service off the bus and out of the world. */
  withdraw(service: OwnService): Promise<void>;
  /** Serves a tree that is not made of schema rows: the settings. */
  serve(tree: ServedTree): Promise<Registration>;
}

/** Makes the contexts of all actors over one bus and one world. */
export function gatewayContexts(bus: Bus, world: World): (scope: Scope) => GatewayContext {
  return scope => new ActorGateway(scope, bus, world);
}

class ActorGateway implements GatewayContext {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly world: ActorWorld;
  readonly settings: SettingsClient;
  readonly #scope: Scope;
  readonly #bus: Bus;
  readonly #world: World;
  readonly #published = new Map<string, Owned>();

  constructor(scope: Scope, bus: Bus, world: World) {
    this.#scope = scope;
    this.#bus = bus;
    this.#world = world;
    this.name = scope.name;
    this.clock = scope.clock;
    this.log = scope.log;
    this.signal = scope.signal;
    this.world = new WorldOfActor(scope, world);
    this.settings = new SettingsClient(this, world);
  }

  get shuttingDown(): boolean {
    return this.#scope.shuttingDown;
  }

  own<T extends Owned>(owned: T): T {
    return this.#scope.own(owned);
  }

  guard<A extends unknown[]>(handler: (...args: A) => void | Promise<void>): (...args: A) => void {
    return this.#scope.guard(handler);
  }

  spawn(task: Promise<unknown>): void {
    this.#scope.spawn(task);
  }

  fail(error: unknown): void {
    this.#scope.fail(error);
  }

  async publish<S extends Schema>(publication: Publication<S>): Promise<PublishedService<S>> {
    const { name, schema, identity, prepare } = publication;
    const service = new PublishedService(name, schema, this.clock, this.#world, error => this.fail(error));
    if (identity !== undefined) {
      for (const [path, row, value] of productValues(identity)) service.setExtra(path, row, value);
    }
    prepare?.(service);
    const publishing = new Publishing(service, this.#bus, this.#world, error => this.fail(error));
    this.#published.set(name, publishing);
    this.own(publishing);
    await publishing.start();
    return service;
  }

  async withdraw(service: OwnService): Promise<void> {
    const publishing = this.#published.get(service.name);
    if (publishing === undefined) return;
    this.#published.delete(service.name);
    this.#scope.disown(publishing);
    await publishing.release();
  }

  async serve(tree: ServedTree): Promise<Registration> {
    const view = new TreeView(tree, this.clock);
    const registration = await this.#bus.publish(tree);
    this.#world.addOwn(view);
    const tellWorld = (path: string): void => this.#world.ownChanged(view, path, view.noteChange(path));
    return this.own({
      announce: paths => {
        const changed = [...paths];
        registration.announce(changed);
        changed.forEach(tellWorld);
      },
      signal: (path, iface, member, args) => {
        registration.signal(path, iface, member, args);
        if (iface === BUS_ITEM) tellWorld(path);
      },
      release: async () => {
        this.#world.removeOwn(view);
        await registration.release();
      },
    });
  }
}

/** What a PublishedService is to its publishing, whatever its schema. */
type Servable = OwnService & Pick<PublishedService, 'registered' | 'withdrawn'>;

/** A published service on its way on, and off, the bus. */
class Publishing implements Owned {
  readonly #service: Servable;
  readonly #bus: Bus;
  readonly #world: World;
  readonly #failed: (error: unknown) => void;
  #registration: Registration | undefined;
  #instanceWatch: Owned | undefined;
  #released = false;

  constructor(service: Servable, bus: Bus, world: World, failed: (error: unknown) => void) {
    this.#service = service;
    this.#bus = bus;
    this.#world = world;
    this.#failed = failed;
  }

  async start(): Promise<void> {
    const registration = await this.#bus.publish(this.#service.tree);
    if (this.#released) {
      await registration.release();
      return;
    }
    this.#registration = registration;
    this.#service.registered(registration);
    this.#world.addOwn(this.#service);
    this.#instanceWatch = this.#world.watch({ service: this.#service.name, path: '/DeviceInstance' }, () => {
      this.#restart().catch(this.#failed);
    });
  }

  /** Clients know a device by its instance: a new one means the service goes and comes again. */
  async #restart(): Promise<void> {
    await this.#leave();
    if (!this.#released) await this.start();
  }

  async release(): Promise<void> {
    this.#released = true;
    await this.#leave();
  }

  async #leave(): Promise<void> {
    void this.#instanceWatch?.release();
    this.#instanceWatch = undefined;
    const registration = this.#registration;
    this.#registration = undefined;
    this.#service.withdrawn();
    this.#world.removeOwn(this.#service);
    await registration?.release();
  }
}

class WorldOfActor implements ActorWorld {
  readonly #scope: Scope;
  readonly #world: World;

  constructor(scope: Scope, world: World) {
    this.#scope = scope;
    this.#world = world;
  }

  get up(): boolean {
    return this.#world.up;
  }

  services(): Iterable<ServiceView> {
    return this.#world.services();
  }

  ofType(type: string): ServiceView[] {
    return this.#world.ofType(type);
  }

  service(name: string): ServiceView | undefined {
    return this.#world.service(name);
  }

  value: ActorWorld['value'] = (service, path) => this.#world.value(service, path);
  write: ActorWorld['write'] = (service, path, value, row) => this.#world.write(service, path, value, row);
  call: ActorWorld['call'] = (service, path, iface, member, args) =>
    this.#world.call(service, path, iface, member, args);

  watch(selector: WatchSelector, listener: (change: Change) => void): Owned {
    return this.#owned(this.#world.watch(selector, this.#scope.guard(listener)));
  }

  watchServices(listener: ServiceListener): Owned {
    return this.#owned(
      this.#world.watchServices({
        added: this.#scope.guard(service => listener.added?.(service)),
        removed: this.#scope.guard(service => listener.removed?.(service)),
      }),
    );
  }

  #owned(watch: Owned): Owned {
    const owned: Owned = {
      release: () => {
        this.#scope.disown(owned);
        return watch.release();
      },
    };
    return this.#scope.own(owned);
  }
}
