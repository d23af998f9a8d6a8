/** CAN over TCP: a bus of a socketcand server, or of `gxd simulate`, as a socket. */
import { describe, Fault } from '../kernel/fault.ts';
import { type CanFilter, type CanFrame, type CanSocket, type CanTrouble, passes } from '../ports/can.ts';
import type { Connection, Net } from '../ports/net.ts';
import { troublesOf } from './can-errors.ts';
import { type SocketcandMessage, SocketcandReader, sendText } from './socketcand-text.ts';

const CONNECT_MS = 3_000;
/** From the connection to the first frame: greeting and answers. Milliseconds. */
const TALK_MS = 3_000;
/** Octets that may wait for a server that does not take them. */
const QUEUE_OCTETS = 16_384;
/** Of a message that sends a frame, at most. */
const FRAME_TEXT_OCTETS = 48;
const NO_DATA = new Uint8Array();

/** Where a bus is to be had. */
export interface RemoteCan {
  readonly host: string;
  readonly port: number;
  /** What the server calls it. */
  readonly bus: string;
}

export interface RemoteCounts {
  received: number;
  sent: number;
}

/**
 * @param name what we call the interface
 * @param counts where frames are counted. Rejects with a Fault (device): nobody there, no answer, no such bus.
 */
export async function openRemote(
  net: Net,
  name: string,
  remote: RemoteCan,
  filters: readonly CanFilter[],
  counts: RemoteCounts,
): Promise<CanSocket> {
  const { host, port, bus } = remote;
  const connection = await net.connect({ host, port, timeoutMs: CONNECT_MS });
  const socket = new RemoteSocket(name, connection, filters, counts);
  try {
    await inTime(socket.say(undefined, 'hi'));
    await inTime(socket.say(`< open ${bus} >`, 'ok'));
    await inTime(socket.say('< rawmode >', 'ok'));
    return socket;
  } catch (error) {
    await socket.close();
    throw new Fault('device', `${name}: tcp://${host}:${port} gives no bus ${bus}: ${describe(error)}`);
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Fault('device', 'no answer')), TALK_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

class RemoteSocket implements CanSocket {
  readonly interface: string;
  readonly #connection: Connection;
  readonly #reader = new SocketcandReader();
  readonly #counts: RemoteCounts;
  #filters: readonly CanFilter[];
  #gone: Error | undefined;
  #awaited:
    | { readonly kind: string; readonly resolve: () => void; readonly reject: (reason: Error) => void }
    | undefined;
  #early: string[] = [];
  #frames: (frames: readonly CanFrame[]) => void = () => {};
  #trouble: (trouble: CanTrouble) => void = () => {};
  #closed: ((reason: Error) => void) | undefined;

  constructor(name: string, connection: Connection, filters: readonly CanFilter[], counts: RemoteCounts) {
    this.interface = name;
    this.#connection = connection;
    this.#filters = filters;
    this.#counts = counts;
    connection.onData(bytes => this.#take(this.#reader.push(bytes)));
    connection.onClose(error => this.#lost(error?.message ?? 'closed by the other side'));
  }

  get queued(): number {
    return Math.ceil(this.#connection.queued / FRAME_TEXT_OCTETS);
  }

  onFrames(listener: (frames: readonly CanFrame[]) => void): void {
    this.#frames = listener;
  }

  onTrouble(listener: (trouble: CanTrouble) => void): void {
    this.#trouble = listener;
  }

  onClose(listener: (reason: Error) => void): void {
    this.#closed = listener;
    if (this.#gone !== undefined) listener(this.#gone);
  }

  /** Says something, and waits for the answer; it may have come already. */
  say(text: string | undefined, answer: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) {
        reject(this.#gone);
        return;
      }
      this.#awaited = { kind: answer, resolve, reject };
      if (text !== undefined) this.#connection.write(Buffer.from(text));
      else if (this.#early.includes(answer)) this.#answered(answer);
    });
  }

  async send(frame: CanFrame): Promise<void> {
    if (this.#gone !== undefined) throw this.#gone;
    if (this.#connection.queued + FRAME_TEXT_OCTETS > QUEUE_OCTETS)
      throw new Fault('device', `${this.interface}: the server does not take the frames`);
    this.#counts.sent++;
    this.#connection.write(Buffer.from(sendText(frame)));
  }

  async setFilters(filters: readonly CanFilter[]): Promise<void> {
    this.#filters = filters;
  }

  async close(): Promise<void> {
    this.#closed = undefined;
    this.#lost('closed');
    this.#connection.destroy();
  }

  #take(messages: readonly SocketcandMessage[]): void {
    const heard: CanFrame[] = [];
    for (const message of messages) {
      if (message.kind === 'frame') {
        this.#counts.received++;
        if (passes(this.#filters, message.frame)) heard.push(message.frame);
      } else if (message.kind === 'error frame') {
        for (const trouble of troublesOf(message.id, NO_DATA)) this.#trouble(trouble);
      } else if (message.kind === 'refused') this.#awaited?.reject(new Fault('device', message.why));
      else this.#answered(message.kind);
    }
    if (heard.length > 0) this.#frames(heard);
  }

  #answered(kind: string): void {
    const awaited = this.#awaited;
    if (awaited?.kind !== kind) {
      this.#early = [kind];
      return;
    }
    this.#awaited = undefined;
    awaited.resolve();
  }

  #lost(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = new Fault('device', `${this.interface}: ${why}`);
    this.#awaited?.reject(this.#gone);
    this.#closed?.(this.#gone);
  }
}
