/** All clients: takes them in, serves their requests in turn, and closes those that keep others from being served. */
import type { ActorContext } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import type { Connection } from '../../ports/net.ts';
import { MODBUS_TCP_LIMITS as LIMITS } from './limits.ts';
import { type Answerer, Session } from './session.ts';

export interface ServerOptions {
  /** Whose handlers these are. */
  readonly context: Pick<ActorContext, 'clock' | 'guard'>;
  readonly answer: Answerer;
  /** Whether a client of this address may connect. */
  readonly allowed: (address: string) => boolean;
  /** A client has come or gone: the addresses of those that are here. */
  readonly connectionsChanged: (addresses: Iterable<string>) => void;
  /** A client was not let in, or was put out; in words. */
  readonly putOut: (address: string, reason: string, why: 'refused' | 'malformed' | 'overdue') => void;
}

export class ModbusServer {
  readonly #options: ServerOptions;
  readonly #sessions = new Set<Session>();
  /** Clients with a request to be served, in the order they came; each has one served per round. */
  #ready: Session[] = [];
  /** The turn in which they are served; undefined while nobody waits. */
  #turn: Timer | undefined;
  #sweep: Timer | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  accept(connection: Connection): void {
    const { context, answer, allowed, putOut } = this.#options;
    const { clock } = context;
    if (!allowed(connection.remoteAddress)) {
      connection.destroy();
      putOut(connection.remoteAddress, 'its address is not in the allowed networks', 'refused');
      return;
    }
    if (this.#sessions.size >= LIMITS.connections) this.#makeRoom();
    const session = new Session(
      connection,
      () => clock.monotonic(),
      answer,
      one => this.#enqueue(one),
    );
    this.#sessions.add(session);
    this.#sweep ??= clock.every(LIMITS.sweepMs, () => this.#sweepAll());
    connection.onClose(context.guard(() => this.#gone(session)));
    connection.onDrain(context.guard(() => session.drained()));
    connection.onData(
      context.guard(bytes => {
        session.received(bytes);
        this.#closeIfMalformed(session);
      }),
    );
    this.#options.connectionsChanged(this.#addresses());
  }

  /** Closes the clients that are not allowed any more. */
  recheckAllowed(): void {
    for (const session of [...this.#sessions]) {
      if (!this.#options.allowed(session.connection.remoteAddress))
        this.#close(session, 'its address is not in the allowed networks any more', 'refused');
    }
  }

  /** Closes all clients. */
  closeAll(): void {
    for (const session of this.#sessions) session.close();
    this.#sessions.clear();
    this.#ready = [];
    this.#turn?.cancel();
    this.#turn = undefined;
    this.#sweep?.cancel();
    this.#sweep = undefined;
    this.#options.connectionsChanged([]);
  }

  *#addresses(): Iterable<string> {
    for (const session of this.#sessions) yield session.connection.remoteAddress;
  }

  /**
   * Serves it with the next turn, together with all whose requests have come until then: answers that leave one after
   * the other wake a client of many connections, or a system of many clients, once and not each time.
   */
  #enqueue(session: Session): void {
    if (session.queued) return;
    session.queued = true;
    this.#ready.push(session);
    this.#turn ??= this.#nextTurn();
  }

  #nextTurn(): Timer {
    return this.#options.context.clock.soon(() => this.#work());
  }

  #work(): void {
    const now = this.#options.context.clock.monotonic();
    let served = 0;
    for (; served < LIMITS.requestsPerTurn; served++) {
      const session = this.#ready[served];
      if (session === undefined) break;
      session.queued = false;
      if (!session.canServe) continue;
      session.serveOne(now);
      this.#closeIfMalformed(session);
    }
    this.#ready.splice(0, served);
    this.#turn = this.#ready.length === 0 ? undefined : this.#nextTurn();
  }

  #closeIfMalformed(session: Session): void {
    if (session.fault !== undefined) this.#close(session, session.fault, 'malformed');
  }

  #close(session: Session, reason: string, why: 'refused' | 'malformed' | 'overdue'): void {
    if (!this.#sessions.has(session)) return;
    session.close();
    this.#gone(session);
    this.#options.putOut(session.connection.remoteAddress, reason, why);
  }

  #gone(session: Session): void {
    if (!this.#sessions.delete(session)) return;
    session.close();
    if (this.#sessions.size === 0) {
      this.#sweep?.cancel();
      this.#sweep = undefined;
    }
    this.#options.connectionsChanged(this.#addresses());
  }

  /** The client that has never asked anything, else the one silent for longest, leaves. */
  #makeRoom(): void {
    let least: Session | undefined;
    for (const session of this.#sessions) if (least === undefined || before(session, least)) least = session;
    if (least !== undefined) this.#close(least, 'it was silent for longest, and another client came', 'overdue');
  }

  #sweepAll(): void {
    const now = this.#options.context.clock.monotonic();
    for (const session of [...this.#sessions]) {
      const reason = session.overdue(now);
      if (reason !== undefined) this.#close(session, reason, 'overdue');
    }
  }
}

/** Whether `a` should leave rather than `b`. */
function before(a: Session, b: Session): boolean {
  const never = Number(b.requests === 0) - Number(a.requests === 0);
  return never === 0 ? a.activeAt < b.activeAt : never < 0;
}
