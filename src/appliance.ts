/** The composition root: which actors there are, what they get from the machine, and how they are put together. */
import type { ActorWatch } from './actors/health/health-actor.ts';
import type { Bus } from './bus/bus.ts';
import { type GatewayActor, gatewayContexts } from './bus/gateway-context.ts';
import { World } from './bus/world.ts';
import type { Owned } from './kernel/actor.ts';
import type { Clock } from './kernel/clock.ts';
import type { LogBook } from './kernel/log.ts';
import type { Random } from './kernel/random.ts';
import { Supervisor } from './kernel/supervisor.ts';
import type { BoardFacts } from './ports/board.ts';
import type { CanInterfaces } from './ports/can.ts';
import type { Files } from './ports/files.ts';
import type { Gpio } from './ports/gpio.ts';
import type { Links } from './ports/link.ts';
import type { Net } from './ports/net.ts';
import type { PortLocks, SerialPorts } from './ports/serial-ports.ts';

/** What the actors get from the machine they run on. Tests give doubles. */
export interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly links: Links;
  readonly serialPorts: SerialPorts;
  /** Locks that other serial programs respect; absent where there are none. */
  readonly portLocks?: PortLocks;
  readonly can: CanInterfaces;
  readonly gpio: Gpio;
  readonly board: BoardFacts;
  readonly files: Files;
  readonly net: Net;
}

/** What the command line says about the actors. */
export interface ApplianceOptions {
  /** Everything that must survive lies below this folder. */
  readonly dataFolder: string;
  /** Which serial ports are looked at. */
  readonly serialPatterns: readonly string[];
  /** The port of the Modbus TCP gateway, before the one of the settings. */
  readonly modbusPort?: number;
  /** Only the actors for repairs run. */
  readonly safeMode?: boolean;
}

/** Makes an actor out of what it gets. */
export type MakeActor = (machine: Machine, options: ApplianceOptions, actors: ActorWatch) => GatewayActor;

/** One row per actor: its name on the command line, and how it is made. */
export interface ActorRow {
  readonly name: string;
  /** Started in safe mode too. */
  readonly safe?: true;
  /** Keeps something in the data folder. */
  readonly needsData?: true;
  /** Loads its code only when it is to run: memory is scarce. */
  readonly load: () => Promise<MakeActor>;
}

export const ACTORS: readonly ActorRow[] = [
  {
    name: 'settings',
    safe: true,
    needsData: true,
    load: async () => {
      const { settingsActor } = await import('./actors/settings/settings-actor.ts');
      return ({ files }, { dataFolder }) => settingsActor({ files, folder: `${dataFolder}/conf` });
    },
  },
  {
    name: 'serial-scanner',
    load: async () => {
      const { serialScannerActor } = await import('./actors/serial-scanner/serial-scanner-actor.ts');
      return ({ links, serialPorts, portLocks, board, files }, { serialPatterns, dataFolder }) =>
        serialScannerActor({
          links,
          ports: serialPorts,
          patterns: serialPatterns,
          board,
          memory: { files, folder: `${dataFolder}/conf` },
          ...(portLocks === undefined ? {} : { locks: portLocks }),
        });
    },
  },
  {
    name: 'can-scanner',
    load: async () => {
      const { canScannerActor } = await import('./actors/can-scanner/can-scanner-actor.ts');
      return ({ can, board, random }) => canScannerActor({ interfaces: can, board, random });
    },
  },
  {
    name: 'system',
    safe: true,
    load: async () => {
      const { systemActor } = await import('./actors/system/system-actor.ts');
      return ({ gpio, board }) => systemActor({ gpio, board });
    },
  },
  {
    name: 'modbus-tcp',
    load: async () => {
      const { modbusTcpActor } = await import('./actors/modbus-tcp/modbus-tcp-actor.ts');
      return ({ net }, { modbusPort }) =>
        modbusTcpActor({ net, ...(modbusPort === undefined ? {} : { port: modbusPort }) });
    },
  },
  {
    name: 'generator',
    load: async () => {
      const { generatorActor } = await import('./actors/generator/generator-actor.ts');
      return ({ board }) => generatorActor(board.bootId);
    },
  },
  {
    name: 'tank-pump',
    load: async () => {
      const { tankPumpActor } = await import('./actors/tank-pump/tank-pump-actor.ts');
      return () => tankPumpActor();
    },
  },
  {
    name: 'alarm-relay',
    load: async () => {
      const { alarmRelayActor } = await import('./actors/alarm-relay/alarm-relay-actor.ts');
      return () => alarmRelayActor();
    },
  },
  {
    name: 'temperature-relay',
    load: async () => {
      const { temperatureRelayActor } = await import('./actors/temperature-relay/temperature-relay-actor.ts');
      return () => temperatureRelayActor();
    },
  },
  {
    name: 'digital-inputs',
    load: async () => {
      const { digitalInputsActor } = await import('./actors/digital-inputs/digital-inputs-actor.ts');
      return ({ gpio }) => digitalInputsActor({ gpio });
    },
  },
  {
    name: 'health',
    safe: true,
    load: async () => {
      const { healthActor } = await import('./actors/health/health-actor.ts');
      return (_machine, { safeMode = false }, actors) => healthActor({ actors, safeMode });
    },
  },
];

/** A running set of actors. Releasing stops them, last started first. */
export interface Appliance extends Owned {
  readonly world: World;
  readonly supervisor: Supervisor<ReturnType<ReturnType<typeof gatewayContexts>>>;
}

/** Starts the actors of `rows` in their order. */
export async function startAppliance(
  machine: Machine,
  logs: LogBook,
  rows: readonly ActorRow[],
  options: ApplianceOptions,
): Promise<Appliance> {
  const makers = await Promise.all(rows.map(row => row.load()));
  const { clock, bus, random } = machine;
  const world = new World(bus, () => clock.monotonic());
  const observing = bus.observe(world);
  const supervisor = new Supervisor(clock, logs, random, gatewayContexts(bus, world));
  for (const make of makers) supervisor.add(make(machine, options, supervisor));
  return {
    world,
    supervisor,
    release: async () => {
      await supervisor.stop();
      await observing.release();
    },
  };
}
