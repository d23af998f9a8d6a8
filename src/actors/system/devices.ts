/** The devices that topics see: the services of the world that have told their instance. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Value } from '../../schema/row.ts';
import { type Device, SYSTEM_SERVICE } from './picture.ts';

/** Services that have no instance of their own and count as instance 0. */
const WITHOUT_INSTANCE: ReadonlySet<string> = new Set(['settings', 'vecan']);

/** Instances become parts of paths: whole numbers that are not negative. */
function isInstance(value: Value): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

const NONE: readonly Device[] = [];

export class Devices {
  readonly #byName = new Map<string, Device>();
  readonly #byType = new Map<string, readonly Device[]>();
  readonly #changed: (type: string, path: string | undefined) => void;
  #gone: (name: string) => void = () => {};
  /** Every service, with or without its instance: one that tells it late, or anew, keeps its place. */
  readonly #arrivalOf = new Map<string, number>();
  readonly #watches = new Map<string, Owned>();
  readonly #context: GatewayContext;
  #arrivals = 0;
  /** Another number whenever a device has come, gone or renumbered. */
  generation = 1;

  /** @param changed hears of each change of a value, and without a path of each device that comes, goes or renumbers */
  constructor(context: GatewayContext, changed: (type: string, path: string | undefined) => void) {
    this.#changed = changed;
    this.#context = context;
    context.own(
      context.world.watchServices({ added: service => this.#add(service), removed: service => this.#remove(service) }),
    );
  }

  /** Calls `listener` with the name of a service that has gone. One listener. */
  onGone(listener: (name: string) => void): void {
    this.#gone = listener;
  }

  ofType(type: string): readonly Device[] {
    return this.#byType.get(type) ?? NONE;
  }

  byName(name: string): Device | undefined {
    return this.#byName.get(name);
  }

  #add(service: ServiceView): void {
    // What we publish ourselves would be heard of with every value.
    if (service.own && service.name === SYSTEM_SERVICE) return;
    this.#arrivalOf.set(service.name, this.#arrivals++);
    const watch = this.#context.world.watch({ service: service.name }, ({ path }) => {
      if (path === '/DeviceInstance') this.#look(service);
      else if (this.#byName.has(service.name)) this.#changed(service.type, path);
    });
    void this.#watches.get(service.name)?.release();
    this.#watches.set(service.name, watch);
    this.#look(service);
  }

  #look(service: ServiceView): void {
    const instance = WITHOUT_INSTANCE.has(service.type) ? 0 : service.get('/DeviceInstance');
    const known = this.#byName.get(service.name);
    if (known?.view === service && known.instance === instance) return;
    if (known !== undefined) this.#drop(known);
    if (isInstance(instance)) {
      const device: Device = { view: service, instance, arrival: this.#arrivalOf.get(service.name) ?? 0 };
      this.#byName.set(service.name, device);
      const ofType = [...this.ofType(service.type), device].sort((a, b) => a.arrival - b.arrival);
      this.#byType.set(service.type, ofType);
      this.generation++;
    }
    this.#changed(service.type, undefined);
  }

  #remove(service: ServiceView): void {
    this.#arrivalOf.delete(service.name);
    void this.#watches.get(service.name)?.release();
    this.#watches.delete(service.name);
    const known = this.#byName.get(service.name);
    if (known === undefined) return;
    this.#drop(known);
    this.#changed(service.type, undefined);
    this.#gone(service.name);
  }

  #drop(device: Device): void {
    const { name, type } = device.view;
    this.generation++;
    this.#byName.delete(name);
    this.#byType.set(
      type,
      this.ofType(type).filter(one => one !== device),
    );
  }
}
