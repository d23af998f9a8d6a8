/** Strangers at the port of the Modbus TCP gateway: real sockets on the loopback interface. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { MODBUS_TCP_LIMITS as LIMITS } from '../../src/actors/modbus-tcp/limits.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { MemoryBus, SimulatedService } from '../support/memory-bus.ts';
import { type RealGateway, startGateway } from '../support/modbus-real.ts';
import { SimulatedSettings } from '../support/simulated-settings.ts';

const READ = Buffer.from('000100000006640303480001', 'hex');
const ANSWER = '0001000000056403020214';
/** Its answer is more than twice as long as the question. */
const LONG_READ = Buffer.from('00010000000664030320000a', 'hex');
const CONNECTIONS = 500;
/** Of a well-behaved client whatever the others do. Milliseconds. */
const P99_MS = 20;
/** On a machine that is busy with other things: so many times what the client sees without the others. */
const BUSY_FACTOR = 4;
/** A machine may be held up just now: so many tries. */
const TRIES = 3;

async function gateway(): Promise<RealGateway> {
  const bus = new MemoryBus();
  new SimulatedSettings(bus);
  bus.add(new SimulatedService('com.victronenergy.system', { '/DeviceInstance': 0, '/Dc/Battery/Voltage': 53.2 }));
  return startGateway(bus);
}

async function client(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, request = READ): Promise<string> {
  socket.write(request);
  const [bytes] = await once(socket, 'data');
  return Buffer.from(bytes).toString('hex');
}

/** p99 of the answer times of a well-behaved client, milliseconds. */
async function p99(socket: Socket, count: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    if ((await ask(socket)) !== ANSWER) throw new Error('a wrong answer');
    times.push(performance.now() - start);
    await setTimeout(1);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
}

/** Checks that a client is served in time, given the p99 it had when it was alone. */
async function servedInTime(t: Test, good: Socket, alone: number): Promise<void> {
  const limit = Math.max(P99_MS, BUSY_FACTOR * alone);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && best > limit; i++) best = Math.min(best, await p99(good, 300));
  t.comment(`p99 ${best.toFixed(2)} ms, ${alone.toFixed(2)} ms alone`);
  t.ok(best <= limit, `p99 ${best.toFixed(2)} ms, ${alone.toFixed(2)} ms alone`);
}

t.test('500 connections, some silent, some half a request, some asking: the others are served', async t => {
  const server = await gateway();
  const good = await client(server.port);
  const alone = await p99(good, 300);
  const before = process.memoryUsage.rss();
  const crowd = await Promise.all(Array.from({ length: CONNECTIONS }, () => client(server.port)));
  crowd.forEach((socket, i) => {
    if (i % 3 === 0) socket.write(READ.subarray(0, 1 + (i % 11)));
    if (i % 3 === 1) socket.on('data', () => void setTimeout(500).then(() => socket.write(READ)));
    if (i % 3 === 1) socket.write(READ);
  });
  await servedInTime(t, good, alone);
  const growth = (process.memoryUsage.rss() - before) / 2 ** 20;
  t.comment(`${growth.toFixed(1)} MiB for ${CONNECTIONS} connections, both ends`);
  t.ok(growth < 64);
  for (const socket of crowd) socket.destroy();
  t.equal(await ask(good), ANSWER);
  t.equal(server.failures, 0);
  good.destroy();
  await server.stop();
});

t.test('clients that flood and never read: bounded memory, the others are served', async t => {
  const server = await gateway();
  const good = await client(server.port);
  const alone = await p99(good, 300);
  const flood = Buffer.concat(Array.from({ length: 2000 }, () => LONG_READ));
  const floods = await Promise.all(Array.from({ length: 20 }, () => client(server.port)));
  for (const socket of floods) socket.pause();
  const before = process.memoryUsage.rss();
  const pump = setInterval(() => {
    for (const socket of floods) if (socket.writableLength < flood.length) socket.write(flood);
  }, 5);
  await servedInTime(t, good, alone);
  clearInterval(pump);
  const growth = (process.memoryUsage.rss() - before) / 2 ** 20;
  t.comment(`${growth.toFixed(1)} MiB for both ends of ${floods.length} floods`);
  t.ok(growth < 64);
  for (const socket of floods) socket.destroy();
  good.destroy();
  t.equal(server.failures, 0);
  await server.stop();
});

t.test('rubbish of all kinds from many clients', async t => {
  const server = await gateway();
  const random = seededRandom(7);
  const good = await client(server.port);
  for (let i = 0; i < 300; i++) {
    const socket = await client(server.port);
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
    const socket = await client(server.port);
    socket.write(Buffer.from(lie, 'hex'));
    await once(socket, 'close');
    t.pass(lie);
  }
  await server.stop();
});

t.test('one connection more than there is room for takes the place of a silent one', async t => {
  const server = await gateway();
  const crowd = await Promise.all(Array.from({ length: LIMITS.connections }, () => client(server.port)));
  const closed = Promise.race(crowd.map(socket => once(socket, 'close')));
  const late = await client(server.port);
  t.equal(await ask(late), ANSWER);
  await closed;
  for (const socket of crowd) socket.destroy();
  late.destroy();
  await server.stop();
});

t.test('half-open: a client that has said all it wanted still gets its answer', async t => {
  const server = await gateway();
  const socket = await client(server.port);
  const answer = once(socket, 'data');
  socket.end(READ);
  const [bytes] = await answer;
  t.equal(Buffer.from(bytes).toString('hex'), ANSWER);
  await once(socket, 'close');
  await server.stop();
});
