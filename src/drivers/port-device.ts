/**
 * The life of a device on a port, for drivers to build on: recognised in time or not at all, published with an instance
 * of its own, values that do not come again invalid, gone when it falls silent.
 */
import type { GatewayContext } from '../bus/gateway-context.ts';
import type { PublishedService } from '../bus/published-service.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Timer } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { VERSION } from '../kernel/version.ts';
import type { ProductIdentity } from '../schema/product.ts';
import { findRow, type PathOf, type Schema, type Value } from '../schema/row.ts';
import { type DeviceInstance, deviceInstance, letRename } from './device-instance.ts';
import type { SerialPort, SessionEnd } from './driver.ts';
import { TextLikeness } from './listening.ts';

const CHECK_MS = 500;

export interface PortDeviceTimes {
  /** Nothing recognised for so long: not ours. Milliseconds. */
  readonly recogniseMs: number;
  /** Recognised, and not heard of for so long: gone. Milliseconds. */
  readonly silentMs: number;
  /** A value that has not come again for so long is invalid; without it values stay. Milliseconds. */
  readonly staleMs?: number;
}

/** What a device is, once it is known. */
export interface FoundDevice<S extends Schema> {
  /** `com.victronenergy.grid.cgwacs_ttyUSB0_mb1` */
  readonly serviceName: string;
  readonly schema: S;
  /** Type of the service: `grid` */
  readonly type: string;
  /** The same on every port and start: `cgwacs_BP98305081235`. It may have to be asked for. */
  readonly unique: string | Promise<string>;
  readonly firstInstance: number;
  readonly product: Pick<ProductIdentity, 'productId' | 'productName' | 'firmwareVersion' | 'serial'> &
    // Without it the path of the port: `/dev/ttyUSB0`.
    Partial<Pick<ProductIdentity, 'connection'>>;
  /** Sets first values, before the name is taken. */
  readonly prepare?: (service: PublishedService<S>, identity: ProductIdentity) => void;
  /** The device is on the bus. */
  readonly onBus?: (service: PublishedService<S>, known: DeviceInstance) => void;
}

export class PortDevice<S extends Schema> {
  readonly ended: Promise<SessionEnd>;
  readonly recognised: Promise<string>;
  protected readonly context: GatewayContext;
  protected readonly port: SerialPort;
  readonly #times: PortDeviceTimes;
  readonly #likeness = new TextLikeness();
  readonly #timers: Timer[] = [];
  #end: (how: SessionEnd) => void = () => {};
  #recognise: (what: string) => void = () => {};
  #isHeard = false;
  #heardAt: number;
  #stopped = false;
  #device: FoundDevice<S> | undefined;
  #service: PublishedService<S> | undefined;
  #entering: Promise<PublishedService<S>> | undefined;
  #instanceWatch: Owned | undefined;
  /** Path → value, shown while the service is on its way onto the bus. */
  readonly #early = new Map<string, Value>();
  /** Path → when a value for it came last, monotonic milliseconds. */
  readonly #seen = new Map<string, number>();

