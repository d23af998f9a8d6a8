/** Which service a unit id means. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import { historicalInstance } from '../../schema/modbus/unit-id.ts';

/** The device instance of a service; 0 for those that have none, as the settings. */
export function instanceOf(service: ServiceView): number {
  const instance = service.get('/DeviceInstance');
  return typeof instance === 'number' ? instance : 0;
}

/** The services by type, kept up to date. Instances are looked up when asked for, so a change costs nothing. */
export class UnitIndex {
  readonly #byType = new Map<string, ServiceView[]>();

  constructor(world: ActorWorld) {
    world.watchServices({
      added: service => this.#add(service),
      removed: service => this.#remove(service),
    });
  }

  /**
   * The service of a type that a unit id means: the one with this instance, else the one with the instance that the
   * unit id has stood for since former days. Of two with the same instance the one that came last.
   */
  find(type: string, unit: number): ServiceView | undefined {
    const services = this.#byType.get(type);
    if (services === undefined) return undefined;
    const direct = withInstance(services, unit);
    if (direct !== undefined) return direct;
    const historical = historicalInstance(unit);
    return historical === undefined ? undefined : withInstance(services, historical);
  }

  #add(service: ServiceView): void {
    const others = this.#byType.get(service.type)?.filter(other => other.name !== service.name) ?? [];
    this.#byType.set(service.type, [...others, service]);
  }

  #remove(service: ServiceView): void {
    const others = this.#byType.get(service.type)?.filter(other => other !== service) ?? [];
    if (others.length === 0) this.#byType.delete(service.type);
    else this.#byType.set(service.type, others);
  }
}

function withInstance(services: readonly ServiceView[], instance: number): ServiceView | undefined {
  for (let i = services.length - 1; i >= 0; i--) {
    const service = services[i];
    if (service !== undefined && instanceOf(service) === instance) return service;
  }
  return undefined;
}
