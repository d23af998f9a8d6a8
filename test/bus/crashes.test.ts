/** A thousand crashes of one actor on a real bus: nothing that it owned is left. */
import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { SUPERVISOR_LIMITS, Supervisor } from '../../src/kernel/supervisor.ts';
import type { Schema } from '../../src/schema/row.ts';
import { until } from '../support/bus-client.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';

const CRASHES = 1_000;
const NAME = 'com.victronenergy.battery.crasher';
const SCHEMA = { '/Soc': { type: 'float' }, '/Mode': { type: 'int', writable: true } } as const satisfies Schema;

/** Each crash comes from another place. */
const PLACES: readonly ((context: GatewayContext) => void)[] = [
  context => void context.clock.soon(() => crash()),
  context => void context.clock.after(0, () => crash()),
  context => context.spawn(Promise.resolve().then(() => crash())),
  context => context.guard(() => crash())(),
  // A client writes, and the handler throws.
  context => void context.world.write(NAME, '/Mode', 2),
];

function crash(): never {
  throw new Error('crash');
}

function pendingTimers(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
}

t.test('a thousand crashes leak nothing', { timeout: 60_000 }, async t => {
  const daemon = await TestDaemon.start();
  const clock = new SystemClock();
  const logs = new LogBook(clock, () => {}, 'error');
  const bus = await DbusBus.open({ address: daemon.address, clock, random: seededRandom(1), log: logs.for('bus') });
  const world = new World(bus, () => clock.monotonic());
  const observing = bus.observe(world);
  const supervisor = new Supervisor<GatewayContext>(clock, logs, seededRandom(1), gatewayContexts(bus, world), {
    ...SUPERVISOR_LIMITS,
    backoff: { firstMs: 0, limitMs: 0 },
    failures: Number.POSITIVE_INFINITY,
  });
  const files = readdirSync('/proc/self/fd').length;
  const timers = pendingTimers();
  let starts = 0;
  let heard = 0;
  let over: () => void = () => {};
  const done = new Promise<void>(resolve => {
    over = resolve;
  });
  supervisor.add({
    name: 'crasher',
    async start(context) {
      starts++;
      if (starts > CRASHES) return over();
      const service = await context.publish({ name: NAME, schema: SCHEMA, prepare: s => s.set('/Mode', 1) });
      service.onWrite('/Mode', () => crash());
      context.world.watch({ service: NAME, path: '/Soc' }, () => heard++);
      context.world.watchServices({});
      context.clock.every(60_000, () => {});
      context.clock.after(60_000, () => {});
      service.set('/Soc', starts);
      PLACES[starts % PLACES.length]?.(context);
    },
  });
  await done;
  await setImmediate();
  t.equal(supervisor.status()[0]?.restarts, CRASHES);
  t.equal(heard, CRASHES, 'each life heard its own change, and no earlier life did');
  t.equal(world.service(NAME), undefined, 'out of the picture');
  const names = await bus.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'ListNames', {
    signature: '',
    body: [],
  });
  t.notOk(JSON.stringify(names.body).includes(NAME), 'the name is given back');
  t.equal(readdirSync('/proc/self/fd').length, files, 'no descriptor left');
  await supervisor.stop();
  await observing.release();
  await bus.close();
  await until('no timer is left', () => pendingTimers() <= timers);
  await daemon.stop();
});
