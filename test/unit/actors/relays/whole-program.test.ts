/** The relay line itself, over the life of the whole program: shutdown and start do not blip what runs by it. */
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { ACTORS, type Appliance, startAppliance } from '../../../../src/appliance.ts';
import { LogBook } from '../../../../src/kernel/log.ts';
import { VirtualClock } from '../../../../src/kernel/virtual-clock.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { TEST_START_MS } from '../../../support/clock.ts';
import { MemoryBus, SimulatedService } from '../../../support/memory-bus.ts';
import { memoryMachine } from '../../../support/memory-machine.ts';
import { SimulatedSettings } from '../../../support/simulated-settings.ts';

const SYSTEM = 'com.victronenergy.system';
const TANK = 'com.victronenergy.tank.one';
const SENSOR = 'com.victronenergy.temperature.one';
const AT = '/Settings/TempSensorRelay/one';

interface Case {
  readonly name: string;
  readonly settings: Readonly<Record<string, Value>>;
  /** Has the relay switched on. */
  readonly begin: (program: Program) => Promise<unknown>;
}

const CASES: readonly Case[] = [
  {
    name: 'an engine',
    settings: { '/Settings/Relay/Function': 1 },
    begin: program => program.write('com.victronenergy.generator.startstop0', '/ManualStart', 1),
  },
  {
    name: 'a pump',
    settings: {
      '/Settings/Relay/Function': 3,
      '/Settings/Pump0/TankService': 'com.victronenergy.tank/20',
      '/Settings/Pump0/StopAtShutdown': 0,
    },
    begin: async ({ bus }) => {
      bus.set(TANK, '/Level', 40);
    },
  },
  {
    name: 'a fan',
    settings: {
      '/Settings/Relay/Function': 4,
      '/Settings/TempSensorRelay/StopAtShutdown': 0,
      [`${AT}/Enabled`]: 1,
      [`${AT}/0/Relay`]: 0,
      [`${AT}/0/SetValue`]: 30,
      [`${AT}/0/ClearValue`]: 20,
    },
    begin: async ({ bus }) => {
      bus.set(SENSOR, '/Temperature', 31);
    },
  },
];

class Program {
  readonly clock = new VirtualClock(TEST_START_MS, () => setImmediate());
  readonly bus = new MemoryBus();
  readonly settings = new SimulatedSettings(this.bus);
  readonly machine = memoryMachine(this.clock, this.bus, { '/dev/gpio/relay_1/value': '0' });
  #appliance: Appliance | undefined;

  async start(): Promise<void> {
    const names = ['system', 'generator', 'tank-pump', 'alarm-relay', 'temperature-relay', 'digital-inputs'];
    const rows = ACTORS.filter(({ name }) => names.includes(name));
    const logs = new LogBook(this.clock, () => {});
    this.#appliance = await startAppliance(this.machine, logs, rows, { dataFolder: '/data', serialPatterns: [] });
    await this.clock.advance(5_000);
  }

  async stop(): Promise<void> {
    const stopping = this.#appliance?.release();
    await this.clock.settle();
    await stopping;
  }

  failures(): string[] {
    return (this.#appliance?.supervisor.status() ?? []).flatMap(({ lastError }) => lastError ?? []);
  }

  async write(service: string, path: string, value: number): Promise<void> {
    await this.bus.setValue(service, path, { signature: 'i', value });
  }

  get relay(): Value {
    return this.bus.get(SYSTEM, '/Relay/0/State');
  }
}

for (const { name, settings, begin } of CASES) {
  t.test(`a restart of the program does not touch the relay of ${name}`, async t => {
    const program = new Program();
    for (const [path, value] of Object.entries(settings)) program.settings.set(path, value);
    program.bus.add(new SimulatedService(TANK, { '/DeviceInstance': 20, '/Level': 60 }));
    program.bus.add(new SimulatedService(SENSOR, { '/DeviceInstance': 24, '/Temperature': 25 }));
    await program.start();
    t.equal(program.relay, 0);
    await begin(program);
    await program.clock.advance(5_000);
    t.equal(program.relay, 1);
    // Between the ends: what started it is over, what stops it has not come.
    program.bus.set(TANK, '/Level', 60);
    program.bus.set(SENSOR, '/Temperature', 25);
    for (let i = 0; i < 3; i++) {
      await program.stop();
      t.equal(program.machine.readFile('/dev/gpio/relay_1/value'), '1');
      await program.clock.advance(10_000);
      await program.start();
      await program.clock.advance(60_000);
      t.equal(program.relay, 1);
    }
    t.same(program.machine.gpio.writes, ['/dev/gpio/relay_1 1']);
    t.same(program.failures(), []);
    await program.stop();
  });
}
