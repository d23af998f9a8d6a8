/**
 * The services of other processes, on one connection: finds them, reads them once, then follows their signals. One
 * match rule tells of all names below com.victronenergy, one more per service brings its signals; never one per path.
 *
 * A service is only known to observers when it has been read. A service that lies, floods or never answers costs
 * itself, not the others: everything it can make us do or keep has a limit.
 */
import { type BackoffLimits, backoffMs } from '../../kernel/backoff.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import { BUS_LIMITS, type BusObserver } from '../bus.ts';
import { BUS_ITEM } from '../bus-item.ts';
import { sameValue } from '../value.ts';
import { DAEMON, type DbusConnection, ErrorReply } from './connection.ts';
import { type Changes, ForeignService, readChanges, readItems, readTree } from './foreign-service.ts';
import type { BusContext } from './kept-connection.ts';
import type { Message } from './message.ts';
import { isBusName } from './wire-types.ts';

const NAMESPACE = 'com.victronenergy';
const PREFIX = `${NAMESPACE}.`;
const NAMES_RULE = `type='signal',sender='${DAEMON}',interface='${DAEMON}',member='NameOwnerChanged',arg0namespace='${NAMESPACE}'`;

export const FOREIGN_LIMITS = {
  /** Services read at the same time; daemons allow 128 open calls per connection. */
  readsAtOnce: 64,
  /** How often a service that does not answer is asked, before we wait for a sign of life. */
  readAttempts: 8,
  /** How often a service is read again because it changed while it answered. */
  rereads: 3,
  /** Signals of one service in one second; after that it is left alone for `muteMs`, and read again. */
  signalsPerSecond: 2_000,
  muteMs: 2_000,
} as const;

const RETRY: BackoffLimits = { firstMs: 1_000, limitMs: 30_000 };

/** A service, and where we are with it. */
interface Followed {
  readonly service: ForeignService;
  timer: Timer | undefined;
  /** Counts the readings: only the newest one counts. */
  reading: number;
  attempts: number;
  /** Observers know it. */
  shown: boolean;
  /** Asked often enough in vain: the next signal starts it again. */
  givenUp: boolean;
}

export class ForeignServices {
  readonly #connection: DbusConnection;
  readonly #context: BusContext;
  readonly #tell: BusObserver;
  readonly #followed = new Map<string, Followed>();
  /** Unique name → its services. */
  readonly #byOwner = new Map<string, Followed[]>();
  readonly #waiting: (() => void)[] = [];
  #reading = 0;
  #stopped = false;

  /** @param tell hears of what changes; it must not throw */
  constructor(connection: DbusConnection, context: BusContext, tell: BusObserver) {
    this.#connection = connection;
    this.#context = context;
    this.#tell = tell;
  }

