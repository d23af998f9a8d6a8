/**
 * A socket to the daemon, authenticated by dbus-next. That is all that dbus-next is used for, and why no other file
 * imports it: its connection has no time limit and wants native add-ons, its MessageBus never reports that the bus has
 * died and leaves calls pending for ever, loses calls to names that it once saw elsewhere, never removes a match rule,
 * refuses calls without an interface, answers errors with stack traces, queues without limit, and spends several times
 * our CPU on a message.
 */
import { createConnection, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import authenticate from 'dbus-next/lib/handshake.js';
import type { Clock } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import { BUS_LIMITS } from '../bus.ts';
import { type BusAddress, showAddress } from './address.ts';

/** Bytes that the daemon may say before we are authenticated. */
const HANDSHAKE_BYTES = 4096;

/**
 * All sockets are read into one buffer: reading and taking follow each other without anything between. It saves Node
 * a new buffer for each message, most of what an arriving message costs.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Connects to the first address that works, and authenticates. Rejects with a Fault (bus): nobody there, refused, or
 * no answer within `BUS_LIMITS.connectMs`.
 * @param take gets what arrives from then on; the bytes hold until it returns
 */
export async function openSocket(
  addresses: readonly BusAddress[],
  clock: Clock,
  take: (bytes: Buffer) => void,
): Promise<Socket> {
  let reason: unknown = new Fault('configuration', 'no bus address');
  for (const address of addresses) {
    try {
      return await connectTo(address, clock, take);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

function connectTo(address: BusAddress, clock: Clock, take: (bytes: Buffer) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let authenticated = false;
    let said = 0;
    const target = address.transport === 'tcp' ? { host: address.host, port: address.port } : { path: address.path };
    const callback = (length: number): boolean => {
      const bytes = readBuffer.subarray(0, length);
      if (authenticated) {
        clock.catchUp();
        take(bytes);
        return true;
      }
      said += length;
      if (said > HANDSHAKE_BYTES) fail('it does not speak D-Bus');
      else handshake.push(Buffer.from(bytes));
      return true;
    };
    const socket = createConnection({ ...target, onread: { buffer: readBuffer, callback } });
    const handshake = new Duplex({
      read: () => {},
      write: (bytes: Buffer, _encoding, done) => void socket.write(bytes, done),
    });
    const fail = (why: string): void => {
      timer.cancel();
      socket.destroy();
      reject(new Fault('bus', `cannot connect to the bus at ${showAddress(address)}: ${why}`));
    };
    // Node 20 fills abstract names up with NULs, so it only finds sockets made by Node 20.
    const hint = 'path' in target && target.path.startsWith('\0') ? ' (abstract sockets need a newer Node)' : '';
    const closed = (): void => fail('it closed the connection');
    const timer = clock.after(BUS_LIMITS.connectMs, () => fail(`no answer within ${BUS_LIMITS.connectMs} ms`));
    handshake.on('error', error => fail(describe(error)));
    // Stays for good: once we are connected, an error is followed by `close`, which tells all.
    socket.on('error', error => fail(describe(error) + hint));
    socket.once('close', closed);
    socket.setNoDelay();
    socket.once('connect', () => {
      // Over TCP the daemon cannot see who we are, and lets us in only if it lets in everybody.
      const authMethods = address.transport === 'tcp' ? ['EXTERNAL', 'ANONYMOUS'] : ['EXTERNAL'];
      authenticate(handshake, { authMethods }, error => {
        if (error) {
          fail(`it refused us: ${describe(error)}`);
          return;
        }
        authenticated = true;
        timer.cancel();
        socket.removeListener('close', closed);
        resolve(socket);
      });
    });
  });
}
