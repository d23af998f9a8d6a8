/** One VE.Direct device on one port: recognised by its blocks, published once its product is known, gone when silent. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import type { Link } from '../../ports/link.ts';
import { alarmLevels } from '../../protocols/vedirect/codes.ts';
import { type HexFrame, parseAnswer } from '../../protocols/vedirect/hex-frame.ts';
import { decodeText as decodeRegisterText } from '../../protocols/vedirect/hex-values.ts';
import { classOf, product } from '../../protocols/vedirect/products.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import { decodeText, textField } from '../../protocols/vedirect/text-fields.ts';
import { type TextBlock, VeDirectStream } from '../../protocols/vedirect/text-parser.ts';
import { findRow, type Schema, type Value } from '../../schema/row.ts';
import { type DeviceInstance, deviceInstance } from '../device-instance.ts';
import { type DriverSession, deviceInstanceOf, type SerialPort, type SessionEnd } from '../driver.ts';
import { TextLikeness } from '../listening.ts';
import { CLEARABLE_SERVICES, HISTORY_SERVICES, registerRows } from '../registers/register-paths.ts';
import { once, type RegisterRow } from '../registers/register-row.ts';
import { RegistersSession } from '../registers/registers-session.ts';
import { type RegisterService, SERVICE_SCHEMAS, serviceOf } from '../registers/service-choice.ts';
import { FAULT_PATHS } from './fault-paths.ts';
import { HexLine } from './hex-line.ts';
import { deviceCopies, type Field, identityOf, productName } from './identity.ts';
import { ALARM_SERVICES, TEXT_PATHS } from './text-paths.ts';

/** Without a good block for so long there is no VE.Direct device on the port. */
const RECOGNISE_MS = 5_000;
/** On a port for VE.Direct alone a device that does not send is asked after so long: it may be suspended by HEX. */
const ASK_MS = 3_000;
/** A device sends every second; without a good block or answer for so long it is gone. */
export const SILENT_MS = 10_000;
/** A field that has not come again for so long is invalid. */
const STALE_MS = 10_000;
const CHECK_MS = 1_000;
/** How often a device is asked for its serial number before it is published without. */
const SERIAL_TRIES = 2;

/** What is, or is about to be, on the bus. */
interface Device {
  readonly kind: string;
  readonly type: RegisterService;
  readonly productId: number;
  /** The fields of the block that told what it is. */
  readonly fields: ReadonlyMap<string, Field>;
}

export class VeDirectSession implements DriverSession {
  readonly ended: Promise<SessionEnd>;
  readonly recognised: Promise<string>;
  readonly #port: SerialPort;
  readonly #context: GatewayContext;
  readonly #stream: VeDirectStream;
  readonly #hex: HexLine;
  readonly #likeness = new TextLikeness();
  readonly #check: Timer;
  #began: number;
  #end: (how: SessionEnd) => void = () => {};
  #found: (what: string) => void = () => {};
  #stopped = false;
  #asked = false;
  #lastBlock: number | undefined;
  #lastAnswer = Number.NEGATIVE_INFINITY;
  #device: Device | undefined;
  #service: PublishedService | undefined;
  #registers: RegistersSession | undefined;
  #instanceWatch: Owned | undefined;
  /** Path → when a field for it came last, monotonic milliseconds. */
  readonly #seen = new Map<string, number>();
  /** Blocks that came while the service was on its way onto the bus are published when it is there. */
  readonly #latest = new Map<string, Field>();
  #refused: number | undefined;
  #day: Field | undefined;

