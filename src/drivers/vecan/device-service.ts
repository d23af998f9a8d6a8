/** One service of a device on D-Bus: published once the device is known, with what its messages and registers tell. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { sameValue } from '../../bus/value.ts';
import type { Owned } from '../../kernel/actor.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import type { Message, Values } from '../../protocols/nmea2000/message.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import { findRow, type Value } from '../../schema/row.ts';
import { type DeviceInstance, deviceInstance } from '../device-instance.ts';
import type { DeviceRegisters } from './device-registers.ts';
import type { CommandRow, Said, ServiceKind } from './rows/row.ts';
import { ToldValues } from './told-values.ts';

/** It takes so long until every message of a battery has come once. Milliseconds. */
const SETTLE_MS = 3_500;
/** A device that does not even answer when it is asked is gone after so long. */
const ASKED_SILENT_MS = 15_000;
/** The name is owned by another: tried again after so long. */
const TAKEN_MS = 2_000;
/** What a device made of an order without answer it shows within so long. */
const SHOWN_MS = 4_000;
const SHOWN_CHECK_MS = 250;

/** What a service needs of its device. */
export interface ServiceOwner {
  readonly context: GatewayContext;
  /** `can0` */
  readonly port: string;
  /** Of the NAME. */
  readonly uniqueNumber: number;
  /** The device in settings, the same on every start. */
  readonly unique: string;
  /** Services that it makes up. */
  readonly serviceCount: number;
  /** Whether the device has said who it is, or will not. */
  readonly isKnown: boolean;
  identity(kind: ServiceKind): Omit<ProductIdentity, 'deviceInstance'>;
  /** What stands there beside the values. */
  facts(serviceName: string, instance: number): readonly (readonly [path: string, value: Value])[];
  /** Tells the device to set fields of a message. @returns whether it did */
  command(message: Message, fields: Values): Promise<boolean>;
  /** Says a message to all. @returns false while that is not possible */
  say(message: Message, fields: Values): boolean;
  /** Renames the device; its new name is told by it. @returns whether it took it */
  rename(name: string): Promise<boolean>;
  /** Gives the device another instance on the network. @returns whether it took it */
  reinstance(instance: number): Promise<boolean>;
  /** The service is on the bus. @returns released when it leaves */
  published(service: PublishedService, place: DeviceService): Owned | undefined;
}

export class DeviceService {
  readonly kind: ServiceKind;
  readonly key: string;
  readonly told: ToldValues;
  /** What the registers of the device tell goes before what its messages tell: it is finer. */
  registers: DeviceRegisters | undefined;
  readonly #owner: ServiceOwner;
  readonly #instance: number;
  readonly #since: number;
  /** The values of each message as it came last: commands name which of several is meant. */
  readonly #last = new Map<number, Values>();
  #service: PublishedService | undefined;
  #known: DeviceInstance | undefined;
  /** For a device that keeps no name itself. */
  #keptName = '';
  #watch: Owned | undefined;
  #attached: Owned | undefined;
  #publishing = false;
  #stopped = false;
  #notBefore = 0;
  #isTaken = false;

