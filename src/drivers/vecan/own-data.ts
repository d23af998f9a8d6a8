/** Tells an NMEA 2000 network what the system measures, while the setting says so (fact sheet vecan-n2k, section 7). */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { decodeMessage, type Message, type Values } from '../../protocols/nmea2000/message.ts';
import { isoRequest } from '../../protocols/nmea2000/tables/network.ts';
import { OWN_ROWS, type OwnRow } from './own-data-rows.ts';

/** Instances of one name: tanks have four bits, the rest more than enough. */
const INSTANCES: Readonly<Record<OwnRow['instances'], number>> = {
  dc: 250,
  ac: 250,
  tank: 16,
  temperature: 250,
  gps: 1,
};

export interface OwnDataOptions {
  /** Devices of this port are not told to their own network. */
  readonly port: string;
  readonly isOn: () => boolean;
  /** @returns false while we have no address */
  readonly send: (message: Message, values: Values) => boolean;
}

export class OwnData {
  readonly #context: GatewayContext;
  readonly #options: OwnDataOptions;
  /** Name of the instances → service → its instance, the lowest that was free. */
  readonly #instances = new Map<string, Map<string, number>>();
  readonly #watch: Owned;
  #timers: Timer[] = [];

  constructor(context: GatewayContext, options: OwnDataOptions) {
    this.#context = context;
    this.#options = options;
    this.#watch = context.world.watchServices({ removed: service => this.#gone(service.name) });
    this.setChanged();
  }

  /** The setting may have changed: begins or stops. */
  setChanged(): void {
    const isOn = this.#options.isOn();
    if (isOn === this.#timers.length > 0) return;
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    if (!isOn) return;
    for (const intervalMs of new Set(OWN_ROWS.map(row => row.intervalMs))) {
      const rows = OWN_ROWS.filter(row => row.intervalMs === intervalMs);
      this.#timers.push(this.#context.clock.every(intervalMs, () => this.#send(rows)));
    }
  }

  /** A node has asked for a message. @param bytes the ISO request */
  requested(bytes: Uint8Array): void {
    const { pgn } = decodeMessage(isoRequest, bytes).values;
    if (typeof pgn === 'number') this.sendNow(pgn);
  }

  /** @returns false when there is nothing to send */
  sendNow(pgn: number): boolean {
    return this.#options.isOn() && this.#send(OWN_ROWS.filter(row => row.message.pgn === pgn)) > 0;
  }

  stop(): void {
    void this.#watch.release();
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
  }

  /** @returns how many messages went out */
  #send(rows: readonly OwnRow[]): number {
    let sent = 0;
    for (const { type, instances, message, values } of rows) {
      for (const service of this.#context.world.ofType(type)) {
        if (this.#isFromHere(service)) continue;
        const instance = this.#instanceOf(instances, service.name);
        if (instance === undefined) continue;
        const fields = values(path => numberAt(service, path), instance);
        if (fields !== undefined && this.#options.send(message, fields)) sent++;
      }
    }
    return sent;
  }

  #isFromHere({ name }: ServiceView): boolean {
    return name.includes(`.socketcan_${this.#options.port}_`);
  }

  #instanceOf(name: OwnRow['instances'], service: string): number | undefined {
    const taken = this.#instances.get(name) ?? new Map<string, number>();
    this.#instances.set(name, taken);
    const known = taken.get(service);
    if (known !== undefined) return known;
    const used = new Set(taken.values());
    for (let instance = 0; instance < INSTANCES[name]; instance++) {
      if (used.has(instance)) continue;
      taken.set(service, instance);
      return instance;
    }
    return undefined;
  }

  #gone(service: string): void {
    for (const taken of this.#instances.values()) taken.delete(service);
  }
}

function numberAt(service: ServiceView, path: string): number | null {
  const value = service.get(path);
  return typeof value === 'number' ? value : null;
}