  constructor(link: Link, port: SerialPort, context: GatewayContext) {
    this.#port = port;
    this.#context = context;
    this.#began = context.clock.monotonic();
    this.#stream = new VeDirectStream({ block: fields => this.#block(fields), frame: frame => this.#frame(frame) });
    this.#hex = new HexLine(context.clock, bytes => {
      link.write(bytes).catch((error: unknown) => context.log.debug('not written', { why: describe(error) }));
    });
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.recognised = new Promise(resolve => {
      this.#found = resolve;
    });
    this.#check = context.clock.every(CHECK_MS, () => this.#look());
  }

  receive(bytes: Uint8Array): void {
    if (this.#stopped) return;
    this.#stream.push(bytes);
    if (this.#lastBlock !== undefined) return;
    this.#likeness.push(bytes);
    if (this.#likeness.isNoText) this.#end('not recognised');
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#check.cancel();
    this.#hex.close();
    await this.#withdraw();
  }

  #block(block: TextBlock): void {
    const now = this.#context.clock.monotonic();
    this.#lastBlock = now;
    const fields = decodeBlock(block);
    const productId = fields.get('PID');
    if (typeof productId === 'number') this.#identify(productId, fields);
    this.#show(fields, now);
    this.#hex.textCame();
  }

  #frame(frame: HexFrame): void {
    const answer = parseAnswer(frame);
    if (answer === undefined) return;
    this.#lastAnswer = this.#context.clock.monotonic();
    const wasAskedFor = this.#hex.answer(answer);
    if (!wasAskedFor && (answer.kind === 'async' || answer.kind === 'get') && answer.flags === 0)
      this.#registers?.told(answer.register, answer.value);
  }

  /** Publishes the device when it is new, or has become another one: a shunt that was set to measure something else. */
  #identify(productId: number, fields: ReadonlyMap<string, Field>): void {
    const mode = fields.get('MON');
    const type = serviceOf(productId, typeof mode === 'number' ? mode : undefined);
    if (type === undefined) {
      if (this.#refused !== productId)
        this.#context.log.warn('no D-Bus service for this VE.Direct product', { port: this.#port.tty, productId });
      this.#refused = productId;
      return;
    }
    const kind = `${type} ${productId} ${fields.get('SER#') ?? ''}`;
    if (this.#device?.kind === kind) return;
    this.#device = { kind, type, productId, fields };
    this.#latest.clear();
    this.#found(productName(productId));
    this.#context.spawn(this.#publish(this.#device, this.#withdraw()));
  }

  async #publish(device: Device, leaving: Promise<void>): Promise<void> {
    const isCurrent = (): boolean => !this.#stopped && this.#device === device;
    await leaving;
    if (!isCurrent()) return;
    const serial = await this.#serialNumber(device);
    if (!isCurrent()) return;
    const unique = `vedirect_${serial ?? this.#port.tty}`;
    const known = await deviceInstance(this.#context, unique, device.type, deviceInstanceOf(this.#port.tty));
    if (!isCurrent()) return;
    const name = `com.victronenergy.${device.type}.${this.#port.tty}`;
    const identity = identityOf(this.#port, { ...known, ...device, serial }, device.fields);
    const schema: Schema = SERVICE_SCHEMAS[device.type];
    const prepare = (service: PublishedService): void => {
      for (const [path, value] of deviceCopies(name, identity))
        if (findRow(schema, path) !== undefined) service.setAny(path, value);
      if (device.type === 'solarcharger') service.setAny('/NrOfTrackers', 1);
    };
    let published: PublishedService;
    try {
      published = await this.#context.publish({ name, schema, identity, prepare });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#end('name taken');
      return;
    }
    if (!isCurrent()) {
      await this.#context.withdraw(published);
      return;
    }
    this.#context.log.info(`${identity.productName} is on the bus`, { service: name });
    this.#onBus(device, published, known);
  }

  #onBus(device: Device, service: PublishedService, known: DeviceInstance): void {
    this.#service = service;
    this.#instanceWatch = known.onChange(instance => {
      service.setAny('/Devices/0/DeviceInstance', instance);
      service.setAny('/DeviceInstance', instance);
    });
    this.#registers = new RegistersSession({
      service,
      rows: rowsOf(device),
      line: this.#hex,
      clock: this.#context.clock,
      log: this.#context.log,
      spawn: task => this.#context.spawn(task),
      isInText: path => this.#seen.has(path),
      hasHistory: HISTORY_SERVICES.has(device.type),
      canClear: CLEARABLE_SERVICES.has(device.type),
      rename: name => known.rename(name),
    });
    this.#show(this.#latest, this.#context.clock.monotonic());
    this.#registers.look();
  }

  /** By TEXT, or from a device that does not say it there by HEX; undefined when it does not tell. */
  async #serialNumber({ fields }: Device): Promise<string | undefined> {
    const inText = fields.get('SER#');
    if (typeof inText === 'string') return inText;
    const outcome = await this.#hex.get(COMMON_REGISTERS.serialNumber.id, SERIAL_TRIES);
    const serial = outcome.kind === 'value' ? decodeRegisterText(outcome.value) : '';
    return serial === '' ? undefined : serial;
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    this.#service = undefined;
    this.#registers?.stop();
    this.#registers = undefined;
    void this.#instanceWatch?.release();
    this.#instanceWatch = undefined;
    this.#seen.clear();
    this.#day = undefined;
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #show(fields: ReadonlyMap<string, Field>, now: number): void {
    const service = this.#service;
    const type = this.#device?.type;
    if (service === undefined || type === undefined) {
      for (const [label, value] of fields) this.#latest.set(label, value);
      return;
    }
    const paths: Partial<Readonly<Record<string, string>>> = TEXT_PATHS[type];
    for (const [label, value] of fields) {
      const path = paths[label];
      if (path !== undefined) this.#set(service, path, value, now);
    }
    if (ALARM_SERVICES.has(type)) this.#showAlarms(service, fields, now);
    for (const [fault, path] of FAULT_PATHS) {
      if (findRow(service.schema, path) !== undefined) service.setAny(path, fault(this.#stream.faults));
    }
    const day = fields.get('HSDS');
    if (day !== undefined && this.#day !== undefined && day !== this.#day) this.#registers?.dayChanged();
    if (day !== undefined) this.#day = day;
  }

  #showAlarms(service: PublishedService, fields: ReadonlyMap<string, Field>, now: number): void {
    const reasons = fields.get('AR');
    const warnings = fields.get('WARN');
    if (typeof reasons !== 'number' && typeof warnings !== 'number') return;
    const levels = alarmLevels(Number(warnings ?? 0), Number(reasons ?? 0));
    for (const [alarm, level] of Object.entries(levels)) this.#set(service, `/Alarms/${alarm}`, level, now);
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
      else if (now - this.#began >= ASK_MS) this.#ask();
      return;
    }
    if (now - Math.max(this.#lastBlock, this.#lastAnswer) >= SILENT_MS) {
      this.#end('device silent');
      return;
    }
    for (const [path, at] of this.#seen) {
      if (now - at < STALE_MS) continue;
      this.#seen.delete(path);
      this.#service?.setAny(path, null);
    }
    this.#registers?.look();
  }

  /** A device that was spoken to in HEX a moment ago says nothing by itself, but answers. */
  #ask(): void {
    if (this.#asked || this.#port.designated !== true) return;
    this.#asked = true;
    const asking = this.#hex.ping().then(outcome => {
      // Its TEXT will come back.
      if (outcome.kind === 'value') this.#began = this.#context.clock.monotonic();
    });
    this.#context.spawn(asking);
  }
}

/** A product that is newer than our table tells its name itself. */
function rowsOf({ type, productId }: Device): readonly RegisterRow[] {
  const rows = registerRows(type, classOf(productId));
  return product(productId) === undefined ? [...rows, once(COMMON_REGISTERS.modelName, '/ProductName')] : rows;
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
