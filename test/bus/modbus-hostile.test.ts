/** Strangers at the port of the Modbus TCP gateway: real sockets on the loopback interface. */
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { MODBUS_TCP_LIMITS as LIMITS } from '../../src/actors/modbus-tcp/limits.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { MemoryBus, SimulatedService } from '../support/memory-bus.ts';
import { type RealGateway, startGateway } from '../support/modbus-real.ts';
import { ANSWER, answerTimes, ask, crowd, flood, READ, stranger } from '../support/modbus-strangers.ts';
import { SimulatedSettings } from '../support/simulated-settings.ts';

const CONNECTIONS = 500;
const FLOODS = 20;
/** Requests of a well-behaved client that must all be answered. How fast is a matter of the bench. */
const REQUESTS = 300;
const GROWTH_MIB = 64;

async function gateway(): Promise<RealGateway> {
  const bus = new MemoryBus();
  new SimulatedSettings(bus);
  bus.add(new SimulatedService('com.victronenergy.system', { '/DeviceInstance': 0, '/Dc/Battery/Voltage': 53.2 }));
  return startGateway(bus);
}

/** Serves a good client `REQUESTS` times among strangers, and checks how much memory these take. */
async function servedAmong(t: Test, strangers: (port: number) => Promise<{ leave(): void }>): Promise<void> {
  const server = await gateway();
  const good = await stranger(server.port);
  t.equal(await ask(good), ANSWER);
  const before = process.memoryUsage.rss();
  const present = await strangers(server.port);
  t.equal((await answerTimes(good, REQUESTS)).length, REQUESTS);
  const growth = (process.memoryUsage.rss() - before) / 2 ** 20;
  t.ok(growth < GROWTH_MIB, `${growth.toFixed(1)} MiB, both ends`);
  present.leave();
  t.equal(await ask(good), ANSWER);
  t.equal(server.failures, 0);
  good.destroy();
  await server.stop();
}

t.test('500 connections, some silent, some half a request, some asking: the others are served', t =>
  servedAmong(t, port => crowd(port, CONNECTIONS)),
);

t.test('clients that flood and never read: bounded memory, the others are served', t =>
  servedAmong(t, port => flood(port, FLOODS)),
);

t.test('rubbish of all kinds from many clients', async t => {
  const server = await gateway();
  const random = seededRandom(7);
  const good = await stranger(server.port);
  for (let i = 0; i < 300; i++) {
    const socket = await stranger(server.port);
    const rubbish = Buffer.from(
      Array.from({ length: 1 + Math.floor(random() * 300) }, () => Math.floor(random() * 256)),
    );
    // Half of it begins like a request.
    if (i % 2 === 0) READ.copy(rubbish, 0, 0, Math.min(rubbish.length, 6));
    socket.write(rubbish);
    if (i % 4 === 0) socket.end();
    else if (i % 4 === 1) socket.resetAndDestroy();
    else if (i % 4 === 2) socket.destroy();
    if (i % 50 === 0) t.equal(await ask(good), ANSWER);
  }
  t.equal(await ask(good), ANSWER);
  t.equal(server.failures, 0);
  good.destroy();
  await server.stop();
});

t.test('a length that lies closes the connection', async t => {
  const server = await gateway();
  for (const lie of ['0001000000000303', '00010000ffff03030348']) {
    const socket = await stranger(server.port);
    socket.write(Buffer.from(lie, 'hex'));
    await once(socket, 'close');
    t.pass(lie);
  }
  await server.stop();
});

t.test('one connection more than there is room for takes the place of a silent one', async t => {
  const server = await gateway();
  const silent = await Promise.all(Array.from({ length: LIMITS.connections }, () => stranger(server.port)));
  const closed = Promise.race(silent.map(socket => once(socket, 'close')));
  const late = await stranger(server.port);
  t.equal(await ask(late), ANSWER);
  await closed;
  for (const socket of silent) socket.destroy();
  late.destroy();
  await server.stop();
});

t.test('half-open: a client that has said all it wanted still gets its answer', async t => {
  const server = await gateway();
  const socket = await stranger(server.port);
  const answer = once(socket, 'data');
  socket.end(READ);
  const [bytes] = await answer;
  t.equal(Buffer.from(bytes).toString('hex'), ANSWER);
  await once(socket, 'close');
  await server.stop();
});
