/**
 * The life of a simple device on a port, for drivers to build on: recognised in time or not at all, published once, gone
 * when it falls silent.
 */
import type { GatewayContext } from '../bus/gateway-context.ts';
import type { PublishedService } from '../bus/published-service.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Timer } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { VERSION } from '../kernel/version.ts';
import type { ProductIdentity } from '../schema/product.ts';
import type { Schema } from '../schema/row.ts';
import { deviceInstance } from './device-instance.ts';
import type { SerialPort, SessionEnd } from './driver.ts';

const CHECK_MS = 500;

export interface PortDeviceTimes {
  /** Nothing recognised for so long: not ours. Milliseconds. */
  readonly recogniseMs: number;
  /** Recognised, and not heard of for so long: gone. Milliseconds. */
  readonly silentMs: number;
}

/** What a device is, once it is known. */
export interface FoundDevice<S extends Schema> {
  /** `com.victronenergy.grid.cgwacs_ttyUSB0_mb1` */
  readonly serviceName: string;
  readonly schema: S;
  /** Type of the service: `grid` */
  readonly type: string;
  /** The same on every port and start: `cgwacs_BP98305081235` */
  readonly unique: string;
  readonly firstInstance: number;
  readonly product: Pick<ProductIdentity, 'productId' | 'productName' | 'firmwareVersion' | 'serial'>;
}

export class PortDevice<S extends Schema> {
  readonly ended: Promise<SessionEnd>;
  readonly recognised: Promise<string>;
  readonly #context: GatewayContext;
  readonly #port: SerialPort;
  readonly #times: PortDeviceTimes;
  readonly #check: Timer;
  #end: (how: SessionEnd) => void = () => {};
  #found: (what: string) => void = () => {};
  #isFound = false;
  #stopped = false;
  #heardAt: number;
  #service: PublishedService<S> | undefined;
  #instanceWatch: Owned | undefined;

  constructor(context: GatewayContext, port: SerialPort, times: PortDeviceTimes) {
    this.#context = context;
    this.#port = port;
    this.#times = times;
    this.#heardAt = context.clock.monotonic();
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.recognised = new Promise(resolve => {
      this.#found = resolve;
    });
    this.#check = context.clock.every(CHECK_MS, () => this.#look());
  }

  /** What is on the bus; undefined while nothing is. */
  get service(): PublishedService<S> | undefined {
    return this.#service;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** The device is alive. */
  heard(): void {
    this.#heardAt = this.#context.clock.monotonic();
  }

  /** The device is known: puts it on the bus. Further calls do nothing. */
  found(device: FoundDevice<S>): void {
    this.heard();
    if (this.#isFound) return;
    this.#isFound = true;
    this.#found(device.product.productName ?? device.type);
    this.#context.spawn(this.#publish(device));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#check.cancel();
    void this.#instanceWatch?.release();
    const service = this.#service;
    this.#service = undefined;
    if (service !== undefined) await this.#context.withdraw(service);
  }

  async #publish({ serviceName, schema, type, unique, firstInstance, product }: FoundDevice<S>): Promise<void> {
    const known = await deviceInstance(this.#context, unique, type, firstInstance);
    if (this.#stopped) return;
    const identity: ProductIdentity = {
      processName: 'gxd',
      processVersion: VERSION,
      connection: this.#port.path,
      deviceInstance: known.instance,
      hardwareVersion: null,
      connected: 1,
      customName: known.customName,
      ...product,
    };
    let service: PublishedService<S>;
    try {
      service = await this.#context.publish({ name: serviceName, schema, identity });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#end('name taken');
      return;
    }
    if (this.#stopped) {
      await this.#context.withdraw(service);
      return;
    }
    this.#context.log.info(`${product.productName} is on the bus`, { service: serviceName });
    this.#instanceWatch = known.onChange(instance => service.setAny('/DeviceInstance', instance));
    this.#service = service;
  }

  #look(): void {
    const silence = this.#context.clock.monotonic() - this.#heardAt;
    if (!this.#isFound && silence >= this.#times.recogniseMs) this.#end('not recognised');
    if (this.#isFound && silence >= this.#times.silentMs) this.#end('device silent');
  }
}