  /** Starts to follow all services, present and to come. Rejects when the daemon does not let us. */
  async start(): Promise<void> {
    await this.#connection.addMatch(NAMES_RULE);
    const [names] = await this.#connection.daemon('ListNames', '', []);
    const present = Array.isArray(names) ? names.filter(isForeignName) : [];
    await Promise.all(present.map(name => this.#findOwner(name)));
  }

  /** Forgets everything, as the connection is gone. Observers are told of each service. */
  stop(): void {
    this.#stopped = true;
    for (const name of [...this.#followed.keys()]) this.#unfollow(name);
  }

  /** The services that observers know. */
  *services(): Iterable<ForeignService> {
    for (const { service, shown } of this.#followed.values()) if (shown) yield service;
  }

  /** Takes a signal that came on the connection. */
  signal(message: Message): void {
    if (message.sender === DAEMON) {
      if (message.member === 'NameOwnerChanged' && message.interface === DAEMON) this.#ownerChanged(message);
      return;
    }
    if (message.interface !== BUS_ITEM) return;
    const owned = this.#byOwner.get(message.sender);
    const changes = owned === undefined ? undefined : this.#admit(owned);
    if (owned === undefined || changes === undefined) {
      this.#context.statistics.strays++;
      return;
    }
    const read = readChanges(message);
    if (read === undefined) {
      this.#context.statistics.badSignals++;
      return;
    }
    for (const followed of owned) this.#change(followed, read);
  }

  /** Whether a signal of this owner is taken at present. All services of one owner are muted together. */
  #admit(owned: readonly Followed[]): true | undefined {
    const [first] = owned;
    if (first === undefined) return undefined;
    const now = this.#context.clock.monotonic();
    if (now < first.service.mutedUntil) return undefined;
    if (first.service.countSignal(now) <= FOREIGN_LIMITS.signalsPerSecond) return true;
    this.#context.statistics.floods++;
    for (const followed of owned) this.#mute(followed, now + FOREIGN_LIMITS.muteMs);
    return undefined;
  }

  #change(followed: Followed, changes: Changes): void {
    const { service } = followed;
    if (service.pending !== undefined) {
      service.keep(changes, service.pending);
      if (followed.givenUp) this.#read(followed);
      return;
    }
    const fresh = service.take(changes);
    if (fresh.length > 0) this.#tell.itemsChanged(service.name, fresh);
  }

  #ownerChanged(message: Message): void {
    const body = message.signature === 'sss' ? message.body : undefined;
    const name = body?.string() ?? '';
    body?.string();
    const owner = body?.string() ?? '';
    if (body === undefined || body.fault !== undefined || !isForeignName(name)) return;
    this.#setOwner(name, owner);
  }

  async #findOwner(name: string): Promise<void> {
    try {
      const [owner] = await this.#connection.daemon('GetNameOwner', 's', [name]);
      if (typeof owner === 'string') this.#setOwner(name, owner);
    } catch (error) {
      // It went while we asked.
      if (!(error instanceof ErrorReply)) throw error;
    }
  }

  /** @param owner a unique name; empty when nobody owns the name any more */
  #setOwner(name: string, owner: string): void {
    if (this.#stopped || this.#followed.get(name)?.service.owner === owner) return;
    this.#unfollow(name);
    if (owner === '' || this.#context.ownNames.has(owner)) return;
    if (this.#followed.size >= BUS_LIMITS.foreignServices) {
      this.#context.statistics.ignoredServices++;
      this.#context.log.warn('service not followed: there are too many', { name });
      return;
    }
    const service = new ForeignService(name, owner, this.#context.statistics);
    const followed: Followed = { service, timer: undefined, reading: 0, attempts: 0, shown: false, givenUp: false };
    this.#followed.set(name, followed);
    this.#byOwner.set(owner, [...(this.#byOwner.get(owner) ?? []), followed]);
    this.#match(name, true);
    this.#read(followed);
  }

  #unfollow(name: string): void {
    const followed = this.#followed.get(name);
    if (followed === undefined) return;
    const { service } = followed;
    this.#followed.delete(name);
    followed.timer?.cancel();
    const others = (this.#byOwner.get(service.owner) ?? []).filter(one => one !== followed);
    if (others.length === 0) this.#byOwner.delete(service.owner);
    else this.#byOwner.set(service.owner, others);
    if (service.mutedUntil === 0) this.#match(name, false);
    if (followed.shown) this.#tell.serviceRemoved(name);
  }

  #match(name: string, add: boolean): void {
    if (!this.#connection.open) return;
    const rule = `type='signal',sender='${name}',interface='${BUS_ITEM}'`;
    const done = add ? this.#connection.addMatch(rule) : this.#connection.removeMatch(rule);
    done.catch(error => {
      if (this.#connection.open) this.#context.log.warn('match rule refused', { name, error: describe(error) });
    });
  }

  /** Leaves a service alone for a while: its signals do not reach us. Then it is read again. */
  #mute(followed: Followed, until: number): void {
    const { service } = followed;
    this.#context.log.warn('service sends too much, left alone for a while', { name: service.name });
    service.mutedUntil = until;
    service.pending ??= new Map();
    followed.reading++;
    this.#match(service.name, false);
    followed.timer?.cancel();
    followed.timer = this.#context.clock.after(FOREIGN_LIMITS.muteMs, () => {
      service.mutedUntil = 0;
      this.#match(service.name, true);
      followed.attempts = 0;
      this.#read(followed);
    });
  }

  /** Reads a service when it is its turn. Signals from now on are kept until it is read. */
  #read(followed: Followed): void {
    followed.service.pending ??= new Map();
    followed.givenUp = false;
    const reading = ++followed.reading;
    const turn = (): void => {
      this.#reading++;
      this.#readNow(followed, reading)
        .catch(error => {
          if (this.#isCurrent(followed, reading)) this.#unread(followed, error);
        })
        .finally(() => {
          this.#reading--;
          this.#waiting.shift()?.();
        });
    };
    if (this.#reading < FOREIGN_LIMITS.readsAtOnce) turn();
    else this.#waiting.push(turn);
  }

  /** Whether this reading of a service is the one that counts: it may have gone, been muted, or be read anew. */
  #isCurrent(followed: Followed, reading: number): boolean {
    return (
      followed.reading === reading && this.#connection.open && this.#followed.get(followed.service.name) === followed
    );
  }

  /**
   * What was signalled before we asked is older than the answer. What is signalled while we wait may be older or newer,
   * so when the two differ, we ask again. In the end the signal counts: a later change would be signalled as well.
   */
  async #readNow(followed: Followed, reading: number): Promise<void> {
    const { service } = followed;
    const before: Changes = new Map();
    for (let round = 0; this.#isCurrent(followed, reading); round++) {
      for (const [path, value] of service.pending ?? []) before.set(path, value);
      const during: Changes = new Map();
      service.pending = during;
      const answer = await this.#ask(service);
      if (!this.#isCurrent(followed, reading)) return;
      const doubtful = [...during].some(([path, value]) => !sameValue(answer.get(path) ?? null, value));
      if (doubtful && round < FOREIGN_LIMITS.rereads) continue;
      this.#show(followed, new Map([...before, ...answer, ...during]));
      return;
    }
  }

  /** GetItems, or for services that do not know it GetValue of `/`. One that knows neither has no items yet. */
  async #ask(service: ForeignService): Promise<Changes> {
    const request = { destination: service.owner, path: '/', interface: BUS_ITEM };
    for (const [member, read] of READERS) {
      try {
        const items = read(await this.#connection.call({ ...request, member }));
        if (items !== undefined) return items;
        this.#context.log.warn('service answers what cannot be read', { name: service.name, member });
      } catch (error) {
        // No answer at all: it is asked again later.
        if (!(error instanceof ErrorReply) || UNANSWERED.has(error.error)) throw error;
      }
    }
    this.#context.statistics.unread++;
    return new Map();
  }

  #show(followed: Followed, items: Changes): void {
    const { service } = followed;
    service.pending = undefined;
    followed.attempts = 0;
    const fresh = service.take(items);
    if (!followed.shown) {
      followed.shown = true;
      this.#tell.serviceAdded(service.name, service.owner, service.items);
      return;
    }
    if (fresh.length > 0) this.#tell.itemsChanged(service.name, fresh);
  }

