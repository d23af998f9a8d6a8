/** A node of the network as a device: who it is, its registers, and the services that its messages make up. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { Owned } from '../../kernel/actor.ts';
import { VERSION } from '../../kernel/version.ts';
import { decodeMessage, type Message, type Values } from '../../protocols/nmea2000/message.ts';
import { VICTRON } from '../../protocols/nmea2000/name.ts';
import { messageOf } from '../../protocols/nmea2000/pgns.ts';
import { humidity, pressure } from '../../protocols/nmea2000/tables/environment.ts';
import { addressClaim, configurationInformation } from '../../protocols/nmea2000/tables/network.ts';
import { decodeVregValue, type VregMessage } from '../../protocols/nmea2000/vreg.ts';
import { firmwareOf24Bits } from '../../protocols/vedirect/firmware.ts';
import { encodeText } from '../../protocols/vedirect/hex-values.ts';
import { product } from '../../protocols/vedirect/products.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import type { Value } from '../../schema/row.ts';
import { DeviceRegisters } from './device-registers.ts';
import { DeviceService, type ServiceOwner } from './device-service.ts';
import { Interview } from './interview.ts';
import { isAnonymous, type RemoteNode } from './node-table.ts';
import { Placement } from './placement.ts';
import { vecanRegisterRows } from './register-rows.ts';
import type { Said, ServiceKind } from './rows/row.ts';
import { temperature as temperatureKind } from './rows/sensors.ts';
import { VregLine } from './vreg-line.ts';

/** Services of one device. */
export const SERVICES_PER_DEVICE = 32;
/** What a device needs of its network. */
export interface DeviceNetwork {
  readonly context: GatewayContext;
  /** `can0` */
  readonly port: string;
  /** Services of all devices so far; there is room for another. */
  hasRoom(): boolean;
  request(pgn: number, destination: number): void;
  register(message: VregMessage, destination: number): void;
  command(destination: number, message: Message, fields: Values): Promise<boolean>;
  /** Says a message to all. @returns false while we have no address */
  say(message: Message, fields: Values): boolean;
  /** What is known of a device has changed. */
  changed(device: Device): void;
}

export class Device implements ServiceOwner {
  readonly node: RemoteNode;
  readonly line: VregLine;
  readonly context: GatewayContext;
  readonly port: string;
  readonly #network: DeviceNetwork;
  readonly #interview: Interview;
  readonly #services = new Map<string, DeviceService>();
  #placement: Placement;
  #registers: DeviceRegisters | undefined;
  /** Names that registers told. */
  #serial: string | null = null;
  #customName: string | null = null;
  #modelName: string | null = null;
  #heardAt: number;
  #stopped = false;

