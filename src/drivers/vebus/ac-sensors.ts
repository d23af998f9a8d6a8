/**
 * AC current sensors of VE.Bus devices as PV inverters: one service for each place, the sum of the sensors there by phase
 * (as the stock program dbus_vebus_to_pvinverter).
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import { pvinverterSchema } from '../../schema/pvinverter.ts';
import type { Value } from '../../schema/row.ts';
import { sum } from './measurement.ts';
import type { Shown } from './poll.ts';
import { PHASES, type Phase } from './system.ts';

const NAME = 'com.victronenergy.pvinverter.vebusacsensor_';
/** Place of the sensor, and `/Position`: its name. */
const PLACES = ['input1', 'output', 'input2'] as const;
const FIRST_INSTANCE = 10;
const PRODUCT_ID = 0xa141;
const PRODUCT_NAME = 'VE.Bus AC current sensor';

type Service = PublishedService<typeof pvinverterSchema>;

export interface Sensor {
  readonly location: number;
  /** 1 to 3. */
  readonly phase: Phase;
  readonly volts: number | null;
  readonly amperes: number | null;
  readonly watts: number | null;
  readonly kilowattHours: number | null;
}

/** The sensors that stand on the paths `/AcSensor/n/…`. */
export function sensorsOf(shown: Shown): Sensor[] {
  const values = new Map<string, Value>(shown);
  const count = values.get('/AcSensor/Count');
  const number = (n: number, name: string): number | null => {
    const value = values.get(`/AcSensor/${n}/${name}`);
    return typeof value === 'number' ? value : null;
  };
  return Array.from({ length: typeof count === 'number' ? count : 0 }, (_, n) => ({
    location: number(n, 'Location') ?? 0,
    phase: PHASES[number(n, 'Phase') ?? 0] ?? 1,
    volts: number(n, 'Voltage'),
    amperes: number(n, 'Current'),
    watts: number(n, 'Power'),
    kilowattHours: number(n, 'Energy'),
  }));
}

export class AcSensorServices {
  readonly #context: GatewayContext;
  readonly #connection: string;
  /** By place; undefined while on its way onto the bus, null when the name is owned by another. */
  readonly #services = new Map<number, Service | null | undefined>();
  #latest: readonly Sensor[] = [];
  #stopped = false;

  constructor(context: GatewayContext, connection: string) {
    this.#context = context;
    this.#connection = connection;
  }

  show(sensors: readonly Sensor[]): void {
    this.#latest = sensors;
    PLACES.forEach((_, place) => {
      const here = sensors.filter(sensor => sensor.location === place);
      if (here.length === 0) return;
      const service = this.#services.get(place);
      if (service) set(service, here);
      else if (!this.#services.has(place)) {
        this.#services.set(place, undefined);
        this.#context.spawn(this.#publish(place));
      }
    });
  }

  async withdraw(): Promise<void> {
    this.#stopped = true;
    const services = [...this.#services.values()];
    this.#services.clear();
    for (const service of services) if (service) await this.#context.withdraw(service);
  }

  async #publish(place: number): Promise<void> {
    let service: Service;
    try {
      service = await this.#context.publish({
        name: `${NAME}${PLACES[place]}`,
        schema: pvinverterSchema,
        identity: {
          processName: 'gxd',
          processVersion: VERSION,
          connection: this.#connection,
          deviceInstance: FIRST_INSTANCE + place,
          productId: PRODUCT_ID,
          productName: PRODUCT_NAME,
          firmwareVersion: null,
          hardwareVersion: null,
          connected: 1,
          customName: '',
        },
        prepare: prepared => {
          prepared.set('/Position', place);
          prepared.set('/StatusCode', 0);
        },
      });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#services.set(place, null);
      this.#context.log.warn('AC sensors are not published', { why: describe(error) });
      return;
    }
    if (this.#stopped) {
      await this.#context.withdraw(service);
      return;
    }
    this.#services.set(place, service);
    this.show(this.#latest);
  }
}

function set(service: Service, sensors: readonly Sensor[]): void {
  for (const phase of PHASES) {
    const here = sensors.filter(sensor => sensor.phase === phase);
    if (here.length === 0) continue;
    service.set(`/Ac/L${phase}/Voltage`, here.find(sensor => sensor.volts !== null)?.volts ?? null);
    service.set(`/Ac/L${phase}/Current`, sum(here.map(sensor => sensor.amperes)));
    service.set(`/Ac/L${phase}/Power`, sum(here.map(sensor => sensor.watts)));
    service.set(`/Ac/L${phase}/Energy/Forward`, sum(here.map(sensor => sensor.kilowattHours)));
  }
  service.set('/Ac/Power', sum(sensors.map(sensor => sensor.watts)));
  service.set('/Ac/Energy/Forward', sum(sensors.map(sensor => sensor.kilowattHours)));
}
