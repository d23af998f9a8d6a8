/**
 * com.victronenergy.vecan.<interface>: the network as a whole. The system steers all chargers on it by `/Link`, and
 * `/Devices` lists who is there.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { firmwareText } from '../../bus/text.ts';
import type { Owned } from '../../kernel/actor.ts';
import { VERSION } from '../../kernel/version.ts';
import { FLAG } from '../../protocols/vedirect/hex-frame.ts';
import { LINK_TIMEOUT_MS } from '../../protocols/vedirect/register.ts';
import { LINK_REGISTERS, MONITOR_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { Schema } from '../../schema/row.ts';
import { vecanSchema } from '../../schema/vecan.ts';
import { LinkControl } from '../registers/link-control.ts';
import type { RegisterLine, RegisterOutcome } from '../registers/register-line.ts';
import { link } from '../registers/register-row.ts';
import type { Device } from './device.ts';
import { LINK_CHANGE_MS } from './device-registers.ts';

const LOOK_MS = 250;

/** What the system tells all chargers. */
const LINK = [
  link(LINK_REGISTERS.linkNetworkMode, '/Link/NetworkMode'),
  link(LINK_REGISTERS.linkChargeVoltage, '/Link/ChargeVoltage'),
  link(LINK_REGISTERS.linkVoltageSense, '/Link/VoltageSense'),
  link(LINK_REGISTERS.linkTemperatureSense, '/Link/TemperatureSense'),
  link(LINK_REGISTERS.linkBatteryCurrent, '/Link/BatteryCurrent'),
  link(LINK_REGISTERS.linkTotalChargeCurrent, '/Link/ExtraBatteryCurrent'),
  link(MONITOR_REGISTERS.stateOfCharge, '/Link/Soc'),
];

/** What chargers are told and need not follow: one that has no such register misses nothing. */
const TOLD: ReadonlySet<number> = new Set([
  LINK_REGISTERS.linkTotalChargeCurrent.id,
  MONITOR_REGISTERS.stateOfCharge.id,
]);

/** All chargers of the network as if they were one: what is written goes to each. */
export class ChargersLine implements RegisterLine {
  readonly speaks = true;
  readonly #chargers: () => readonly Device[];
  readonly #now: () => number;
  /** Register → what was written last, for chargers that come later. */
  readonly #written = new Map<number, { readonly value: Uint8Array; readonly at: number }>();

  constructor(chargers: () => readonly Device[], now: () => number) {
    this.#chargers = chargers;
    this.#now = now;
  }

  /** What one of many has is not of interest. */
  get(): Promise<RegisterOutcome> {
    return Promise.resolve({ kind: 'silent' });
  }

  /** Without chargers there is nobody who could refuse; with some, one that takes it is enough, or none for what they are told. */
  async set(register: number, value: Uint8Array, urgent = false): Promise<RegisterOutcome> {
    this.#written.set(register, { value, at: this.#now() });
    const led = this.#chargers().filter(charger => !charger.controls(register));
    const outcomes = await Promise.all(led.map(({ line }) => line.set(register, value, urgent)));
    const isTaken = outcomes.length === 0 || TOLD.has(register) || outcomes.some(({ kind }) => kind === 'value');
    return isTaken ? { kind: 'value', value } : { kind: 'refused', flags: FLAG.notSupported };
  }

  /** A charger has come: it is told at once what the others know. */
  async tell({ line }: Device): Promise<void> {
    for (const [register, { value, at }] of this.#written)
      if (this.#now() - at < LINK_TIMEOUT_MS) await line.set(register, value);
  }
}

export class NetworkService {
  readonly chargers: ChargersLine;
  readonly #context: GatewayContext;
  readonly #port: string;
  readonly #shown = new Map<Device, string>();
  #service: PublishedService | undefined;
  #looking: Owned | undefined;

  /** @param chargers those that take link registers now */
  constructor(context: GatewayContext, port: string, chargers: () => readonly Device[]) {
    this.#context = context;
    this.#port = port;
    this.chargers = new ChargersLine(chargers, () => context.clock.monotonic());
  }

  async publish(): Promise<void> {
    const { clock } = this.#context;
    const schema: Schema = vecanSchema;
    const service = await this.#context.publish({
      name: `com.victronenergy.vecan.${this.#port}`,
      schema,
      identity: {
        processName: 'gxd',
        processVersion: VERSION,
        connection: this.#port,
        deviceInstance: 0,
        productId: null,
        productName: 'VE.Can',
        firmwareVersion: null,
        hardwareVersion: null,
        connected: 1,
      },
      prepare: one => {
        for (const row of LINK) one.setAny(row.path, null);
        one.setAny('/Alarms/SameUniqueNameUsed', 0);
        one.setAny('/Identifier', this.#port);
      },
    });
    this.#service = service;
    const control = new LinkControl(
      service,
      this.chargers,
      clock,
      () => {},
      () => {},
      LINK_CHANGE_MS,
    );
    for (const row of LINK) control.add(row);
    const timer = clock.every(LOOK_MS, () => control.look(clock.monotonic()));
    this.#looking = { release: () => timer.cancel() };
    for (const device of this.#shown.keys()) this.show(device);
  }

  /** Another node has our NAME. */
  sameName(): void {
    this.#service?.setAny('/Alarms/SameUniqueNameUsed', 2);
  }

  /** Who has this device is, or what has changed of it. */
  show(device: Device): void {
    const { key, name, address } = device.node;
    const old = this.#shown.get(device);
    if (old !== undefined && old !== key) this.#remove(old);
    this.#shown.set(device, key);
    const service = this.#service;
    if (service === undefined) return;
    const base = `/Devices/${key}`;
    const isNew = !service.has(`${base}/Nad`);
    service.setAny(`${base}/CustomName`, device.customName);
    service.setAny(`${base}/DeviceInstance`, name.deviceInstance);
    service.setAny(`${base}/FirmwareVersion`, textOf(device.firmware));
    service.setAny(`${base}/Manufacturer`, name.manufacturer);
    service.setAny(`${base}/ModelName`, device.modelName);
    service.setAny(`${base}/N2kUniqueNumber`, name.uniqueNumber);
    service.setAny(`${base}/Nad`, address ?? null);
    service.setAny(`${base}/Serial`, device.serial);
    if (!isNew) return;
    service.onWriteAny(`${base}/CustomName`, async value =>
      typeof value === 'string' && (await device.rename(value)) ? this.#took(`${base}/CustomName`, value) : SET_REFUSED,
    );
    service.onWriteAny(`${base}/DeviceInstance`, async value =>
      typeof value === 'number' && (await device.reinstance(value)) ? SET_DONE : SET_REFUSED,
    );
  }

  hide(device: Device): void {
    const key = this.#shown.get(device);
    this.#shown.delete(device);
    if (key !== undefined) this.#remove(key);
  }

  async stop(): Promise<void> {
    void this.#looking?.release();
    const service = this.#service;
    this.#service = undefined;
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #took(path: string, value: string): number {
    if (this.#service?.has(path)) this.#service.setAny(path, value);
    return SET_DONE;
  }

  #remove(key: string): void {
    const service = this.#service;
    if (service === undefined) return;
    for (const path of [...service.paths()]) if (path.startsWith(`/Devices/${key}/`)) service.remove(path);
  }
}

function textOf(firmware: number | string | null): string | null {
  return typeof firmware === 'number' ? firmwareText(firmware) : firmware;
}
