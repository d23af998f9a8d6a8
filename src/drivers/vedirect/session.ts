/** One VE.Direct device on one port: recognised by its blocks, published once its product is known, gone when silent. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import { describe } from '../../kernel/fault.ts';
import type { Link } from '../../ports/link.ts';
import { alarmLevels } from '../../protocols/vedirect/codes.ts';
import { type HexFrame, parseAnswer } from '../../protocols/vedirect/hex-frame.ts';
import { decodeText as decodeRegisterText } from '../../protocols/vedirect/hex-values.ts';
import { classOf, plausibleProductId, product } from '../../protocols/vedirect/products.ts';
import { decodeRegister, serialOf } from '../../protocols/vedirect/register.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import { decodeText, textField } from '../../protocols/vedirect/text-fields.ts';
import { type TextBlock, VeDirectStream } from '../../protocols/vedirect/text-parser.ts';
import { findRow, type Schema } from '../../schema/row.ts';
import type { DeviceInstance } from '../device-instance.ts';
import { type DriverSession, deviceInstanceOf, type SerialPort } from '../driver.ts';
import { PortDevice } from '../port-device.ts';
import { CLEARABLE_SERVICES, HISTORY_SERVICES, registerRows } from '../registers/register-paths.ts';
import { once, type RegisterRow } from '../registers/register-row.ts';
import { RegistersSession } from '../registers/registers-session.ts';
import { type RegisterService, SERVICE_SCHEMAS, serviceOf } from '../registers/service-choice.ts';
import { FAULT_PATHS } from './fault-paths.ts';
import { HexLine } from './hex-line.ts';
import { connectionOf, deviceCopies, type Field, productName } from './identity.ts';
import { ALARM_SERVICES, TEXT_PATHS } from './text-paths.ts';

const TIMES = {
  /** Without a good block for so long there is no VE.Direct device on the port. */
  recogniseMs: 5_000,
  /** A device sends every second. */
  silentMs: 10_000,
  staleMs: 10_000,
};
/** On a port for VE.Direct alone a device that does not send is asked after so long: it may be suspended by HEX. */
const ASK_MS = 3_000;
/** A device that answers and has sent no TEXT for so long does not send any: it is asked what it is. */
const TEXTLESS_MS = 3_000;
/** Of such a device every value is asked for again after so long. */
const TOLD_MS = 5_000;
/** How often a device is asked for its serial number before it is published without. */
const SERIAL_TRIES = 2;

/** What the device says it is. */
interface Device {
  readonly type: RegisterService;
  readonly productId: number;
  readonly fields: ReadonlyMap<string, Field>;
}

export class VeDirectSession extends PortDevice<Schema> implements DriverSession {
  readonly #stream: VeDirectStream;
  readonly #hex: HexLine;
  readonly #began: number;
  #asked: 'nothing' | 'whether it is there' | 'what it is' = 'nothing';
  #answeredAt: number | undefined;
  #isTextless = true;
  #device: Device | undefined;
  /** A known device says that it is another one: one block in 256 has a right checksum by accident. */
  #doubt: Device | undefined;
  #registers: RegistersSession | undefined;
  #refused: number | undefined;
  #day: Field | undefined;

