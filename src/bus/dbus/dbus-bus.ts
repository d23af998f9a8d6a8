/**
 * The bus over a real daemon: one connection for watching and calling others, and one per service of ours, as the
 * paths of a service belong to its connection. All come back by themselves when the daemon does.
 */
import type { Owned } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { Bus, BusObserver, CallReply, Registration, ServedTree, Typed } from '../bus.ts';
import { BUS_ITEM, ERROR, failure } from '../bus-item.ts';
import { parseAddress } from './address.ts';
import { bodyOf, type DbusConnection, type Request } from './connection.ts';
import { ForeignServices } from './foreign-services.ts';
import { type BusContext, KeptConnection } from './kept-connection.ts';
import { PublishedTree } from './published-tree.ts';
import { type BusStatistics, newStatistics } from './statistics.ts';
import { isBusName } from './wire-types.ts';

export interface DbusBusOptions {
  /** As in DBUS_SYSTEM_BUS_ADDRESS; see `systemBusAddress`. */
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class DbusBus implements Bus {
  readonly #context: BusContext;
  readonly #client: KeptConnection;
  readonly #observers = new Set<BusObserver>();
  readonly #published = new Set<PublishedTree>();
  #foreign: ForeignServices | undefined;

  private constructor(options: DbusBusOptions) {
    const { address, clock, random, log } = options;
    const ownNames = new Set<string>();
    this.#context = { addresses: parseAddress(address), clock, random, log, statistics: newStatistics(), ownNames };
    this.#client = new KeptConnection(this.#context, {
      up: connection => this.#up(connection),
      down: reason => {
        if (reason !== undefined) log.warn('the bus is gone', { reason: describe(reason) });
        this.#down();
      },
      call: (message, connection) =>
        connection.replyError(message, failure(ERROR.unknownObject, 'nothing is served on this connection')),
      signal: message => this.#foreign?.signal(message),
    });
  }

  /**
   * Connects. Rejects with a Fault when the bus is not there (bus) or the address is wrong (configuration); once it
   * has been there, it is waited for.
   */
  static async open(options: DbusBusOptions): Promise<DbusBus> {
    const bus = new DbusBus(options);
    await bus.#client.open();
    return bus;
  }

  /** What has been counted so far. */
  statistics(): BusStatistics {
    return { ...this.#context.statistics };
  }

  async publish(tree: ServedTree): Promise<Registration> {
    if (!isBusName(tree.name)) throw new Fault('bus', `"${tree.name}" is not a name for a service`);
    const published = new PublishedTree(tree, this.#context, () => this.#published.delete(published));
    this.#published.add(published);
    await published.publish();
    return published;
  }

  observe(observer: BusObserver): Owned {
    this.#observers.add(observer);
    observer.busState(this.#foreign !== undefined);
    for (const service of this.#foreign?.services() ?? [])
      observer.serviceAdded(service.name, service.owner, service.items);
    return { release: () => void this.#observers.delete(observer) };
  }

  async setValue(service: string, path: string, value: Typed): Promise<number> {
    const reply = await this.call(service, path, BUS_ITEM, 'SetValue', { signature: 'v', body: [value] });
    const [code] = reply.body;
    if (typeof code !== 'number') throw new Fault('bus', `SetValue of ${service}${path}: the answer is not a number`);
    return code;
  }

  async call(service: string, path: string, iface: string, member: string, args: CallReply): Promise<CallReply> {
    const connection = this.#client.current;
    const what = `${member} of ${service}${path}`;
    if (connection === undefined) throw new Fault('bus', `${what}: the bus is not connected`);
    const request: Request = { destination: service, path, interface: iface, member, ...args };
    return bodyOf(await connection.call(request), what);
  }

  /** Takes everything off the bus. Resolves when the names are free. */
  async close(): Promise<void> {
    await Promise.all([...this.#published].map(published => published.release()));
    this.#client.close();
    this.#observers.clear();
  }

  async #up(connection: DbusConnection): Promise<void> {
    const foreign = new ForeignServices(connection, this.#context, {
      serviceAdded: (...args) => this.#tell(observer => observer.serviceAdded(...args)),
      itemsChanged: (...args) => this.#tell(observer => observer.itemsChanged(...args)),
      serviceRemoved: (...args) => this.#tell(observer => observer.serviceRemoved(...args)),
      busState: up => this.#tell(observer => observer.busState(up)),
    });
    this.#foreign = foreign;
    this.#tell(observer => observer.busState(true));
    await foreign.start();
  }

  #down(): void {
    const foreign = this.#foreign;
    if (foreign === undefined) return;
    foreign.stop();
    this.#foreign = undefined;
    this.#tell(observer => observer.busState(false));
  }

  /** An observer that throws must not keep the others from hearing. */
  #tell(hear: (observer: BusObserver) => void): void {
    for (const observer of [...this.#observers]) {
      try {
        hear(observer);
      } catch (error) {
        this.#context.log.error('an observer of the bus failed', { error: describe(error) });
      }
    }
  }
}
