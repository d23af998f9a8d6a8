/** TCP as gxd uses it: connections in and out, with what is queued towards a slow reader in plain sight. */
import type { Owned } from '../kernel/actor.ts';

/** An established connection. After its end every method does nothing. */
export interface Connection {
  /** Address of the other side, as text: `192.168.1.20`, `fe80::1`. IPv4 is never in its IPv6 disguise. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Bytes as they arrive; they belong to the listener. One listener. Nothing arrives while paused. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called when all queued bytes have been handed to the system after `write` had returned false. */
  onDrain(listener: () => void): void;
  /** Called once when the connection has ended, by either side; with the error when that was not orderly. */
  onClose(listener: (error: Error | undefined) => void): void;
  /** Queues a copy of the bytes. Returns false when so much is queued that the caller should wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /** Bytes queued here and not yet taken by the system. */
  readonly queued: number;
  /** Reads no more until `resume`: the other side will have to wait. */
  pause(): void;
  resume(): void;
  /** Ends at once; what is queued is lost. `onClose` is still called. */
  destroy(): void;
}

export interface Listener extends Owned {
  /** The port listened at: the one asked for, or the one chosen by the system for 0. */
  readonly port: number;
  /** Called when listening has ended by itself. */
  onClose(listener: (error: Error) => void): void;
}

export interface ListenOptions {
  /** 0 for one that the system chooses. */
  readonly port: number;
  /** Address to listen at; without it all of them, IPv4 and IPv6. */
  readonly host?: string;
  /** Bytes queued towards one client above which `write` returns false. */
  readonly queueBytes: number;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** No connection after this long is a fault. Milliseconds. */
  readonly timeoutMs: number;
}

export interface Net {
  /** Rejects with a Fault (configuration: port taken, or no right to it; system: the rest). Releasing stops listening. */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener>;
  /** Rejects with a Fault (device): nobody there, refused, no answer in time. */
  connect(options: ConnectOptions): Promise<Connection>;
}