  constructor(network: DeviceNetwork, node: RemoteNode) {
    this.#network = network;
    this.node = node;
    this.context = network.context;
    this.port = network.port;
    this.#heardAt = network.context.clock.monotonic();
    this.#placement = new Placement(node.name, undefined);
    this.line = new VregLine(network.context.clock, message => {
      if (node.address !== undefined) network.register(message, node.address);
    });
    this.#interview = new Interview(network.context.clock, this.isVictron, {
      request: pgn => {
        if (node.address !== undefined) network.request(pgn, node.address);
      },
      read: register => {
        if (node.address !== undefined) network.register({ kind: 'request', register, mask: 0xffff }, node.address);
      },
      learnt: () => this.#learnt(),
      done: () => this.#learnt(),
    });
  }

  get isVictron(): boolean {
    return this.node.name.manufacturer === VICTRON;
  }

  get uniqueNumber(): number {
    return this.node.name.uniqueNumber;
  }

  get unique(): string {
    const { manufacturer, uniqueNumber, deviceFunction } = this.node.name;
    return `n2k_${manufacturer}_${uniqueNumber}_${deviceFunction}`;
  }

  get isKnown(): boolean {
    return this.#interview.isDone;
  }

  /** Whether the system steers it: chargers take link registers. */
  get isCharger(): boolean {
    const type = this.#placement.main?.type;
    return this.isVictron && type !== undefined && type !== 'battery';
  }

  get serviceCount(): number {
    return this.#services.size;
  }

  get serial(): string | null {
    return this.#serial ?? this.#interview.facts.product?.modelSerialCode ?? null;
  }

  get customName(): string {
    return this.#customName ?? this.#interview.facts.configuration?.installationDescription1 ?? '';
  }

  get modelName(): string {
    const { productId, product: told } = this.#interview.facts;
    const known = productId === undefined ? undefined : product(productId)?.name;
    return known ?? this.#modelName ?? told?.modelId ?? `NMEA 2000 device ${this.uniqueNumber}`;
  }

  get firmware(): number | string | null {
    const { firmware, product: told } = this.#interview.facts;
    const known = firmware === undefined ? undefined : firmwareOf24Bits(firmware)?.version;
    return known ?? told?.softwareVersionCode ?? null;
  }

  /** A message of the node. */
  heard(pgn: number, bytes: Uint8Array): void {
    this.#heardAt = this.context.clock.monotonic();
    this.#interview.heard(pgn, bytes);
    const message = messageOf(pgn);
    // What a device of Victron is, its product id says, and not its NAME.
    if (message === undefined || (this.isVictron && !this.isKnown)) return;
    const { values, list } = decodeMessage(message, bytes);
    const said: Said = { values, list };
    if (pgn === humidity.pgn || pgn === pressure.pgn) this.#toTemperatures(message, said);
    for (const { kind, key, instance, dc, joins } of this.#placement.places(pgn, values)) {
      const service = this.#serviceAt(kind, key, instance, joins === true);
      service?.take(message, said, dc ?? 0);
    }
  }

  /** A register that the node told, or an acknowledgement. */
  told(message: VregMessage): void {
    this.#heardAt = this.context.clock.monotonic();
    this.#interview.told(message);
    this.line.heard(message);
    if (message.kind !== 'value') return;
    this.#learnText(message);
    this.#serveRegisters();
    this.#registers?.told(message.register, message.payload);
  }

  /** Whether the system steers this charger by its own service with this register. */
  controls(register: number): boolean {
    return this.#registers?.controls(register) ?? false;
  }

  /** Call it now and then. */
  look(): void {
    this.#registers?.look(this.#heardAt);
    for (const [id, service] of this.#services) {
      const isThere = service.look(service.registers === undefined ? undefined : this.#heardAt);
      if (isThere) continue;
      this.#services.delete(id);
      this.context.log.info('a device is silent', { service: service.service?.name });
      this.context.spawn(service.stop());
    }
  }

  /** The node has another instance or address. */
  nodeChanged(): void {
    this.#changed();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#interview.stop();
    this.#endRegisters();
    this.line.close();
    await Promise.all([...this.#services.values()].map(service => service.stop()));
    this.#services.clear();
  }

  // ---- what a service needs of its device

  identity(kind: ServiceKind): Omit<ProductIdentity, 'deviceInstance'> {
    const { productId, product: told } = this.#interview.facts;
    return {
      processName: 'gxd',
      processVersion: VERSION,
      connection: 'VE.Can',
      productId: productId ?? kind.productId,
      productName: this.modelName,
      firmwareVersion: this.firmware,
      hardwareVersion: told?.modelVersion ?? null,
      connected: 1,
      customName: this.customName,
      serial: this.serial,
    };
  }

  facts(serviceName: string, instance: number): readonly (readonly [path: string, value: Value])[] {
    const { name, address } = this.node;
    return [
      ['/N2kUniqueNumber', isAnonymous(name) ? null : name.uniqueNumber],
      ['/N2kDeviceInstance', name.deviceInstance],
      ['/N2kSystemInstance', name.systemInstance],
      ['/Devices/0/CustomName', this.customName],
      ['/Devices/0/DeviceInstance', instance],
      ['/Devices/0/FirmwareVersion', this.firmware],
      ['/Devices/0/Gateway', `socketcan:${this.port}`],
      ['/Devices/0/Nad', address ?? null],
      ['/Devices/0/ProductId', this.#interview.facts.productId ?? null],
      ['/Devices/0/ProductName', this.modelName],
      ['/Devices/0/ServiceName', serviceName],
    ];
  }

  async command(message: Message, fields: Values): Promise<boolean> {
    const { address } = this.node;
    return address !== undefined && this.#network.command(address, message, fields);
  }

  say(message: Message, fields: Values): boolean {
    return this.#network.say(message, fields);
  }

  async rename(name: string): Promise<boolean> {
    if (!this.isVictron) return this.command(configurationInformation, { installationDescription1: name });
    const octets = encodeText(name);
    if (octets === undefined) return false;
    const outcome = await this.line.set(COMMON_REGISTERS.customName.id, octets);
    return outcome.kind === 'value';
  }

  async reinstance(instance: number): Promise<boolean> {
    if (!Number.isInteger(instance) || instance < 0 || instance > 255) return false;
    const fields = { deviceInstanceLower: instance % 8, deviceInstanceUpper: Math.floor(instance / 8) };
    const isTaken = await this.command(addressClaim, fields);
    // Some say nothing, and claim with the new one.
    return isTaken || this.node.name.deviceInstance === instance;
  }

  published(service: PublishedService, place: DeviceService): Owned | undefined {
    this.#network.changed(this);
    if (!this.isVictron || place.key !== '' || this.#registers !== undefined) return undefined;
    const { type } = place.kind;
    const rows = vecanRegisterRows(type, this.#interview.facts.productId ?? 0);
    if (rows.length === 0) return undefined;
    this.#registers = new DeviceRegisters(this.context, this.line, type, rows, service, place);
    place.registers = this.#registers;
    return {
      release: () => {
        place.registers = undefined;
        this.#endRegisters();
      },
    };
  }

  #endRegisters(): void {
    this.#registers?.stop();
    this.#registers = undefined;
  }

  /** More, or something else, is known of it. */
  #changed(): void {
    for (const service of this.#services.values()) service.refresh();
    this.#network.changed(this);
  }

  #learnt(): void {
    if (this.#stopped) return;
    const { productId } = this.#interview.facts;
    const main = this.#placement.main;
    const placement = new Placement(this.node.name, productId);
    if (placement.main !== main) this.#placement = placement;
    this.#changed();
    this.#serveRegisters();
  }

  /** A device with registers need not send messages. */
  #serveRegisters(): void {
    const kind = this.#placement.main;
    const hasRegisters = this.#interview.facts.productId !== undefined || this.line.speaks;
    if (this.isKnown && this.isVictron && hasRegisters && kind !== undefined)
      this.#serviceAt(kind, '', undefined, false);
  }

  #learnText({ register, payload }: { readonly register: number; readonly payload: Uint8Array }): void {
    const text = (row: { readonly id: number; readonly type: 'string' }): string | undefined => {
      const value = register === row.id ? decodeVregValue(row, payload) : undefined;
      return typeof value === 'string' ? value : undefined;
    };
    const before = `${this.#serial} ${this.#customName} ${this.#modelName}`;
    this.#serial = text(COMMON_REGISTERS.serialNumber) ?? this.#serial;
    this.#customName = text(COMMON_REGISTERS.customName) ?? this.#customName;
    this.#modelName = text(COMMON_REGISTERS.modelName) ?? this.#modelName;
    if (`${this.#serial} ${this.#customName} ${this.#modelName}` !== before) this.#changed();
  }

  #toTemperatures(message: Message, said: Said): void {
    const { instance } = said.values;
    for (const service of this.#services.values())
      if (service.kind === temperatureKind && service.key.startsWith(`temperature_${instance}_`))
        service.take(message, said, 0);
  }

  #serviceAt(kind: ServiceKind, key: string, instance: number | undefined, joins: boolean): DeviceService | undefined {
    const id = `${kind.type} ${key}`;
    const known = this.#services.get(id);
    if (known !== undefined || joins) return known;
    if (this.#services.size >= SERVICES_PER_DEVICE || !this.#network.hasRoom()) return undefined;
    const service = new DeviceService(this, kind, key, instance ?? this.node.name.deviceInstance);
    this.#services.set(id, service);
    return service;
  }
}