  /** @param key which of several of its kind on the device @param instance proposed for it */
  constructor(owner: ServiceOwner, kind: ServiceKind, key: string, instance: number) {
    this.#owner = owner;
    this.kind = kind;
    this.key = key;
    this.#instance = instance;
    this.#since = owner.context.clock.monotonic();
    this.told = new ToldValues(kind, this.#since);
  }

  get service(): PublishedService | undefined {
    return this.#service;
  }

  /** A message for this service. @param dc place of a battery among those of its device */
  take(message: Message, said: Said, dc: number): void {
    this.#last.set(message.pgn, said.values);
    const now = this.#owner.context.clock.monotonic();
    for (const [path, value] of this.told.take(message, said, dc, now)) this.#set(path, value);
    this.#derive();
    this.#publishWhenReady(now);
  }

  /**
   * Call it once a second.
   *
   * @param aliveAt when the device was heard last, where it tells more than its messages
   * @returns false when the service is gone
   */
  look(aliveAt = Number.NEGATIVE_INFINITY): boolean {
    const now = this.#owner.context.clock.monotonic();
    for (const path of this.told.expire(now)) this.#set(path, null);
    this.#derive();
    this.#publishWhenReady(now);
    const patienceMs = this.registers === undefined ? this.told.patienceMs : ASKED_SILENT_MS;
    return Math.min(this.told.silentMs(now), now - aliveAt) < patienceMs;
  }

  /** @returns whether the device has made of it what was asked for */
  async #tellOlder({ older, path }: CommandRow, which: Values, encoded: number, value: Value): Promise<boolean> {
    if (older === undefined || !this.#owner.say(older.message, { ...which, [older.field]: encoded })) return false;
    const { clock } = this.#owner.context;
    for (let waited = 0; waited < SHOWN_MS && !this.#stopped; waited += SHOWN_CHECK_MS) {
      if (sameValue(this.#service?.get(path) ?? null, value)) return true;
      await new Promise<void>(resolve => clock.after(SHOWN_CHECK_MS, resolve));
    }
    return false;
  }

  /** The device has told more of itself. */
  refresh(): void {
    const service = this.#service;
    if (service === undefined) return;
    const { productName, productId, firmwareVersion, hardwareVersion, serial, customName } = this.#owner.identity(
      this.kind,
    );
    service.setAny('/ProductName', productName);
    service.setAny('/ProductId', productId);
    service.setAny('/FirmwareVersion', firmwareVersion);
    service.setAny('/HardwareVersion', hardwareVersion);
    if (serial !== undefined) service.setAny('/Serial', serial);
    service.setAny('/CustomName', this.#nameOf(customName));
    this.#setFacts(service, Number(service.get('/DeviceInstance')));
  }

  /** One name for all of a device is none for a tank of several: that one is kept here, and goes before. */
  #nameOf(deviceName = ''): string {
    return this.#hasDeviceName ? deviceName || this.#keptName : this.#keptName || deviceName;
  }

  get #hasDeviceName(): boolean {
    return this.key === '' || this.#owner.serviceCount === 1;
  }

  /** Keeps a name for a device that keeps none itself. */
  async keepName(name: string): Promise<boolean> {
    const isKept = (await this.#known?.rename(name)) ?? false;
    if (isKept) this.#keptName = name;
    return isKept;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    void this.#watch?.release();
    void this.#attached?.release();
    const service = this.#service;
    this.#service = undefined;
    if (service !== undefined) await this.#owner.context.withdraw(service);
  }

  #publishWhenReady(now: number): void {
    if (this.#service !== undefined || this.#publishing || this.#stopped || !this.#owner.isKnown) return;
    const isSettling = this.kind.settles && this.key !== '' && now - this.#since < SETTLE_MS;
    // Its messages may have turned out to be about something else.
    const isOver = this.key !== '' && this.told.silentMs(now) >= SETTLE_MS / 2;
    if (now < this.#notBefore || isSettling || isOver) return;
    this.#publishing = true;
    this.#owner.context.spawn(
      this.#publish().finally(() => {
        this.#publishing = false;
      }),
    );
  }

