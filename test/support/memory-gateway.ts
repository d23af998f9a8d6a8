/** What all actors of a gateway share, without a machine: a clock that the test moves, a bus in memory, a supervisor. */
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import { testClock } from './clock.ts';
import { MemoryBus } from './memory-bus.ts';

export function memoryGateway() {
  const clock = testClock();
  const bus = new MemoryBus();
  const world = new World(bus, () => clock.monotonic());
  bus.observe(world);
  /** Lines of the log, with their level in front. */
  const said: string[] = [];
  const logs = new LogBook(clock, line => said.push(`${line.level} ${line.message}`));
  const supervisor = new Supervisor<GatewayContext>(clock, logs, seededRandom(1), gatewayContexts(bus, world));
  /** Runs `body` as an actor and returns its context. */
  const act = async (body: (context: GatewayContext) => void | Promise<void> = () => {}): Promise<GatewayContext> => {
    let got: GatewayContext | undefined;
    supervisor.add({
      name: `actor${supervisor.status().length}`,
      start: context => {
        got = context;
        return body(context);
      },
    });
    await clock.settle();
    if (got === undefined) throw new Error('not started');
    return got;
  };
  return { clock, bus, world, said, supervisor, act };
}
