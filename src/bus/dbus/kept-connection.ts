/** A connection that is made anew, with a short backoff, whenever it is lost. */
import { type BackoffLimits, backoffMs } from '../../kernel/backoff.ts';
import type { Clock, Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { BusAddress } from './address.ts';
import { DbusConnection, type Handlers } from './connection.ts';
import type { BusStatistics } from './statistics.ts';

/** Short enough that everything is back well within five seconds of the daemon's return. */
const RECONNECT: BackoffLimits = { firstMs: 100, limitMs: 1_000 };

/** What all connections of one bus have in common. */
export interface BusContext {
  readonly addresses: readonly BusAddress[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly statistics: BusStatistics;
  /** The unique names of this process, so that it does not take its own services for foreign ones. */
  readonly ownNames: Set<string>;
}

export interface KeptHandlers extends Pick<Handlers, 'call' | 'signal'> {
  /** A new connection is up. What it rejects with ends that connection, and another is made after a while. */
  up(connection: DbusConnection): Promise<void>;
  /** The connection that was up is gone: closed by us, or for a reason. */
  down(reason?: unknown): void;
}

export class KeptConnection {
  readonly #context: BusContext;
  readonly #handlers: KeptHandlers;
  #connection: DbusConnection | undefined;
  #retry: Timer | undefined;
  #attempt = 0;
  #closed = false;

  constructor(context: BusContext, handlers: KeptHandlers) {
    this.#context = context;
    this.#handlers = handlers;
  }

  /** The connection; undefined while there is none. */
  get current(): DbusConnection | undefined {
    return this.#connection;
  }

  /** Makes the first connection, and keeps it. Rejects when it cannot be made; nothing is kept then. */
  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Connects in the background, as often as it takes. */
  keep(): void {
    this.#connect().catch(error => this.#again(error));
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#forget(connection);
    connection.close();
  }

  async #connect(): Promise<void> {
    const { addresses, clock, log, statistics, ownNames } = this.#context;
    let gone = false;
    const connection = await DbusConnection.open(
      addresses,
      clock,
      {
        call: (message, from) => this.#handlers.call(message, from),
        signal: (message, from) => this.#handlers.signal(message, from),
        threw: error => log.error('a bus handler failed', { error: describe(error) }),
        lost: reason => {
          gone = true;
          if (this.#connection !== connection) return;
          this.#forget(connection, reason);
          this.#again(reason);
        },
      },
      statistics,
    );
    if (this.#closed) {
      connection.close();
      return;
    }
    this.#connection = connection;
    ownNames.add(connection.uniqueName);
    try {
      await this.#handlers.up(connection);
      this.#attempt = 0;
    } catch (error) {
      // When it was lost meanwhile, the next one is on its way already.
      if (gone || this.#closed) return;
      this.#forget(connection, error);
      connection.close();
      throw error;
    }
  }

  #forget(connection: DbusConnection, reason?: unknown): void {
    this.#context.ownNames.delete(connection.uniqueName);
    this.#connection = undefined;
    this.#handlers.down(reason);
  }

  #again(reason: unknown): void {
    if (this.#closed) return;
    const { clock, random, log } = this.#context;
    log.debug('connecting to the bus again', { attempt: this.#attempt, reason: describe(reason) });
    this.#retry = clock.after(backoffMs(this.#attempt++, RECONNECT, random), () => this.keep());
  }
}
