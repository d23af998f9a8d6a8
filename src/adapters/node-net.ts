/** TCP on Node's sockets. */
import { createConnection, createServer, type Socket } from 'node:net';
import { describe, Fault } from '../kernel/fault.ts';
import type { Connection, ConnectOptions, Listener, ListenOptions, Net } from '../ports/net.ts';

/** A silent peer is probed after this long, so that one that has lost its power is noticed. Milliseconds. */
const KEEP_ALIVE_MS = 60_000;

/** Connections that the system may hold for us until we take them. */
const BACKLOG = 512;

export class NodeNet implements Net {
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const { port, host, queueBytes } = options;
    const server = createServer({
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      highWaterMark: queueBytes,
    });
    server.on('connection', socket => {
      // One that is gone already has no address any more.
      if (socket.remoteAddress === undefined) socket.destroy();
      else accept(new NodeConnection(socket));
    });
    return new Promise((resolve, reject) => {
      server.once('error', error => reject(listenFault(error, options)));
      server.listen({ port, backlog: BACKLOG, ...(host === undefined ? {} : { host }) }, () => {
        server.removeAllListeners('error');
        const address = server.address();
        let closed: (error: Error) => void = () => {};
        // A failed accept (too many open files) is the system's matter of the moment; listening goes on.
        server.on('error', error => {
          if (!server.listening) closed(error);
        });
        resolve({
          port: typeof address === 'object' && address !== null ? address.port : port,
          onClose: listener => {
            closed = listener;
          },
          release: () => void server.close(),
        });
      });
    });
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const { host, port, timeoutMs } = options;
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host, port, noDelay: true, keepAlive: true, timeout: timeoutMs });
      const failed = (reason: string): void => {
        socket.destroy();
        reject(new Fault('device', `no connection to ${host} port ${port}: ${reason}`));
      };
      const onError = (error: Error): void => failed(describe(error));
      const onTimeout = (): void => failed(`no answer within ${timeoutMs / 1000} s`);
      socket.once('error', onError);
      socket.once('timeout', onTimeout);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeListener('error', onError);
        socket.removeListener('timeout', onTimeout);
        resolve(new NodeConnection(socket));
      });
    });
  }
}

function listenFault(error: unknown, { port }: ListenOptions): Fault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new Fault('configuration', `port ${port} is taken by another program`, error);
  if (code === 'EACCES') return new Fault('configuration', `no right to listen at port ${port}`, error);
  if (code === 'EADDRNOTAVAIL') return new Fault('configuration', `no such address to listen at`, error);
  return new Fault('system', `cannot listen at port ${port}: ${describe(error)}`, error);
}

class NodeConnection implements Connection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
    this.remotePort = socket.remotePort ?? 0;
    socket.on('error', error => {
      this.#error = error;
    });
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#socket.on('data', listener);
  }

  onDrain(listener: () => void): void {
    this.#socket.on('drain', listener);
  }

  onClose(listener: (error: Error | undefined) => void): void {
    this.#socket.once('close', () => listener(this.#error));
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#socket.writable) return true;
    return this.#socket.write(Buffer.from(bytes));
  }

  get queued(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
