/**
 * A CAN bus inside this program, for simulated devices where the machine has none: what one socket sends all others
 * hear, in order. Others take part in it over TCP, in the form of socketcand.
 */
import type { Owned } from '../kernel/actor.ts';
import { Fault } from '../kernel/fault.ts';
import { ALL_EXTENDED, ALL_STANDARD, type CanFilter, type CanFrame, type CanSocket, passes } from '../ports/can.ts';
import type { Connection, Net } from '../ports/net.ts';
import { frameText, type SocketcandMessage, SocketcandReader } from './socketcand-text.ts';

/** Frames that wait to be heard. */
const QUEUE_FRAMES = 1_000;
/** Octets that may wait for somebody over TCP; one that does not read loses frames, as on any bus. */
const QUEUE_OCTETS = 65_536;
const CLIENT_LIMIT = 16;

export class CanBus {
  readonly name: string;
  readonly #members = new Set<Member>();
  #queue: { readonly from: Member; readonly frame: CanFrame }[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Takes part in it. */
  join(filters: readonly CanFilter[]): CanSocket {
    const member = new Member(this, filters);
    this.#members.add(member);
    return member;
  }

  /** @returns false when too much waits */
  say(from: Member, frame: CanFrame): boolean {
    if (this.#queue.length >= QUEUE_FRAMES) return false;
    this.#queue.push({ from, frame });
    if (this.#queue.length === 1) setImmediate(() => this.#deliver());
    return true;
  }

  leave(member: Member): void {
    this.#members.delete(member);
  }

  #deliver(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const member of [...this.#members]) {
      const heard = queue.filter(({ from, frame }) => from !== member && passes(member.filters, frame));
      if (heard.length > 0) member.hear(heard.map(({ frame }) => frame));
    }
  }
}

class Member implements CanSocket {
  readonly interface: string;
  filters: readonly CanFilter[];
  #bus: CanBus | undefined;
  #frames: (frames: readonly CanFrame[]) => void = () => {};

  constructor(bus: CanBus, filters: readonly CanFilter[]) {
    this.#bus = bus;
    this.interface = bus.name;
    this.filters = filters;
  }

  /** What waits is the bus's. */
  readonly queued = 0;

  onFrames(listener: (frames: readonly CanFrame[]) => void): void {
    this.#frames = listener;
  }

  /** Nothing goes wrong on this bus. */
  onTrouble(): void {}

  /** Nor does it end before its sockets. */
  onClose(): void {}

  async send(frame: CanFrame): Promise<void> {
    if (this.#bus?.say(this, frame) !== true) throw new Fault('device', `${this.interface}: nobody takes the frames`);
  }

  async setFilters(filters: readonly CanFilter[]): Promise<void> {
    this.filters = filters;
  }

  async close(): Promise<void> {
    this.#bus?.leave(this);
    this.#bus = undefined;
  }

  hear(frames: readonly CanFrame[]): void {
    this.#frames(frames);
  }
}

/** A bus that others can take part in. */
export interface ServedBus extends Owned {
  readonly port: number;
}

/** Serves the bus on the loopback. @param port 0 for one that the system chooses. Rejects as `Net.listen`. */
export async function serveBus(net: Net, bus: CanBus, port: number): Promise<ServedBus> {
  const clients = new Set<Connection>();
  const listener = await net.listen({ port, host: '127.0.0.1', queueBytes: QUEUE_OCTETS }, connection => {
    if (clients.size >= CLIENT_LIMIT) {
      connection.destroy();
      return;
    }
    clients.add(connection);
    const client = new Client(bus, connection);
    connection.onClose(() => {
      clients.delete(connection);
      void client.leave();
    });
  });
  return {
    port: listener.port,
    release: async () => {
      await listener.release();
      for (const connection of clients) connection.destroy();
    },
  };
}

/** Somebody over TCP. */
class Client {
  readonly #bus: CanBus;
  readonly #connection: Connection;
  #socket: CanSocket | undefined;

  constructor(bus: CanBus, connection: Connection) {
    this.#bus = bus;
    this.#connection = connection;
    const reader = new SocketcandReader();
    connection.onData(bytes => {
      for (const message of reader.push(bytes)) this.#take(message);
    });
    this.#say('< hi >');
  }

  async leave(): Promise<void> {
    await this.#socket?.close();
  }

  #take(message: SocketcandMessage): void {
    switch (message.kind) {
      case 'open':
        this.#say(message.bus === this.#bus.name ? '< ok >' : '< error could not open bus >');
        break;
      case 'rawmode':
        this.#say('< ok >');
        if (this.#socket === undefined) this.#join();
        break;
      case 'send':
        // A frame too many is lost, as on any bus.
        this.#socket?.send(message.frame).catch(() => {});
        break;
      default:
        break;
    }
  }

  #join(): void {
    this.#socket = this.#bus.join([ALL_STANDARD, ALL_EXTENDED]);
    this.#socket.onFrames(frames => {
      if (this.#connection.queued > QUEUE_OCTETS) return;
      this.#say(frames.map(frame => frameText(frame, Date.now())).join(''));
    });
  }

  #say(text: string): void {
    this.#connection.write(Buffer.from(text));
  }
}