  constructor(context: GatewayContext, port: SerialPort, times: PortDeviceTimes) {
    this.context = context;
    this.port = port;
    this.#times = times;
    this.#heardAt = context.clock.monotonic();
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.recognised = new Promise(resolve => {
      this.#recognise = resolve;
    });
    this.every(CHECK_MS, () => this.#look());
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#withdraw();
  }

  /** What is on the bus; undefined while nothing is. */
  protected get service(): PublishedService<S> | undefined {
    return this.#service;
  }

  protected get stopped(): boolean {
    return this.#stopped;
  }

  /** Does something again and again, until the session is stopped. */
  protected every(ms: number, work: () => void): void {
    this.#timers.push(this.context.clock.every(ms, work));
  }

  /** The device is alive. */
  protected heard(): void {
    this.#isHeard = true;
    this.#heardAt = this.context.clock.monotonic();
  }

  /** For devices that speak in text: a line that is none before they are heard is not theirs. */
  protected expectText(bytes: Uint8Array): void {
    if (this.#isHeard) return;
    this.#likeness.push(bytes);
    if (this.#likeness.isNoText) this.#end('not recognised');
  }

  /** The device is known: puts it on the bus, in the place of another one that was there. The same again does nothing. */
  protected found(device: FoundDevice<S>): void {
    this.heard();
    if (this.#stopped || (this.#device !== undefined && isSame(this.#device, device))) return;
    this.#device = device;
    this.#recognise(device.product.productName ?? device.type);
    this.context.spawn(this.#publish(device, this.#withdraw()));
  }

  /** Shows a value that came just now. A path that the service does not have is left out. */
  protected show(path: PathOf<S>, value: Value): void {
    const device = this.#device;
    if (device === undefined) return;
    if (this.#service?.has(path) !== true && findRow(device.schema, path) === undefined) return;
    if (this.#service === undefined) this.#early.set(path, value);
    else this.#service.setAny(path, value);
    this.#seen.set(path, this.context.clock.monotonic());
  }

  /** Whether a value shown at this path has not grown old. */
  protected isFresh(path: string): boolean {
    return this.#seen.has(path);
  }

  /** For what has to be looked at every half second. @param _now monotonic milliseconds */
  protected look(_now: number): void {}

  /** The service is about to leave the bus. */
  protected leaving(): void {}

  async #publish(device: FoundDevice<S>, leaving: Promise<void>): Promise<void> {
    const isCurrent = (): boolean => !this.#stopped && this.#device === device;
    await leaving;
    const { serviceName, schema, type, firstInstance, onBus } = device;
    const unique = await device.unique;
    if (!isCurrent()) return;
    const known = await deviceInstance(this.context, unique, type, firstInstance);
    if (!isCurrent()) return;
    const identity = this.#identity(device, known);
    const prepare = (service: PublishedService<S>): void => this.#prepare(service, device, known, identity);
    let service: PublishedService<S>;
    try {
      this.#entering = this.context.publish({ name: serviceName, schema, identity, prepare });
      service = await this.#entering;
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#end('name taken');
      return;
    }
    // Whoever has made it another's turn withdraws it.
    if (!isCurrent()) return;
    this.context.log.info(`${identity.productName} is on the bus`, { service: serviceName });
    this.#service = service;
    for (const [path, value] of this.#early) service.setAny(path, value);
    this.#early.clear();
    this.#instanceWatch = known.onChange(instance => {
      if (service.has('/Devices/0/DeviceInstance')) service.setAny('/Devices/0/DeviceInstance', instance);
      service.setAny('/DeviceInstance', instance);
    });
    onBus?.(service, known);
  }

  #identity({ product }: FoundDevice<S>, known: DeviceInstance): ProductIdentity {
    return {
      processName: 'gxd',
      processVersion: VERSION,
      deviceInstance: known.instance,
      hardwareVersion: null,
      connected: 1,
      customName: known.customName,
      connection: this.port.path,
      ...product,
    };
  }

  #prepare(
    service: PublishedService<S>,
    device: FoundDevice<S>,
    known: DeviceInstance,
    identity: ProductIdentity,
  ): void {
    device.prepare?.(service, identity);
    for (const [path, value] of this.#early) service.setAny(path, value);
    letRename(service, known);
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    const entering = this.#entering;
    this.#service = undefined;
    this.#entering = undefined;
    this.leaving();
    void this.#instanceWatch?.release();
    this.#instanceWatch = undefined;
    this.#seen.clear();
    this.#early.clear();
    if (service !== undefined) await this.context.withdraw(service);
    else if (entering !== undefined) await this.#withdrawEarly(entering);
  }

  /** A service on its way onto the bus: its name must be free when this is done. */
  async #withdrawEarly(entering: Promise<PublishedService<S>>): Promise<void> {
    const [entered] = await Promise.allSettled([entering]);
    // What fails is heard of where it was begun.
    if (entered.status === 'fulfilled') await this.context.withdraw(entered.value);
  }

  #look(): void {
    const now = this.context.clock.monotonic();
    const { recogniseMs, silentMs, staleMs } = this.#times;
    const silence = now - this.#heardAt;
    if (this.#device === undefined && silence >= recogniseMs) this.#end('not recognised');
    else if (this.#device !== undefined && silence >= silentMs) this.#end('device silent');
    else {
      if (staleMs !== undefined) this.#forget(now - staleMs);
      this.look(now);
    }
  }

  /** Values that came last before `time` are invalid. */
  #forget(time: number): void {
    for (const [path, at] of this.#seen) {
      if (at > time) continue;
      this.#seen.delete(path);
      this.#early.delete(path);
      this.#service?.setAny(path, null);
    }
  }
}

/** A shunt that is set to measure something else has become another device. */
function isSame<S extends Schema>(one: FoundDevice<S>, other: FoundDevice<S>): boolean {
  return (
    one.serviceName === other.serviceName &&
    one.product.productId === other.product.productId &&
    one.product.serial === other.product.serial
  );
}
