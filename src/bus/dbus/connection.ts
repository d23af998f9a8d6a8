/**
 * One connection to the daemon: calls with time limits, signals and calls that come in, names and match rules. When it
 * is lost, it says so once, and every pending call is rejected. It is not made anew: see kept-connection.ts.
 */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import { BUS_LIMITS, type CallFailure, type CallReply, type Signature, type TypedData } from '../bus.ts';
import { ERROR } from '../bus-item.ts';
import type { BusAddress } from './address.ts';
import { Frames } from './frames.ts';
import { encodeMessage, FLAG, type Header, MESSAGE_TYPE, type Message, parseMessage } from './message.ts';
import { openSocket } from './socket.ts';
import type { BusStatistics } from './statistics.ts';
import { isBusName } from './wire-types.ts';
import type { WireWriter } from './wire-writer.ts';

export const DAEMON = 'org.freedesktop.DBus';
const DAEMON_PATH = '/org/freedesktop/DBus';

/** RequestName: flags and answers. (D-Bus specification, "Message Bus Messages") */
export const NAME_FLAG = { allowReplacement: 1, replaceExisting: 2, doNotQueue: 4 } as const;
export const NAME_REPLY = { primaryOwner: 1, inQueue: 2, exists: 3, alreadyOwner: 4 } as const;

/** Calls to others that may wait for an answer at once, per connection. */
const PENDING_CALLS = 1000;
/** Bytes queued towards the daemon above which we stop reading: who does not take answers gets no more. */
const PAUSE_BYTES = 1024 * 1024;
const LAST_SERIAL = 2 ** 32 - 1;

/** What comes in. Handlers that throw are counted as the bug they are; the connection lives on. */
export interface Handlers {
  call(message: Message, connection: DbusConnection): void;
  signal(message: Message, connection: DbusConnection): void;
  /** Once, when the connection is gone without `close` having been called. */
  lost(reason: Fault): void;
  /** A handler threw. */
  threw(error: unknown): void;
}

export interface Request {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: Signature;
  readonly body?: readonly TypedData[];
}

/** The other side answered with an error. */
export class ErrorReply extends Fault {
  /** D-Bus error name. */
  readonly error: string;

  constructor(error: string, message: string) {
    super('bus', message);
    this.error = error;
  }
}

interface PendingCall {
  readonly sender: string;
  readonly what: string;
  readonly timer: Timer;
  resolve(message: Message): void;
  reject(fault: Fault): void;
}

