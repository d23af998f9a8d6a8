/** Serial lines behind a serial server: `tcp://host:port`, and all links by their names. */
import { Fault } from '../kernel/fault.ts';
import type { Link, LinkOptions, Links } from '../ports/link.ts';
import type { Connection, Net } from '../ports/net.ts';

const CONNECT_MS = 3_000;
/** Bytes that may wait for a server that does not take them. */
const WRITE_QUEUE_BYTES = 4096;
const NAME = /^tcp:\/\/(\[[0-9A-Fa-f:]+\]|[^/:\s]+):(\d{1,5})$/;

export function isTcpName(name: string): boolean {
  return name.startsWith('tcp://');
}

/** TCP links by `tcp://host:port`, all others by `serial`. */
export class AllLinks implements Links {
  readonly #serial: Links;
  readonly #net: Net;

  constructor(serial: Links, net: Net) {
    this.#serial = serial;
    this.#net = net;
  }

  async open(name: string, options: LinkOptions): Promise<Link> {
    if (!isTcpName(name)) return this.#serial.open(name, options);
    const match = NAME.exec(name);
    const port = Number(match?.[2] ?? 0);
    if (match?.[1] === undefined || port < 1 || port > 65_535)
      throw new Fault('configuration', `cannot open ${name}: a link over TCP is tcp://host:port`);
    const host = match[1].replace(/^\[|\]$/g, '');
    return new TcpLink(name, await this.#net.connect({ host, port, timeoutMs: CONNECT_MS }));
  }
}

/** A connection as a link. Its baud rate is the server's business. */
export class TcpLink implements Link {
  readonly name: string;
  readonly baudRate = undefined;
  readonly #connection: Connection;
  #closed: ((reason: Error) => void) | undefined;
  #gone: Error | undefined;

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.#connection = connection;
    connection.onClose(error => {
      this.#gone = new Fault('device', `${name}: ${error?.message ?? 'closed by the other side'}`);
      this.#closed?.(this.#gone);
    });
  }

  get queued(): number {
    return this.#connection.queued;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#connection.onData(listener);
  }

  onClose(listener: (reason: Error) => void): void {
    this.#closed = listener;
    if (this.#gone !== undefined) listener(this.#gone);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    if (this.queued + bytes.length > WRITE_QUEUE_BYTES)
      return Promise.reject(new Fault('device', `${this.name} does not take what is written to it`));
    this.#connection.write(bytes);
    return Promise.resolve();
  }

  setBaudRate(): Promise<void> {
    return Promise.resolve();
  }

  setLines(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closed = undefined;
    this.#connection.destroy();
    return Promise.resolve();
  }
}
