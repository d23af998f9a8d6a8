/**
 * A program that asks a Modbus TCP server as fast as it answers: `PORT CLIENTS SECONDS UNIT REGISTER QUANTITY`. Each
 * client has one request under way. Prints one JSON line: requests a second, and the median and p99 of the answer time
 * in milliseconds. The first half second is not counted.
 */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

const WARM_UP_MS = 500;
const [port = 0, clients = 1, seconds = 1, unit = 0, register = 0, quantity = 1] = process.argv.slice(2).map(Number);

const request = Buffer.from([
  0,
  1,
  0,
  0,
  0,
  6,
  unit,
  3,
  register >> 8,
  register & 0xff,
  quantity >> 8,
  quantity & 0xff,
]);
const answerBytes = 9 + 2 * quantity;
const times: number[] = [];
const start = performance.now();
const end = start + WARM_UP_MS + seconds * 1000;
let open = clients;
let requests = 0;

function client(): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let asked = 0;
  let got = 0;
  const ask = (): void => {
    asked = performance.now();
    socket.write(request);
  };
  socket.on('connect', ask);
  socket.on('error', error => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  socket.on('data', (bytes: Buffer) => {
    got += bytes.length;
    if (got < answerBytes) return;
    got = 0;
    const now = performance.now();
    requests++;
    if (asked >= start + WARM_UP_MS) times.push(now - asked);
    if (now < end) ask();
    else {
      socket.destroy();
      if (--open === 0) report();
    }
  });
}

function report(): void {
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(part * times.length)] ?? 0;
  const perSecond = Math.round(times.length / seconds);
  console.log(JSON.stringify({ requests, perSecond, median: at(0.5), p99: at(0.99) }));
}

for (let i = 0; i < clients; i++) client();
