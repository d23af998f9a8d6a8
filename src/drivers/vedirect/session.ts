/** One VE.Direct device on one port: recognised by its blocks, published once its product is known, gone when silent. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { Timer } from '../../kernel/clock.ts';
import { Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import { alarmLevels } from '../../protocols/vedirect/codes.ts';
import { product } from '../../protocols/vedirect/products.ts';
import { decodeText, textField } from '../../protocols/vedirect/text-fields.ts';
import { type TextBlock, VeDirectStream } from '../../protocols/vedirect/text-parser.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import { findRow, type Schema, type Value } from '../../schema/row.ts';
import { type DriverSession, deviceInstanceOf, type SerialPort, type SessionEnd } from '../driver.ts';
import { FAULT_PATHS } from './fault-paths.ts';
import { SERVICE_SCHEMAS, serviceOf, type VeDirectService } from './service-choice.ts';
import { ALARM_SERVICES, TEXT_PATHS } from './text-paths.ts';

/** Without a good block for so long there is no VE.Direct device on the port. */
const RECOGNISE_MS = 5_000;
/** A device sends every second; without a good block for so long it is gone. */
export const SILENT_MS = 10_000;
/** A field that has not come again for so long is invalid. */
const STALE_MS = 10_000;
const CHECK_MS = 1_000;

type Field = number | string | null;

export class VeDirectSession implements DriverSession {
  readonly ended: Promise<SessionEnd>;
  readonly #port: SerialPort;
  readonly #context: GatewayContext;
  readonly #stream: VeDirectStream;
  readonly #check: Timer;
  readonly #began: number;
  #end: (how: SessionEnd) => void = () => {};
  #stopped = false;
  #lastBlock: number | undefined;
  /** What is published, or about to be. */
  #kind: string | undefined;
  #service: PublishedService | undefined;
  #paths: Partial<Readonly<Record<string, string>>> = {};
  #alarms = false;
  /** Path → when a field for it came last, monotonic milliseconds. */
  readonly #seen = new Map<string, number>();
  /** Blocks that came while the service was on its way onto the bus are published when it is there. */
  #latest = new Map<string, Field>();
  #refused: number | undefined;

  constructor(port: SerialPort, context: GatewayContext) {
    this.#port = port;
    this.#context = context;
    this.#began = context.clock.monotonic();
    this.#stream = new VeDirectStream({ block: fields => this.#block(fields), frame: () => {} });
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.#check = context.clock.every(CHECK_MS, () => this.#look());
  }

  receive(bytes: Uint8Array): void {
    if (!this.#stopped) this.#stream.push(bytes);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#check.cancel();
    await this.#withdraw();
  }

  #block(block: TextBlock): void {
    const now = this.#context.clock.monotonic();
    this.#lastBlock = now;
    const fields = decodeBlock(block);
    const productId = fields.get('PID');
    if (typeof productId === 'number') this.#identify(productId, fields);
    this.#show(fields, now);
  }

  /** Publishes the device when it is new, or has become another one: a shunt that was set to measure something else. */
  #identify(productId: number, fields: ReadonlyMap<string, Field>): void {
    const mode = fields.get('MON');
    const service = serviceOf(productId, typeof mode === 'number' ? mode : undefined);
    if (service === undefined) {
      if (this.#refused !== productId)
        this.#context.log.warn('no D-Bus service for this VE.Direct product', { port: this.#port.tty, productId });
      this.#refused = productId;
      return;
    }
    const kind = `${service} ${productId}`;
    if (this.#kind === kind) return;
    this.#kind = kind;
    this.#latest.clear();
    const leaving = this.#withdraw();
    this.#context.spawn(this.#publish(kind, service, this.#identity(productId, fields), leaving));
  }

  #identity(productId: number, fields: ReadonlyMap<string, Field>): ProductIdentity {
    const serial = fields.get('SER#');
    return {
      processName: 'gxd',
      processVersion: VERSION,
      connection: this.#port.tty.startsWith('ttyUSB') ? 'USB' : 'VE.Direct',
      deviceInstance: deviceInstanceOf(this.#port.tty),
      productId,
      productName: product(productId)?.name ?? `VE.Direct device 0x${productId.toString(16).toUpperCase()}`,
      firmwareVersion: fields.get('FWE') ?? fields.get('FW') ?? null,
      hardwareVersion: null,
      connected: 1,
      customName: '',
      ...(typeof serial === 'string' ? { serial } : {}),
    };
  }

  async #publish(
    kind: string,
    service: VeDirectService,
    identity: ProductIdentity,
    leaving: Promise<void>,
  ): Promise<void> {
    await leaving;
    if (this.#stopped || this.#kind !== kind) return;
    this.#paths = TEXT_PATHS[service];
    this.#alarms = ALARM_SERVICES.has(service);
    const name = `com.victronenergy.${service}.${this.#port.tty}`;
    const schema: Schema = SERVICE_SCHEMAS[service];
    let published: PublishedService;
    try {
      published = await this.#context.publish({ name, schema, identity });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#end('name taken');
      return;
    }
    if (this.#stopped || this.#kind !== kind) {
      await this.#context.withdraw(published);
      return;
    }
    this.#context.log.info(`${identity.productName} is on the bus`, { service: name });
    this.#service = published;
    this.#show(this.#latest, this.#context.clock.monotonic());
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    this.#service = undefined;
    this.#seen.clear();
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #show(fields: ReadonlyMap<string, Field>, now: number): void {
    const service = this.#service;
    if (service === undefined) {
      for (const [label, value] of fields) this.#latest.set(label, value);
      return;
    }
    for (const [label, value] of fields) {
      const path = this.#paths[label];
      if (path !== undefined) this.#set(service, path, value, now);
    }
    const reasons = fields.get('AR');
    const warnings = fields.get('WARN');
    if (this.#alarms && (typeof reasons === 'number' || typeof warnings === 'number')) {
      const levels = alarmLevels(Number(warnings ?? 0), Number(reasons ?? 0));
      for (const [alarm, level] of Object.entries(levels)) this.#set(service, `/Alarms/${alarm}`, level, now);
    }
    for (const [fault, path] of FAULT_PATHS) {
      if (findRow(service.schema, path) !== undefined) service.setAny(path, fault(this.#stream.faults));
    }
  }

  /** Alarms that a kind of device does not have are in the bits, but not in its schema. */
  #set(service: PublishedService, path: string, value: Value, now: number): void {
    if (!service.has(path) && findRow(service.schema, path) === undefined) return;
    service.setAny(path, value);
    this.#seen.set(path, now);
  }

  #look(): void {
    const now = this.#context.clock.monotonic();
    if (this.#lastBlock === undefined) {
      if (now - this.#began >= RECOGNISE_MS) this.#end('not recognised');
      return;
    }
    if (now - this.#lastBlock >= SILENT_MS) {
      this.#end('device silent');
      return;
    }
    for (const [path, at] of this.#seen) {
      if (now - at < STALE_MS) continue;
      this.#seen.delete(path);
      this.#service?.setAny(path, null);
    }
  }
}

/** The fields we know, in their units; those that are not of their form are left out. */
function decodeBlock(block: TextBlock): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const [label, text] of block) {
    const field = textField(label);
    const value = field === undefined ? undefined : decodeText(field, text);
    if (value !== undefined) fields.set(label, value);
  }
  return fields;
}
