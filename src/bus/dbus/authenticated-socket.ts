/**
 * A socket to the daemon, connected and authenticated by dbus-next. That is all it is used for, and why no other file
 * imports it: its MessageBus never reports that the bus has died and leaves calls pending for ever, loses calls to
 * names it once saw elsewhere, never removes a match rule, refuses calls without an interface, answers errors with
 * stack traces, queues without limit, and spends five times our CPU on a message. From here on the socket is ours.
 */
import type { Socket } from 'node:net';
import createConnection from 'dbus-next/lib/connection.js';
import type { Clock } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import { BUS_LIMITS } from '../bus.ts';
import { type BusAddress, showAddress } from './address.ts';

/** What dbus-next parts addresses by, and cannot read in a value. */
const UNREADABLE = /[:;,=]/;

/**
 * Connects to the first address that works. Rejects with a Fault: bus (nobody there, refused, or no answer within
 * `BUS_LIMITS.connectMs`) or configuration (an address that cannot be used).
 */
export async function authenticatedSocket(addresses: readonly BusAddress[], clock: Clock): Promise<Socket> {
  let reason: unknown = new Fault('configuration', 'no bus address');
  for (const address of addresses) {
    try {
      return await connectTo(address, clock);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

function connectTo(address: BusAddress, clock: Clock): Promise<Socket> {
  const where = showAddress(address);
  const text = addressForPackage(address);
  if (text === undefined)
    return Promise.reject(new Fault('configuration', `bus address ${where}: none of : ; , = may stand in it`));
  return new Promise((resolve, reject) => {
    // Over TCP the daemon cannot see who we are, and lets us in only if it lets in everybody.
    const authMethods = address.transport === 'tcp' ? ['EXTERNAL', 'ANONYMOUS'] : ['EXTERNAL'];
    const raw = createConnection({ busAddress: text, authMethods });
    const { stream } = raw;
    const fail = (why: string): void => {
      timer.cancel();
      stream.destroy();
      reject(new Fault('bus', `cannot connect to the bus at ${where}: ${why}`));
    };
    const closed = (): void => fail('it closed the connection');
    const timer = clock.after(BUS_LIMITS.connectMs, () => fail(`no answer within ${BUS_LIMITS.connectMs} ms`));
    // Stays for good: after `fail`, and after we have taken over, an error is followed by `close`, which tells us all.
    raw.on('error', error => fail(describe(error)));
    stream.once('close', closed);
    raw.once('connect', () => {
      timer.cancel();
      stream.removeListener('close', closed);
      // The package adds its reader right after this event; the daemon is silent until we have said Hello.
      process.nextTick(() => {
        stream.removeAllListeners('readable');
        resolve(stream);
      });
    });
  });
}

/** `socket=` makes dbus-next use Node's own sockets, without a try for its optional native ones. */
function addressForPackage(address: BusAddress): string | undefined {
  if (address.transport === 'tcp')
    return UNREADABLE.test(address.host) ? undefined : `tcp:host=${address.host},port=${address.port}`;
  return UNREADABLE.test(address.path) ? undefined : `unix:socket=${address.path}`;
}
