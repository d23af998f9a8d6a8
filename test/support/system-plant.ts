/** An installation in memory with the system calculation on it: devices come, change and go, and time passes. */

import { Engine } from '../../src/actors/system/engine.ts';
import { systemActor } from '../../src/actors/system/system-actor.ts';
import type { Topic } from '../../src/actors/system/topic.ts';
import type { Explanation } from '../../src/bus/explain.ts';
import { GXD_INTERFACE } from '../../src/bus/explain.ts';
import { type GatewayActor, type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import type { Schema, Value } from '../../src/schema/row.ts';
import type { SettingRow } from '../../src/schema/setting-row.ts';
import { testClock } from './clock.ts';
import { MemoryBus, SimulatedService } from './memory-bus.ts';
import { type MemoryMachine, memoryMachine } from './memory-machine.ts';
import { SimulatedSettings } from './simulated-settings.ts';

export const SYSTEM = 'com.victronenergy.system';

/** What every simulated device has. */
const COMMON = { '/DeviceInstance': 0, '/Connected': 1, '/ProductName': 'Device', '/Mgmt/Connection': 'test' };

type Values = Readonly<Record<string, Value>>;

export interface PlantOptions {
  /** Left out by the test, to be made when it wants. */
  readonly withoutSettings?: true;
  readonly settings?: Readonly<Record<string, number | string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** What a solar charger shows that can be led: bulk, new enough, nobody leads it yet. */
export const CHARGER = {
  '/State': 3,
  '/FirmwareVersion': 0x129,
  '/Link/NetworkMode': 0,
  '/Link/ChargeVoltage': null,
  '/Link/ChargeCurrent': null,
  '/Settings/ChargeCurrentLimit': 100,
  '/Settings/BmsPresent': 0,
  '/Dc/0/Voltage': 52,
  '/Dc/0/Current': 10,
};

export class SystemPlant {
  readonly clock = testClock();
  readonly bus = new MemoryBus();
  /** Lines of the log, with their level in front. */
  readonly log: string[] = [];
  readonly machine: MemoryMachine;
  settings: SimulatedSettings | undefined;
  #supervisor: Supervisor<GatewayContext> | undefined;

  constructor(options: PlantOptions = {}) {
    this.machine = memoryMachine(this.clock, this.bus, options.files);
    if (options.withoutSettings === undefined) this.addSettings(options.settings);
  }

  addSettings(values: Readonly<Record<string, number | string>> = {}): void {
    this.settings = new SimulatedSettings(this.bus);
    for (const [path, value] of Object.entries(values)) this.settings.set(path, value);
  }

  /** Starts the system calculation, or an actor of the test's own. */
  async start(actor: GatewayActor = systemActor(this.machine)): Promise<this> {
    const logs = new LogBook(this.clock, line => this.log.push(`${line.level} ${line.message}`));
    const world = new World(this.bus, () => this.clock.monotonic());
    this.bus.observe(world);
    this.#supervisor = new Supervisor(this.clock, logs, seededRandom(1), gatewayContexts(this.bus, world));
    this.#supervisor.add(actor);
    await this.clock.settle();
    return this;
  }

  async stop(): Promise<void> {
    await this.#supervisor?.stop();
  }

  /** `battery.ttyO1` → a device with the common values and these. */
  add(name: string, values: Values = {}): void {
    this.bus.add(new SimulatedService(`com.victronenergy.${name}`, { ...COMMON, ...values }));
  }

  remove(name: string): void {
    this.bus.remove(`com.victronenergy.${name}`);
  }

  set(name: string, path: string, value: Value): void {
    this.bus.set(`com.victronenergy.${name}`, path, value);
  }

  /** What a client reads of com.victronenergy.system. */
  get(path: string): Value {
    return this.bus.get(SYSTEM, path);
  }

  isUp(): boolean {
    return this.bus.tree(SYSTEM) !== undefined;
  }

  /** The whole tree of com.victronenergy.system. */
  tree(): Map<string, Value> {
    return new Map([...(this.bus.tree(SYSTEM)?.items() ?? [])].map(([path, item]) => [path, item.value]));
  }

  async why(path: string): Promise<Explanation> {
    const reply = await this.bus.call(SYSTEM, '/', GXD_INTERFACE, 'Why', { signature: 's', body: [path] });
    return JSON.parse(String(reply.body[0])) as Explanation; // as the interface says
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** What the actors died of; empty when all went well. */
  failures(): string[] {
    return (this.#supervisor?.status() ?? []).flatMap(({ lastError }) => lastError ?? []);
  }
}

/** An actor that runs these topics alone, on a com.victronenergy.system of this schema. */
export function topicsAlone(
  topics: readonly Topic[],
  schema: Schema,
  settings: readonly SettingRow[] = [],
): GatewayActor {
  const start = async (context: GatewayContext): Promise<void> => {
    const engine = new Engine(context, topics, 'C003');
    await engine.settings.declare(settings);
    await context.publish({ name: SYSTEM, schema, prepare: service => engine.start(service) });
  };
  return { name: 'system', start };
}
