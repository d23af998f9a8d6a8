/** The services that clients can reach, with their unit ids: what the installer's pages show. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { modbusGatewaySchema } from '../../schema/modbus/gateway-service.ts';
import { REGISTER_TABLES } from '../../schema/modbus/tables/all.ts';
import { unitIdOf } from '../../schema/modbus/unit-id.ts';
import { MODBUS_TCP_LIMITS } from './limits.ts';
import { instanceOf } from './units.ts';

type ModbusService = PublishedService<typeof modbusGatewaySchema>;

interface Entry {
  type: string;
  name: string;
  instance: number;
  active: boolean;
}

const TYPES_WITH_REGISTERS = new Set(REGISTER_TABLES.map(table => table.service));

/**
 * Keeps /Services in step with the world. An entry stays when its service goes, so that it keeps its place; it is taken
 * over by the next one of the same type and instance.
 */
export class ServiceList {
  readonly #context: GatewayContext;
  readonly #published: ModbusService;
  readonly #entries: Entry[] = [];
  readonly #instanceWatches = new Map<string, Owned>();

  constructor(context: GatewayContext, published: ModbusService) {
    this.#context = context;
    this.#published = published;
    published.set('/Services/Count', 0);
    context.world.watchServices({
      added: service => this.#added(service),
      removed: service => this.#removed(service),
    });
  }

  #added(service: ServiceView): void {
    const watch = this.#context.world.watch({ service: service.name, path: '/DeviceInstance' }, () => {
      this.#deactivate(service.name);
      this.#activate(service);
    });
    void this.#instanceWatches.get(service.name)?.release();
    this.#instanceWatches.set(service.name, watch);
    this.#activate(service);
  }

  #removed(service: ServiceView): void {
    void this.#instanceWatches.get(service.name)?.release();
    this.#instanceWatches.delete(service.name);
    this.#deactivate(service.name);
  }

  #activate(service: ServiceView): void {
    const { type, name } = service;
    if (service.get('/DeviceInstance') === null && !TYPES_WITH_REGISTERS.has(type)) return;
    const instance = instanceOf(service);
    const at = this.#placeFor(type, instance);
    if (at === undefined) {
      this.#context.log.warn('too many services for the list', { service: name });
      return;
    }
    const entry = { type, name, instance, active: true };
    this.#entries[at] = entry;
    this.#show(at, entry);
    this.#published.set('/Services/Count', this.#entries.length);
  }

  /** The entry of the same type and instance, else a new one, else one that is not in use. */
  #placeFor(type: string, instance: number): number | undefined {
    const same = this.#entries.findIndex(entry => entry.type === type && entry.instance === instance);
    if (same >= 0) return same;
    if (this.#entries.length < MODBUS_TCP_LIMITS.services) return this.#entries.length;
    const unused = this.#entries.findIndex(entry => !entry.active);
    return unused >= 0 ? unused : undefined;
  }

  #deactivate(name: string): void {
    const at = this.#entries.findIndex(entry => entry.name === name && entry.active);
    const entry = this.#entries[at];
    if (entry === undefined) return;
    entry.active = false;
    this.#show(at, entry);
  }

  #show(at: number, { name, instance, active }: Entry): void {
    this.#published.set(`/Services/${at}/ServiceName`, name);
    this.#published.set(`/Services/${at}/UnitId`, unitIdOf(instance) ?? null);
    this.#published.set(`/Services/${at}/VrmInstanceId`, instance);
    this.#published.set(`/Services/${at}/IsActive`, active ? 1 : 0);
  }
}
