/** CAN buses without wires: what one socket sends, all others on the interface hear, a moment later and in order. */
import type { Owned } from '../../src/kernel/actor.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { Fault } from '../../src/kernel/fault.ts';
import {
  type CanFacts,
  type CanFilter,
  type CanFrame,
  type CanInterfaces,
  type CanSetting,
  type CanSocket,
  type CanState,
  type CanTrouble,
  NOTHING_COUNTED,
  passes,
} from '../../src/ports/can.ts';

const QUEUE_LIMIT = 100;

class MemorySocket implements CanSocket {
  readonly interface: string;
  filters: readonly CanFilter[];
  #bus: MemoryCanBus | undefined;
  #frames: (frames: readonly CanFrame[]) => void = () => {};
  #trouble: (trouble: CanTrouble) => void = () => {};
  #closed: (reason: Error) => void = () => {};

  constructor(bus: MemoryCanBus, filters: readonly CanFilter[]) {
    this.#bus = bus;
    this.interface = bus.name;
    this.filters = filters;
  }

  get queued(): number {
    return this.#bus?.queuedBy(this) ?? 0;
  }

  onFrames(listener: (frames: readonly CanFrame[]) => void): void {
    this.#frames = listener;
  }

  onTrouble(listener: (trouble: CanTrouble) => void): void {
    this.#trouble = listener;
  }

  onClose(listener: (reason: Error) => void): void {
    this.#closed = listener;
  }

  async send(frame: CanFrame): Promise<void> {
    if (this.#bus === undefined) throw new Fault('device', `${this.interface} is closed`);
    this.#bus.queue(this, frame);
  }

  async setFilters(filters: readonly CanFilter[]): Promise<void> {
    this.filters = filters;
  }

  async close(): Promise<void> {
    this.#bus?.leave(this);
    this.#bus = undefined;
  }

  hear(frames: readonly CanFrame[]): void {
    const heard = frames.filter(frame => passes(this.filters, frame));
    if (heard.length > 0) this.#frames(heard);
  }

  suffer(trouble: CanTrouble): void {
    this.#trouble(trouble);
  }

  end(reason: Error): void {
    this.#bus = undefined;
    this.#closed(reason);
  }
}

/** One interface, and the bus behind it. */
export class MemoryCanBus {
  readonly name: string;
  /** All that went over the bus, oldest first. */
  readonly traffic: CanFrame[] = [];
  setting: CanSetting | undefined;
  up = true;
  /** Nobody acknowledges: frames stay queued. */
  alone = false;
  /** How the controller stands while the interface is up. */
  controller: CanState['bus'] = 'active';
  facts: CanFacts = {};
  /** What `configure` rejects with. */
  refuses: Fault | undefined;
  /** How often it was set up. */
  configured = 0;
  /** How often it left the bus, and came back. */
  busOffs = 0;
  restarts = 0;
  readonly #clock: Clock;
  readonly #sockets = new Set<MemorySocket>();
  #queue: { readonly from: MemorySocket; readonly frame: CanFrame }[] = [];
  #underway = false;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  join(filters: readonly CanFilter[]): CanSocket {
    const socket = new MemorySocket(this, filters);
    this.#sockets.add(socket);
    return socket;
  }

  leave(socket: MemorySocket): void {
    this.#sockets.delete(socket);
    this.#queue = this.#queue.filter(({ from }) => from !== socket);
  }

  queuedBy(socket: MemorySocket): number {
    return this.#queue.filter(({ from }) => from === socket).length;
  }

  queue(from: MemorySocket, frame: CanFrame): void {
    if (this.queuedBy(from) >= QUEUE_LIMIT) throw new Fault('device', `${this.name}: nobody takes the frames`);
    this.#queue.push({ from, frame });
    this.#deliverSoon();
  }

  /** The controller tells all programs. */
  trouble(trouble: CanTrouble): void {
    if (trouble === 'bus off') this.busOffs++;
    if (trouble === 'restarted') this.restarts++;
    for (const socket of this.#sockets) socket.suffer(trouble);
  }

  /** Somebody takes the interface down. */
  takeDown(): void {
    this.#end('was taken down');
  }

  /** The interface goes away. */
  vanish(): void {
    this.#end('is gone');
  }

  #end(how: string): void {
    const sockets = [...this.#sockets];
    this.#sockets.clear();
    this.#queue = [];
    this.up = false;
    for (const socket of sockets) socket.end(new Fault('device', `${this.name} ${how}`));
  }

  #deliverSoon(): void {
    if (this.#underway) return;
    this.#underway = true;
    this.#clock.soon(() => {
      this.#underway = false;
      if (this.alone) return;
      const queue = this.#queue;
      this.#queue = [];
      this.traffic.push(...queue.map(({ frame }) => frame));
      for (const socket of [...this.#sockets]) {
        const others = queue.filter(({ from }) => from !== socket);
        if (others.length > 0) socket.hear(others.map(({ frame }) => frame));
      }
    });
  }
}

/** A machine with CAN interfaces that a test plugs in. */
export class MemoryCan implements CanInterfaces {
  readonly #clock: Clock;
  readonly #buses = new Map<string, MemoryCanBus>();
  readonly #identities = new Map<MemoryCanBus, string>();
  readonly #watchers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  plug(name: string): MemoryCanBus {
    const bus = new MemoryCanBus(name, this.#clock);
    this.#buses.set(name, bus);
    this.#identities.set(bus, String(this.#identities.size + 1));
    this.changed();
    return bus;
  }

  unplug(name: string): void {
    const bus = this.#buses.get(name);
    this.#buses.delete(name);
    bus?.vanish();
    this.changed();
  }

  async list(): Promise<string[]> {
    return [...this.#buses.keys()].sort();
  }

  watch(changed: () => void): Owned {
    this.#watchers.add(changed);
    return {
      release: () => {
        this.#watchers.delete(changed);
      },
    };
  }

  async identity(name: string): Promise<string> {
    const bus = this.#buses.get(name);
    return bus === undefined ? '' : (this.#identities.get(bus) ?? '');
  }

  async facts(name: string): Promise<CanFacts> {
    return this.#buses.get(name)?.facts ?? {};
  }

  async state(name: string): Promise<CanState | undefined> {
    const bus = this.#buses.get(name);
    if (bus === undefined) return undefined;
    return {
      up: bus.up,
      bitRate: bus.setting?.bitRate,
      restartMs: bus.setting?.restartMs,
      bus: bus.up ? bus.controller : 'stopped',
      receiveErrors: 0,
      transmitErrors: 0,
      statistics: {
        ...NOTHING_COUNTED,
        received: bus.traffic.length,
        busOffs: bus.busOffs,
        restarts: bus.restarts,
      },
      told: `[{"ifname":"${name}"}]`,
    };
  }

  async configure(name: string, setting: CanSetting | undefined): Promise<void> {
    const bus = this.#bus(name);
    if (bus.refuses !== undefined) throw bus.refuses;
    // Whoever has it open hears that it goes down first.
    bus.takeDown();
    bus.configured++;
    bus.setting = setting;
    bus.up = setting !== undefined;
    this.changed();
  }

  async open(name: string, filters: readonly CanFilter[]): Promise<CanSocket> {
    const bus = this.#bus(name);
    if (!bus.up) throw new Fault('device', `cannot open ${name}: the interface is down`);
    return bus.join(filters);
  }

  #bus(name: string): MemoryCanBus {
    const bus = this.#buses.get(name);
    if (bus === undefined) throw new Fault('configuration', `cannot open ${name}: no such interface`);
    return bus;
  }

  /** Tells those who watch. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