  async #publish(): Promise<void> {
    const { context, port, unique, uniqueNumber } = this.#owner;
    const { type, schema } = this.kind;
    const inSettings = this.key === '' ? unique : `${unique}_${this.key}`;
    const known = await deviceInstance(context, inSettings, type, this.#instance);
    if (this.#stopped) return;
    this.#known = known;
    this.#keptName = known.customName;
    const name = `com.victronenergy.${type}.socketcan_${port}_vi${known.instance}_uc${uniqueNumber}`;
    const own = this.#owner.identity(this.kind);
    const identity: ProductIdentity = {
      ...own,
      customName: this.#nameOf(own.customName),
      deviceInstance: known.instance,
    };
    let service: PublishedService;
    try {
      service = await context.publish({ name, schema, identity, prepare: one => this.#prepare(one, known.instance) });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#notBefore = context.clock.monotonic() + TAKEN_MS;
      if (!this.#isTaken)
        context.log.warn(`a device on ${port} cannot be shown: ${describe(error)}`, { service: name });
      this.#isTaken = true;
      return;
    }
    if (this.#stopped) {
      await context.withdraw(service);
      return;
    }
    context.log.info(`${identity.productName} is on the bus`, { service: name });
    this.#service = service;
    this.#watch = known.onChange(instance => {
      this.#setFacts(service, instance);
      service.setAny('/DeviceInstance', instance);
    });
    this.#attached = this.#owner.published(service, this);
    for (const [path, value] of this.told.all()) this.#set(path, value);
    this.#derive();
  }

  #prepare(service: PublishedService, instance: number): void {
    for (const path of this.kind.first) service.setAny(path, null);
    for (const [path, value] of this.kind.fixed ?? []) service.setAny(path, value);
    this.#setFacts(service, instance);
    if (this.#isOf(service, '/Devices/0/VregLink')) service.setAny('/Devices/0/VregLink', null);
    for (const [path, value] of this.told.all()) if (this.#isOf(service, path)) service.setAny(path, value);
    for (const row of this.kind.commands ?? [])
      service.onWriteAny(row.path, value => this.#command(service, row, value));
    service.onWriteAny('/CustomName', async value => {
      if (typeof value !== 'string') return SET_REFUSED;
      // A device that keeps no name has it kept here.
      const isTaken = this.#hasDeviceName && (await this.#owner.rename(value));
      if (!isTaken && !(await this.keepName(value))) return SET_REFUSED;
      service.setAny('/CustomName', value);
      return SET_DONE;
    });
    service.onWriteAny('/DeviceInstance', async value => {
      const isInstance = typeof value === 'number' && Number.isInteger(value) && value >= 0;
      return isInstance && (await this.#known?.move(value)) === true ? SET_DONE : SET_REFUSED;
    });
    if (!service.has('/N2kDeviceInstance')) return;
    service.onWriteAny('/N2kDeviceInstance', async value => {
      if (typeof value !== 'number' || !(await this.#owner.reinstance(value))) return SET_REFUSED;
      service.setAny('/N2kDeviceInstance', value);
      return SET_DONE;
    });
  }

  #setFacts(service: PublishedService, instance: number): void {
    for (const [path, value] of this.#owner.facts(service.name, instance))
      if (this.#isOf(service, path)) service.setAny(path, value);
  }

  #set(path: string, value: Value): void {
    const service = this.#service;
    if (this.registers?.tells(path)) return;
    if (service !== undefined && this.#isOf(service, path)) service.setAny(path, value);
  }

  /** Not every kind has every path: a battery has one temperature. */
  #isOf(service: PublishedService, path: string): boolean {
    return service.has(path) || findRow(service.schema, path) !== undefined;
  }

  #derive(): void {
    const service = this.#service;
    if (service === undefined) return;
    const now = this.#owner.context.clock.monotonic();
    for (const { path, from, optional = [], read } of this.kind.derived ?? []) {
      if (this.told.isFresh(path, now) || this.registers?.tells(path)) continue;
      const values = from.map(one => service.get(one));
      const others = optional.map(one => service.get(one)).filter(value => typeof value === 'number');
      const isWhole = values.every(value => typeof value === 'number');
      service.setAny(path, isWhole ? read(...values, ...others) : null);
    }
  }

  async #command(service: PublishedService, row: CommandRow, value: Value): Promise<number> {
    const encoded = row.encode === undefined ? (typeof value === 'number' ? value : undefined) : row.encode(value);
    if (encoded === undefined) return SET_REFUSED;
    const last = this.#last.get(row.message.pgn) ?? {};
    const fields = Object.fromEntries(row.which.map(name => [name, last[name] ?? null]));
    const isTaken = await this.#owner.command(row.message, { ...fields, [row.field]: encoded });
    if (!isTaken && !(await this.#tellOlder(row, fields, encoded, value))) return SET_REFUSED;
    if (this.#service === service) service.setAny(row.path, value);
    return SET_DONE;
  }
}
