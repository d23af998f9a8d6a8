/** Strangers at the port of a Modbus TCP gateway, and a client among them that behaves well. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/** A read of the battery voltage of the system, and its answer at 53.2 V. */
export const READ = Buffer.from('000100000006640303480001', 'hex');
export const ANSWER = '0001000000056403020214';
/** Its answer is more than twice as long as the question. */
const LONG_READ = Buffer.from('00010000000664030320000a', 'hex');
/** Written at once by a client that floods. */
const FLOOD = Buffer.concat(Array.from({ length: 2000 }, () => LONG_READ));
const FLOOD_MS = 5;
/** Those of a crowd that ask do it this often. Milliseconds. */
const ASK_MS = 500;

export async function stranger(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** The answer as hexadecimal digits. */
export async function ask(socket: Socket, request = READ): Promise<string> {
  socket.write(request);
  const [bytes] = await once(socket, 'data');
  return Buffer.from(bytes).toString('hex');
}

/** Asks `count` times. @returns the answer times in milliseconds, sorted; throws on a wrong answer */
export async function answerTimes(socket: Socket, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    if ((await ask(socket)) !== ANSWER) throw new Error('a wrong answer');
    times.push(performance.now() - start);
    await setTimeout(1);
  }
  return times.sort((a, b) => a - b);
}

/** Connections of which a third is silent, a third has said half a request, and a third asks. */
export async function crowd(port: number, connections: number): Promise<{ leave(): void }> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => stranger(port)));
  sockets.forEach((socket, i) => {
    if (i % 3 === 0) socket.write(READ.subarray(0, 1 + (i % 11)));
    if (i % 3 === 1) socket.on('data', () => void setTimeout(ASK_MS).then(() => socket.write(READ)));
    if (i % 3 === 1) socket.write(READ);
  });
  return {
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Clients that ask as fast as they can and never read. */
export async function flood(port: number, connections: number): Promise<{ leave(): void }> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => stranger(port)));
  for (const socket of sockets) socket.pause();
  const pump = setInterval(() => {
    for (const socket of sockets) if (socket.writableLength < FLOOD.length) socket.write(FLOOD);
  }, FLOOD_MS);
  return {
    leave: () => {
      clearInterval(pump);
      for (const socket of sockets) socket.destroy();
    },
  };
}
