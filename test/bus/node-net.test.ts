/** The TCP adapter on real sockets of the loopback interface. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t from 'tap';
import { NodeNet } from '../../src/adapters/node-net.ts';
import type { Connection } from '../../src/ports/net.ts';

const HOST = '127.0.0.1';
const QUEUE_BYTES = 1024;
const TIMEOUT_MS = 2_000;
const net = new NodeNet();

/** A connection, both ends. */
async function pair(): Promise<{ client: Connection; server: Connection; release: () => Promise<void> }> {
  let accepted: (connection: Connection) => void = () => {};
  const arriving = new Promise<Connection>(resolve => {
    accepted = resolve;
  });
  const listener = await net.listen({ port: 0, host: HOST, queueBytes: QUEUE_BYTES }, accepted);
  const client = await net.connect({ host: HOST, port: listener.port, timeoutMs: TIMEOUT_MS });
  return { client, server: await arriving, release: async () => listener.release() };
}

t.test('bytes both ways, and the end', async t => {
  const { client, server, release } = await pair();
  t.equal(server.remoteAddress, HOST);
  const got = new Promise<Uint8Array>(resolve => server.onData(resolve));
  const bytes = Uint8Array.of(1, 2, 3);
  t.equal(client.write(bytes), true);
  bytes.fill(9);
  t.same([...(await got)], [1, 2, 3], 'what is written is copied');
  const ended = new Promise<Error | undefined>(resolve => server.onClose(resolve));
  client.destroy();
  await ended;
  t.equal(server.write(bytes), true, 'writing to one that has ended does nothing');
  await release();
});

t.test('a reader that does not read is seen, and that it reads again', async t => {
  const { client, server, release } = await pair();
  client.pause();
  const chunk = new Uint8Array(64 * 1024);
  let written = 0;
  while (server.write(chunk)) written += chunk.length;
  t.ok(server.queued > QUEUE_BYTES, `after ${written} bytes`);
  const drained = new Promise<void>(resolve => server.onDrain(resolve));
  client.onData(() => {});
  client.resume();
  await drained;
  t.equal(server.queued, 0);
  client.destroy();
  await release();
});

t.test('whose fault it is', async t => {
  const taken = createServer().listen(0, HOST);
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const listening = net.listen({ port, host: HOST, queueBytes: QUEUE_BYTES }, () => {});
  await t.rejects(listening, { whose: 'configuration', message: `port ${port} is taken by another program` });
  const elsewhere = net.listen({ port: 0, host: '192.0.2.1', queueBytes: QUEUE_BYTES }, () => {});
  await t.rejects(elsewhere, { whose: 'configuration', message: 'no such address to listen at' });
  const sockets: Socket[] = [];
  taken.on('connection', socket => sockets.push(socket));
  const client = await net.connect({ host: HOST, port, timeoutMs: TIMEOUT_MS });
  client.destroy();
  taken.close();
  await once(taken, 'close');
  const refused = net.connect({ host: HOST, port, timeoutMs: TIMEOUT_MS });
  await t.rejects(refused, { whose: 'device', message: /^no connection to 127.0.0.1 port / });
  for (const socket of sockets) socket.destroy();
});
