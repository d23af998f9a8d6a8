/** TCP without a network: both ends in memory, with what a slow or vanishing peer does to them. */
import { Fault } from '../../src/kernel/fault.ts';
import type { Connection, ConnectOptions, Listener, ListenOptions, Net } from '../../src/ports/net.ts';

/** One end of a connection; the other one is its peer. */
export class MemoryConnection implements Connection {
  readonly remoteAddress: string;
  readonly remotePort = 40_000;
  /** How much is taken towards a peer that does not read. */
  readonly #queueBytes: number;
  #peer: MemoryConnection | undefined;
  #data: ((bytes: Uint8Array) => void) | undefined;
  #drain: () => void = () => {};
  #closed: ((error: Error | undefined) => void) | undefined;
  #paused = false;
  /** What has come and was not read yet. */
  #arrived: Uint8Array[] = [];

  constructor(remoteAddress: string, queueBytes: number) {
    this.remoteAddress = remoteAddress;
    this.#queueBytes = queueBytes;
  }

  static pair(address: string, queueBytes: number): readonly [MemoryConnection, MemoryConnection] {
    const [client, server] = [new MemoryConnection('server', queueBytes), new MemoryConnection(address, queueBytes)];
    client.#peer = server;
    server.#peer = client;
    return [client, server];
  }

  get open(): boolean {
    return this.#peer !== undefined;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes that have come and were not read yet. */
  get unread(): number {
    return this.#arrived.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#data = listener;
    this.#deliver();
  }

  onDrain(listener: () => void): void {
    this.#drain = listener;
  }

  onClose(listener: (error: Error | undefined) => void): void {
    this.#closed = listener;
  }

  write(bytes: Uint8Array): boolean {
    const peer = this.#peer;
    if (peer === undefined) return true;
    peer.#arrived.push(bytes.slice());
    peer.#deliver();
    return this.queued <= this.#queueBytes;
  }

  get queued(): number {
    return this.#peer?.unread ?? 0;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  destroy(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#peer = undefined;
    peer.#peer = undefined;
    this.#closed?.(undefined);
    peer.#closed?.(undefined);
  }

  #deliver(): void {
    if (this.#arrived.length === 0) return;
    while (!this.#paused && this.#data !== undefined) {
      const bytes = this.#arrived.shift();
      if (bytes === undefined) break;
      this.#data(bytes);
    }
    const peer = this.#peer;
    if (this.#arrived.length === 0 && peer !== undefined) peer.#drain();
  }
}

export class MemoryNet implements Net {
  readonly #accepts = new Map<number, { readonly accept: (connection: Connection) => void; readonly queue: number }>();
  readonly #lost = new Map<number, (error: Error) => void>();
  /** Ports that another program has. */
  readonly taken = new Set<number>();

  async listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const { port, queueBytes } = options;
    if (this.taken.has(port) || this.#accepts.has(port))
      throw new Fault('configuration', `port ${port} is taken by another program`);
    this.#accepts.set(port, { accept, queue: queueBytes });
    return {
      port,
      onClose: listener => void this.#lost.set(port, listener),
      release: () => void this.#accepts.delete(port),
    };
  }

  async connect({ host, port }: ConnectOptions): Promise<Connection> {
    const connection = this.client(port);
    if (connection === undefined) throw new Fault('device', `no connection to ${host} port ${port}: refused`);
    return connection;
  }

  /** A client's end, connected from `address`; undefined when nobody listens. */
  client(port: number, address = '192.0.2.7'): MemoryConnection | undefined {
    const listening = this.#accepts.get(port);
    if (listening === undefined) return undefined;
    const [client, server] = MemoryConnection.pair(address, listening.queue);
    listening.accept(server);
    return client;
  }

  /** Listening ends by itself. */
  break(port: number): void {
    this.#accepts.delete(port);
    this.#lost.get(port)?.(new Error('the network is gone'));
  }

  get ports(): number[] {
    return [...this.#accepts.keys()];
  }
}
