/** The Modbus TCP gateway with real sockets on the loopback interface, over any bus. */
import { modbusTcpActor } from '../../src/actors/modbus-tcp/modbus-tcp-actor.ts';
import { NodeNet } from '../../src/adapters/node-net.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import { MODBUS_SERVICE } from './modbus-system.ts';

export interface RealGateway {
  readonly port: number;
  readonly world: World;
  /** What the gateway publishes of itself. */
  shown(path: string): unknown;
  /** Actors that are not running. */
  readonly failures: number;
  stop(): Promise<void>;
}

/** Starts the gateway on a free port; resolves when it is open. */
export async function startGateway(bus: Bus): Promise<RealGateway> {
  const clock = new SystemClock();
  const logs = new LogBook(clock, ({ level, message }) => process.stderr.write(`${level} ${message}\n`), 'error');
  const world = new World(bus, () => clock.monotonic());
  const observing = bus.observe(world);
  const supervisor = new Supervisor<GatewayContext>(clock, logs, seededRandom(1), gatewayContexts(bus, world));
  const port = new Promise<number>(resolve => {
    world.watch({ service: MODBUS_SERVICE, path: '/Port' }, ({ value }) => {
      if (typeof value === 'number') resolve(value);
    });
  });
  supervisor.add(modbusTcpActor({ net: new NodeNet(), port: 0, host: '127.0.0.1' }));
  return {
    port: await port,
    world,
    shown: path => world.value(MODBUS_SERVICE, path),
    get failures() {
      return supervisor.status().filter(actor => actor.state !== 'running').length;
    },
    stop: async () => {
      await supervisor.stop();
      await observing.release();
    },
  };
}