export class DbusConnection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #handlers: Handlers;
  readonly #statistics: BusStatistics;
  readonly #frames = new Frames();
  readonly #pending = new Map<number, PendingCall>();
  readonly #matches = new Map<string, number>();
  #serial = 0;
  #name = '';
  #open = true;
  #closing = false;
  #paused = false;
  #why = 'the daemon closed it';

  private constructor(socket: Socket, clock: Clock, handlers: Handlers, statistics: BusStatistics) {
    this.#socket = socket;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#statistics = statistics;
    socket.on('drain', () => this.#drained());
    socket.once('close', () => this.#closed());
    if (socket.destroyed) this.#closed();
  }

  /** Connects, authenticates and says Hello. Rejects with a Fault (bus, configuration). */
  static async open(
    addresses: readonly BusAddress[],
    clock: Clock,
    handlers: Handlers,
    statistics: BusStatistics,
  ): Promise<DbusConnection> {
    let connection: DbusConnection | undefined;
    const socket = await openSocket(addresses, clock, bytes => {
      if (connection !== undefined) connection.#data(bytes);
    });
    let open = false;
    const lost = (reason: Fault): void => {
      if (!open) return;
      statistics.losses++;
      handlers.lost(reason);
    };
    connection = new DbusConnection(socket, clock, { ...handlers, lost }, statistics);
    try {
      const [name] = await connection.daemon('Hello', '', [], BUS_LIMITS.connectMs);
      if (typeof name !== 'string') throw new Fault('bus', 'the daemon gave us no name');
      connection.#name = name;
    } catch (error) {
      connection.drop(describe(error));
      throw error;
    }
    open = true;
    statistics.connects++;
    return connection;
  }

  /** Our name on the bus: `:1.42`. */
  get uniqueName(): string {
    return this.#name;
  }

  /** False once it is lost or closed. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Calls a method. Rejects with a Fault (bus): an error reply (`ErrorReply`), no answer in time, the connection lost,
   * or names and values that cannot be sent.
   */
  call(request: Request, timeoutMs: number = BUS_LIMITS.callMs): Promise<Message> {
    const { destination, path, member, signature = '', body = [] } = request;
    const what = `${member} of ${destination}${path}`;
    if (!this.#open) return Promise.reject(new Fault('bus', `${what}: the bus is not connected`));
    if (!isBusName(destination)) return Promise.reject(new Fault('bus', `"${destination}" is not a name on the bus`));
    if (path === '' || member === '') return Promise.reject(new Fault('bus', `${what}: no path or no member`));
    if (this.#pending.size >= PENDING_CALLS)
      return Promise.reject(new Fault('bus', `${what}: ${PENDING_CALLS} calls wait for an answer already`));
    return new Promise((resolve, reject) => {
      const header = { type: MESSAGE_TYPE.call, flags: FLAG.noAutoStart, ...request };
      const sent = this.#send(header, signature === '' ? undefined : writer => writer.body(signature, body));
      if (typeof sent === 'string') {
        reject(new Fault('bus', `${what}: ${sent}`));
        return;
      }
      const timer = this.#clock.after(timeoutMs, () => {
        this.#pending.delete(sent);
        this.#statistics.timeouts++;
        reject(new Fault('bus', `${what}: no answer within ${timeoutMs} ms`));
      });
      const sender = destination === DAEMON || destination.startsWith(':') ? destination : '';
      this.#pending.set(sent, { sender, what, timer, resolve, reject });
    });
  }

  /** Calls a method of the daemon itself. Rejects as `call` does, and when the answer cannot be read. */
  async daemon(
    member: string,
    signature: Signature,
    body: readonly TypedData[],
    timeoutMs?: number,
  ): Promise<readonly TypedData[]> {
    const request = { destination: DAEMON, path: DAEMON_PATH, interface: DAEMON, member, signature, body };
    return bodyOf(await this.call(request, timeoutMs), `${member} of the daemon`).body;
  }

  /** @returns one of NAME_REPLY */
  async requestName(name: string, flags: number = NAME_FLAG.doNotQueue): Promise<number> {
    const [result] = await this.daemon('RequestName', 'su', [name, flags]);
    return typeof result === 'number' ? result : 0;
  }

  async releaseName(name: string): Promise<void> {
    await this.daemon('ReleaseName', 's', [name]);
  }

  /** Rules are counted: the daemon hears of the first add and the last remove of a rule. */
  async addMatch(rule: string): Promise<void> {
    const count = this.#matches.get(rule) ?? 0;
    this.#matches.set(rule, count + 1);
    if (count > 0) return;
    try {
      await this.daemon('AddMatch', 's', [rule]);
    } catch (error) {
      this.#matches.delete(rule);
      throw error;
    }
  }

  async removeMatch(rule: string): Promise<void> {
    const count = this.#matches.get(rule) ?? 0;
    if (count > 1) this.#matches.set(rule, count - 1);
    else if (this.#matches.delete(rule)) await this.daemon('RemoveMatch', 's', [rule]);
  }

  /** Answers a call. Does nothing when the caller wants no answer. */
  reply(call: Message, signature: Signature, writeBody?: (writer: WireWriter) => void): void {
    if ((call.flags & FLAG.noReplyExpected) !== 0) return;
    const { serial: replySerial, sender: destination } = call;
    const header = { type: MESSAGE_TYPE.reply, flags: FLAG.noReplyExpected, replySerial, destination, signature };
    const sent = this.#send(header, writeBody);
    if (typeof sent === 'string') this.replyError(call, { error: ERROR.failed, message: sent });
  }

  replyError(call: Message, { error, message }: CallFailure): void {
    if ((call.flags & FLAG.noReplyExpected) !== 0) return;
    const { serial: replySerial, sender: destination } = call;
    const header = {
      type: MESSAGE_TYPE.error,
      flags: FLAG.noReplyExpected,
      errorName: error,
      replySerial,
      destination,
      signature: 's',
    };
    this.#send(header, writer => writer.string(oneLine(message)));
  }

  /** @returns whether it could be sent: false for a path that D-Bus does not know, or no connection */
  signal(path: string, iface: string, member: string, signature: string, body: (writer: WireWriter) => void): boolean {
    const header = {
      type: MESSAGE_TYPE.signal,
      flags: FLAG.noReplyExpected,
      path,
      interface: iface,
      member,
      signature,
    };
    return typeof this.#send(header, body) !== 'string';
  }

  /** Leaves the bus; what was sent before still goes out. Pending calls are rejected. */
  close(): void {
    this.#closing = true;
    this.#ended('the connection was closed');
    // A daemon that does not read must not keep us.
    const timer = this.#clock.after(BUS_LIMITS.connectMs, () => this.#socket.destroy());
    this.#socket.once('close', () => timer.cancel());
    this.#socket.end();
  }

  /** Ends the connection at once, as lost. */
  drop(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }

  /** @returns the serial, or why it was not sent */
  #send(header: Header, writeBody?: (writer: WireWriter) => void): number | string {
    if (!this.#open || !this.#socket.writable) return 'the bus is not connected';
    this.#serial = this.#serial === LAST_SERIAL ? 1 : this.#serial + 1;
    const bytes = encodeMessage(header, this.#serial, writeBody);
    if ('fault' in bytes) {
      this.#statistics.unsendable++;
      return bytes.fault;
    }
    this.#socket.write(bytes);
    if (this.#socket.writableLength > BUS_LIMITS.queuedBytes) {
      this.#statistics.overflows++;
      this.drop('the daemon does not take what we send');
      return 'the bus does not take what we send';
    }
    return this.#serial;
  }

  /** @param bytes hold until we return */
  #data(bytes: Buffer): void {
    this.#frames.push(bytes);
    this.#work();
    this.#frames.keep();
  }

  #work(): void {
    while (!this.#paused && this.#open) {
      const bytes = this.#frames.next();
      if (bytes === undefined) break;
      if ('fault' in bytes) {
        this.#statistics.malformed++;
        this.drop(`the stream makes no sense: ${bytes.fault}`);
        break;
      }
      this.#message(bytes);
      if (this.#socket.writableLength > PAUSE_BYTES) {
        this.#paused = true;
        this.#socket.pause();
      }
    }
    if (this.#frames.oversized > 0) {
      this.#statistics.oversized += this.#frames.oversized;
      this.#frames.oversized = 0;
    }
  }

  #drained(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#work();
    if (!this.#paused) this.#socket.resume();
  }

  #message(bytes: Buffer): void {
    // Signals and calls are read before we return, answers only when the promise has settled.
    const type = bytes.readUInt8(1);
    const answer = type === MESSAGE_TYPE.reply || type === MESSAGE_TYPE.error;
    const message = parseMessage(answer ? Buffer.from(bytes) : bytes);
    if ('fault' in message) {
      this.#statistics.malformed++;
      return;
    }
    try {
      if (message.type === MESSAGE_TYPE.signal) this.#handlers.signal(message, this);
      else if (message.type === MESSAGE_TYPE.call) this.#handlers.call(message, this);
      else this.#settle(message);
    } catch (error) {
      if (message.type === MESSAGE_TYPE.call)
        this.replyError(message, { error: ERROR.failed, message: describe(error) });
      this.#handlers.threw(error);
    }
  }

  #settle(message: Message): void {
    const pending = this.#pending.get(message.replySerial);
    // An answer must come from the one that was asked.
    if (
      pending === undefined ||
      (pending.sender !== '' && pending.sender !== message.sender && message.sender !== DAEMON)
    )
      return;
    this.#pending.delete(message.replySerial);
    pending.timer.cancel();
    if (message.type === MESSAGE_TYPE.reply) pending.resolve(message);
    else pending.reject(new ErrorReply(message.errorName, `${pending.what}: ${errorText(message)}`));
  }

  #closed(): void {
    if (this.#closing) return;
    this.#closing = true;
    const why = `the bus was lost: ${this.#why}`;
    this.#ended(why);
    this.#handlers.lost(new Fault('bus', why));
  }

  #ended(why: string): void {
    this.#open = false;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of pending) {
      call.timer.cancel();
      call.reject(new Fault('bus', `${call.what}: ${why}`));
    }
  }
}

/** The values of a reply. Throws a Fault (bus) when they cannot be read. */
export function bodyOf(message: Message, what: string): CallReply {
  const { body, signature } = message;
  if (body === undefined) throw new Fault('bus', `${what}: the answer is longer than we take`);
  const values = body.body(signature);
  if (values === undefined) throw new Fault('bus', `${what}: the answer cannot be read: ${body.fault}`);
  return { signature, body: values };
}

/** What an error says, with its name. */
function errorText(message: Message): string {
  const text = message.signature.startsWith('s') ? (message.body?.string() ?? '') : '';
  return text === '' ? message.errorName : `${oneLine(text)} [${message.errorName}]`;
}

const ERROR_TEXT_CHARS = 300;

function oneLine(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1);
  return first.slice(0, ERROR_TEXT_CHARS);
}
