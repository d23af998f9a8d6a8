/** Generator start/stop on a plant of simulated services, with a program that can be stopped, or die, and come back. */
import type { Bus, BusObserver, Registration, ServedTree } from '../../src/bus/bus.ts';
import { type Explanation, GXD_INTERFACE } from '../../src/bus/explain.ts';
import { type GatewayActor, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import type { Owned } from '../../src/kernel/actor.ts';
import type { Clock, Timer } from '../../src/kernel/clock.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import type { TickEnd } from '../../src/kernel/tick-end.ts';
import type { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import type { Value } from '../../src/schema/row.ts';
import { testClock } from './clock.ts';
import { MemoryBus, SimulatedService } from './memory-bus.ts';
import { SimulatedSettings } from './simulated-settings.ts';

export const SYSTEM = 'com.victronenergy.system';
export const VEBUS = 'com.victronenergy.vebus.ttyO1';
export const TANK = 'com.victronenergy.tank.one';
export const STARTSTOP0 = 'com.victronenergy.generator.startstop0';
export const STARTSTOP1 = 'com.victronenergy.generator.startstop1';

export class GeneratorBench {
  readonly clock: VirtualClock;
  readonly bus = new MemoryBus();
  readonly settings = new SimulatedSettings(this.bus);
  /** What was written to the relay, in order. */
  readonly relayWrites: Value[] = [];
  readonly #makeActor: () => GatewayActor;
  #life: Life | undefined;

  /** @param wallMs when it begins; without it 2026-03-02 10:00 UTC, which is 11:00 in Amsterdam */
  constructor(makeActor: () => GatewayActor, wallMs?: number) {
    this.clock = testClock(wallMs);
    this.#makeActor = makeActor;
    const system = new SimulatedService(SYSTEM, {
      '/DeviceInstance': 0,
      '/Relay/0/State': 0,
      '/VebusService': VEBUS,
      '/Dc/Battery/Soc': 80,
      '/Dc/Battery/Voltage': 52,
      '/Dc/Battery/Current': 10,
      '/Ac/ActiveIn/Source': 240,
      '/Ac/ConsumptionOnOutput/L1/Power': 500,
    });
    system.onWrite = (path, value) => {
      if (path === '/Relay/0/State') this.relayWrites.push(value);
      this.bus.set(SYSTEM, path, value);
      return 0;
    };
    this.bus.add(system);
    this.bus.add(
      new SimulatedService(VEBUS, {
        '/DeviceInstance': 257,
        '/Ac/Out/L1/P': 500,
        '/Ac/ActiveIn/Connected': 0,
        '/Ac/ActiveIn/ActiveInput': 240,
        '/Ac/State/AcIn1Available': 0,
        '/Ac/State/AcIn2Available': 0,
        '/Ac/Control/IgnoreAcIn1': 0,
        '/Ac/Control/IgnoreAcIn2': 0,
        '/Alarms/L1/HighTemperature': 0,
        '/Alarms/L1/Overload': 0,
      }),
    );
    this.bus.add(new SimulatedService(TANK, { '/DeviceInstance': 20, '/Level': 90, '/ProductName': 'Diesel' }));
    this.set({ '/Settings/Relay/Function': 1, '/Settings/System/TimeZone': 'Europe/Amsterdam' });
  }

  /** Settings by full path, or by their name below /Settings/Generator0. */
  set(settings: Readonly<Record<string, Value>>): void {
    for (const [key, value] of Object.entries(settings))
      this.settings.set(key.startsWith('/') ? key : `/Settings/Generator0/${key}`, value);
  }

  setting(key: string): Value {
    return this.bus.get('com.victronenergy.settings', key.startsWith('/') ? key : `/Settings/Generator0/${key}`);
  }

  system(path: string, value: Value): void {
    this.bus.set(SYSTEM, path, value);
  }

  get(path: string): Value {
    return this.bus.get(STARTSTOP0, path);
  }

  get relay(): Value {
    return this.bus.get(SYSTEM, '/Relay/0/State');
  }

  async write(path: string, value: number | string, service = STARTSTOP0): Promise<number> {
    const typed = typeof value === 'string' ? { signature: 's', value } : { signature: 'i', value };
    const code = await this.bus.setValue(service, path, typed);
    await this.clock.settle();
    return code;
  }

  /** Rejects when there is nothing to be said of the path. */
  async why(path: string, service = STARTSTOP0): Promise<Explanation> {
    const reply = await this.bus.call(service, '/', GXD_INTERFACE, 'Why', { signature: 's', body: [path] });
    return JSON.parse(String(reply.body[0])); // the contract of Why
  }

  async seconds(n: number): Promise<void> {
    await this.clock.advance(n * 1000);
  }

  async start(): Promise<void> {
    this.#life = new Life(this.bus, this.clock, this.#makeActor());
    await this.clock.settle();
  }

  /** The program is told to end, and does. */
  async stop(): Promise<void> {
    const stopping = this.#life?.supervisor.stop();
    await this.clock.settle();
    await stopping;
    this.#life?.die();
    this.#life = undefined;
    await this.clock.settle();
  }

  /** The program is gone from one moment to the next. */
  async crash(): Promise<void> {
    this.#life?.die();
    this.#life = undefined;
    await this.clock.settle();
  }

  /** The actor fails and is started again by its supervisor. */
  get lastError(): string | null {
    return this.#life?.supervisor.status()[0]?.lastError ?? null;
  }
}

/** One run of the program: when it dies, its timers and its names on the bus are gone. */
class Life implements Bus, Clock {
  readonly supervisor: Supervisor<ReturnType<ReturnType<typeof gatewayContexts>>>;
  readonly #bus: MemoryBus;
  readonly #clock: VirtualClock;
  readonly #names = new Set<Registration>();
  readonly #observing: Owned[] = [];
  #dead = false;

  constructor(bus: MemoryBus, clock: VirtualClock, actor: GatewayActor) {
    this.#bus = bus;
    this.#clock = clock;
    const world = new World(this, () => clock.monotonic());
    this.#observing.push(bus.observe(world));
    const logs = new LogBook(this, () => {});
    this.supervisor = new Supervisor(this, logs, seededRandom(1), gatewayContexts(this, world));
    this.supervisor.add(actor);
  }

  die(): void {
    this.#dead = true;
    for (const name of this.#names) void name.release();
    for (const observing of this.#observing) void observing.release();
  }

  async publish(tree: ServedTree): Promise<Registration> {
    const registration = await this.#bus.publish(tree);
    this.#names.add(registration);
    return registration;
  }

  observe(observer: BusObserver): Owned {
    return this.#bus.observe(observer);
  }

  setValue: Bus['setValue'] = (...args) => (this.#dead ? new Promise(() => {}) : this.#bus.setValue(...args));
  call: Bus['call'] = (...args) => (this.#dead ? new Promise(() => {}) : this.#bus.call(...args));
  close: Bus['close'] = () => Promise.resolve();

  monotonic(): number {
    return this.#clock.monotonic();
  }

  wall(): number {
    return this.#clock.wall();
  }

  after(ms: number, run: () => void): Timer {
    return this.#clock.after(ms, () => this.#alive(run));
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const timer = this.#clock.every(ms, beats => {
      if (this.#dead) timer.cancel();
      else run(beats);
    });
    return timer;
  }

  soon(run: () => void): Timer {
    return this.#clock.soon(() => this.#alive(run));
  }

  tickEnd(run: () => void): TickEnd {
    return this.#clock.tickEnd(() => this.#alive(run));
  }

  catchUp(): void {}

  #alive(run: () => void): void {
    if (!this.#dead) run();
  }
}
