/** A tree of ours on the bus: its own connection, its name, and both back after the bus was away. */
import { type BackoffLimits, backoffMs } from '../../kernel/backoff.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import type { CallReply, Registration, ServedTree } from '../bus.ts';
import { DAEMON, type DbusConnection, NAME_REPLY } from './connection.ts';
import { type BusContext, KeptConnection } from './kept-connection.ts';
import type { Message } from './message.ts';
import { TreeServer } from './served-tree.ts';

/** How often we ask for a name that another process took while we were away. */
const REGAIN: BackoffLimits = { firstMs: 500, limitMs: 10_000 };

export class PublishedTree implements Registration {
  readonly #tree: ServedTree;
  readonly #context: BusContext;
  readonly #server: TreeServer;
  readonly #kept: KeptConnection;
  readonly #gone: () => void;
  #named = false;
  /** NameLost came since we last asked for the name. */
  #lost = false;
  #wasNamed = false;
  #attempt = 0;
  #retry: Timer | undefined;
  #first: { resolve(): void; reject(error: unknown): void } | undefined;

  /** @param gone called when it is off the bus for good */
  constructor(tree: ServedTree, context: BusContext, gone: () => void) {
    this.#tree = tree;
    this.#gone = gone;
    this.#context = context;
    this.#server = new TreeServer(tree);
    this.#kept = new KeptConnection(context, {
      up: connection => this.#claim(connection),
      down: () => {
        this.#named = false;
        this.#retry?.cancel();
      },
      call: (message, connection) => this.#server.answer(message, connection),
      signal: message => this.#signal(message),
    });
  }

  /**
   * Resolves when the name is ours, however long the bus takes to be there. Rejects with a Fault (bus) when another
   * owns the name.
   */
  publish(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      this.#kept.keep();
    });
  }

  announce(paths: Iterable<string>): void {
    const connection = this.#kept.current;
    // What changes while the bus is away is sent with everything else when it is back.
    if (connection !== undefined && this.#named) this.#server.announce(paths, connection);
  }

  signal(path: string, iface: string, member: string, { signature, body }: CallReply): void {
    const connection = this.#kept.current;
    if (connection !== undefined && this.#named)
      connection.signal(path, iface, member, signature, writer => writer.body(signature, body));
  }

  /** Takes the name off the bus. */
  async release(): Promise<void> {
    const connection = this.#kept.current;
    this.#retry?.cancel();
    this.#settleFirst(new Fault('bus', `${this.#tree.name} was withdrawn`));
    const named = this.#named;
    this.#named = false;
    // The daemon will say that we have lost it.
    this.#lost = true;
    try {
      if (named && connection?.open) await connection.releaseName(this.#tree.name);
    } catch (error) {
      // Closing the connection takes the name off as well.
      this.#context.log.debug('name not released', { name: this.#tree.name, error: describe(error) });
    } finally {
      this.#end();
    }
  }

  async #claim(connection: DbusConnection): Promise<void> {
    const { name } = this.#tree;
    this.#lost = false;
    const result = await connection.requestName(name);
    if (result === NAME_REPLY.primaryOwner || result === NAME_REPLY.alreadyOwner) {
      // It can be lost in the same breath.
      if (this.#lost) {
        this.#claimLater(connection);
        return;
      }
      this.#named = true;
      this.#attempt = 0;
      if (this.#wasNamed) {
        this.#context.log.info('service is back on the bus', { name });
        this.#server.announceAll(connection);
      }
      this.#wasNamed = true;
      this.#settleFirst();
      return;
    }
    if (this.#first !== undefined) {
      this.#settleFirst(new Fault('bus', `${name} is owned by another process`));
      this.#end();
      return;
    }
    if (this.#attempt === 0) this.#context.log.error('another process owns our name', { name });
    this.#claimLater(connection);
  }

  #claimLater(connection: DbusConnection): void {
    const delay = backoffMs(this.#attempt++, REGAIN, this.#context.random);
    this.#retry = this.#context.clock.after(delay, () => {
      this.#claim(connection).catch(error => {
        this.#context.log.debug('name not asked for', { name: this.#tree.name, error: describe(error) });
        if (connection.open) this.#claimLater(connection);
      });
    });
  }

  #signal(message: Message): void {
    const connection = this.#kept.current;
    if (message.sender !== DAEMON || message.member !== 'NameLost' || connection === undefined) return;
    if (message.body?.string() !== this.#tree.name || this.#lost) return;
    this.#lost = true;
    this.#context.statistics.namesLost++;
    this.#context.log.error('name lost to another process', { name: this.#tree.name });
    this.#claimLater(connection);
  }

  #end(): void {
    this.#kept.close();
    this.#gone();
  }

  #settleFirst(error?: Fault): void {
    const first = this.#first;
    this.#first = undefined;
    if (error === undefined) first?.resolve();
    else first?.reject(error);
  }
}