  #unread(followed: Followed, error: unknown): void {
    const { service } = followed;
    const { clock, random, log, statistics } = this.#context;
    const reason = describe(error);
    if (++followed.attempts >= FOREIGN_LIMITS.readAttempts) {
      statistics.unread++;
      followed.givenUp = true;
      followed.attempts = 0;
      log.warn('service does not tell its values, waiting for a signal', { name: service.name, error: reason });
      return;
    }
    if (followed.attempts === 1) log.warn('service does not answer', { name: service.name, error: reason });
    followed.timer = clock.after(backoffMs(followed.attempts - 1, RETRY, random), () => this.#read(followed));
  }
}

const READERS: readonly (readonly [member: string, read: (message: Message) => Changes | undefined])[] = [
  ['GetItems', readItems],
  ['GetValue', readTree],
];

/** Errors with which the daemon says that there was no answer. */
const UNANSWERED: ReadonlySet<string> = new Set([
  'org.freedesktop.DBus.Error.NoReply',
  'org.freedesktop.DBus.Error.Timeout',
  'org.freedesktop.DBus.Error.LimitsExceeded',
  'org.freedesktop.DBus.Error.ServiceUnknown',
  'org.freedesktop.DBus.Error.NameHasNoOwner',
]);

function isForeignName(name: unknown): name is string {
  return typeof name === 'string' && name.startsWith(PREFIX) && isBusName(name);
}