  constructor(link: Link, port: SerialPort, context: GatewayContext) {
    super(context, port, TIMES);
    this.#began = context.clock.monotonic();
    this.#stream = new VeDirectStream({ block: fields => this.#block(fields), frame: frame => this.#frame(frame) });
    this.#hex = new HexLine(context.clock, bytes => {
      link.write(bytes).catch((error: unknown) => context.log.debug('not written', { why: describe(error) }));
    });
  }

  get faults(): number {
    return Object.values(this.#stream.faults).reduce((sum, count) => sum + count, 0);
  }

  receive(bytes: Uint8Array): void {
    if (this.stopped) return;
    this.#stream.push(bytes);
    this.expectText(bytes);
  }

  override async stop(): Promise<void> {
    this.#hex.close();
    await super.stop();
  }

  protected override leaving(): void {
    this.#registers?.stop();
    this.#registers = undefined;
    this.#day = undefined;
  }

  protected override look(now: number): void {
    if (this.#asked === 'nothing' && this.#isTextless && now - this.#began >= ASK_MS) this.#ask();
    const waited = now - (this.#answeredAt ?? now);
    if (this.#asked === 'whether it is there' && this.#isTextless && waited >= TEXTLESS_MS) this.#askWhat();
    this.#registers?.look();
  }

  #block(block: TextBlock): void {
    this.heard();
    this.#isTextless = false;
    const fields = decodeBlock(block);
    const productId = fields.get('PID');
    if (typeof productId === 'number') this.#identify(productId, fields);
    if (this.#device !== undefined && this.#doubt === undefined) this.#showFields(this.#device.type, fields);
    this.#hex.textCame();
  }

  #frame(frame: HexFrame): void {
    const answer = parseAnswer(frame);
    if (answer === undefined) return;
    this.heard();
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
        this.context.log.warn('no D-Bus service for this VE.Direct product', { port: this.port.tty, productId });
      this.#refused = productId;
      return;
    }
    const device: Device = { type, productId, fields };
    const isKnown = this.#device !== undefined && isSame(this.#device, device);
    const isSure = this.#device === undefined || (this.#doubt !== undefined && isSame(this.#doubt, device));
    this.#doubt = isKnown || isSure ? undefined : device;
    if (isKnown || !isSure) return;
    this.#device = device;
    this.#publish(device);
  }

  #publish(device: Device): void {
    const { type, productId, fields } = device;
    const { tty } = this.port;
    const serial = fields.get('SER#');
    const serviceName = `com.victronenergy.${type}.${tty}`;
    const schema: Schema = SERVICE_SCHEMAS[type];
    this.found({
      serviceName,
      schema,
      type,
      unique: this.#serialNumber(serial).then(number => `vedirect_${number ?? tty}`),
      firstInstance: deviceInstanceOf(tty),
      product: {
        productId,
        productName: productName(productId),
        firmwareVersion: fields.get('FWE') ?? fields.get('FW') ?? null,
        connection: connectionOf(this.port),
        ...(typeof serial === 'string' ? { serial } : {}),
      },
      prepare: (service, identity) => {
        for (const [path, value] of deviceCopies(serviceName, identity))
          if (findRow(schema, path) !== undefined) service.setAny(path, value);
        if (type === 'solarcharger') service.setAny('/NrOfTrackers', 1);
      },
      onBus: (service, known) => this.#readRegisters(device, service, known),
    });
  }

  #readRegisters(device: Device, service: PublishedService, known: DeviceInstance): void {
    this.#registers = new RegistersSession({
      service,
      rows: rowsOf(device),
      line: this.#hex,
      clock: this.context.clock,
      log: this.context.log,
      spawn: task => this.context.spawn(task),
      isInText: path => this.isFresh(path),
      hasHistory: HISTORY_SERVICES.has(device.type),
      canClear: CLEARABLE_SERVICES.has(device.type),
      rename: name => known.rename(name),
      ...(this.#isTextless ? { toldMs: TOLD_MS } : {}),
    });
    this.#registers.look();
  }

  /** By TEXT, or from a device that does not say it there by HEX; undefined when it does not tell. */
  async #serialNumber(inText: Field | undefined): Promise<string | undefined> {
    if (typeof inText === 'string') return inText;
    const outcome = await this.#hex.get(COMMON_REGISTERS.serialNumber.id, SERIAL_TRIES);
    const serial = outcome.kind === 'value' ? serialOf(decodeRegisterText(outcome.value)) : '';
    return serial === '' ? undefined : serial;
  }

  /** Alarms that a kind of device does not have are in the bits, but not in its schema. */
  #showFields(type: RegisterService, fields: ReadonlyMap<string, Field>): void {
    const paths: Partial<Readonly<Record<string, string>>> = TEXT_PATHS[type];
    for (const [label, value] of fields) {
      const path = paths[label];
      if (path !== undefined) this.show(path, value);
    }
    if (ALARM_SERVICES.has(type)) this.#showAlarms(fields);
    for (const [fault, path] of FAULT_PATHS) this.show(path, fault(this.#stream.faults));
    const day = fields.get('HSDS');
    if (day !== undefined && this.#day !== undefined && day !== this.#day) this.#registers?.dayChanged();
    if (day !== undefined) this.#day = day;
  }

  #showAlarms(fields: ReadonlyMap<string, Field>): void {
    const reasons = fields.get('AR');
    const warnings = fields.get('WARN');
    if (typeof reasons !== 'number' && typeof warnings !== 'number') return;
    const levels = alarmLevels(Number(warnings ?? 0), Number(reasons ?? 0));
    for (const [alarm, level] of Object.entries(levels)) this.show(`/Alarms/${alarm}`, level);
  }

  /** A device that was spoken to in HEX a moment ago says nothing by itself, but answers: its TEXT will come back. */
  #ask(): void {
    if (this.port.designated !== true) return;
    this.#asked = 'whether it is there';
    const asking = this.#hex.ping().then(outcome => {
      if (outcome.kind === 'value') this.#answeredAt = this.context.clock.monotonic();
    });
    this.context.spawn(asking);
  }

  /** There are devices that send no TEXT at all. */
  #askWhat(): void {
    this.#asked = 'what it is';
    this.#hex.expectNoText();
    const asking = this.#hex.get(COMMON_REGISTERS.productId.id).then(outcome => {
      const word = outcome.kind === 'value' ? decodeRegister(COMMON_REGISTERS.productId, outcome.value) : undefined;
      if (typeof word === 'number' && this.#isTextless) this.#identify(plausibleProductId(word), new Map());
    });
    this.context.spawn(asking);
  }
}

/** What told no serial number may have one. */
function isSame(one: Device, other: Device): boolean {
  const [serial, otherSerial] = [one.fields.get('SER#'), other.fields.get('SER#')];
  const isOne = serial === undefined || otherSerial === undefined || serial === otherSerial;
  return one.type === other.type && one.productId === other.productId && isOne;
}

/** A product that is newer than our table tells its name itself. */
function rowsOf({ type, productId }: Device): readonly RegisterRow[] {
  const rows = registerRows(type, classOf(productId), productId);
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
