/** What an actor is, and the scope that releases all it acquired. */
import type { Clock, Timer } from './clock.ts';
import type { Log } from './log.ts';
import { TickEnd } from './tick-end.ts';

/** Something to give back: a timer, a link, a name on the bus, a subscription. */
export interface Owned {
  release(): void | Promise<void>;
}

/** A supervised unit. It is started, works until its scope is released, and may be started again. */
export interface Actor<Context extends ActorContext = ActorContext> {
  /** Lower case, as on the command line: `settings`, `serial-scanner`. */
  readonly name: string;
  /** The watchdog is fed only while every critical actor ticks. */
  readonly critical?: boolean;
  /** Acquires through `context`, and returns (or settles) when the actor is up. */
  start(context: Context): void | Promise<void>;
}

export interface ActorContext {
  readonly name: string;
  /** Timers set here are cancelled when the actor stops; what they throw stops this actor alone. */
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the actor stops. */
  readonly signal: AbortSignal;
  /** Whether the actor stops because the whole program is shut down, and not to be started again. */
  readonly shuttingDown: boolean;
  /** Has `owned` released when the actor stops, last acquired first. Returns it. */
  own<T extends Owned>(owned: T): T;
  /** Wraps a handler that others call: what it throws, or its promise rejects with, stops this actor alone. */
  guard<A extends unknown[]>(handler: (...args: A) => void | Promise<void>): (...args: A) => void;
  /** Lets a task run beside: its rejection stops this actor alone. */
  spawn(task: Promise<unknown>): void;
  /** Ends this actor as failed, for its supervisor to deal with. */
  fail(error: unknown): void;
}

/**
 * The life of one start of one actor. Everything acquired is released in reverse order; a release that throws is
 * reported and does not keep the others from being released.
 */
export class Scope implements ActorContext {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly #owned = new Set<Owned>();
  readonly #abort = new AbortController();
  readonly #failed: (error: unknown) => void;
  #shuttingDown = false;
  /** As the signal says: asking that one is dear where every event asks. */
  #stopped = false;

  constructor(name: string, clock: Clock, log: Log, failed: (error: unknown) => void) {
    this.name = name;
    this.log = log;
    this.#failed = failed;
    this.clock = new ScopedClock(clock, this);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  /** How many things are owned at present. */
  get size(): number {
    return this.#owned.size;
  }

  own<T extends Owned>(owned: T): T {
    if (this.#stopped) {
      // The actor was stopped while this was being acquired: give it back at once.
      void this.#releaseOne(owned);
      return owned;
    }
    this.#owned.add(owned);
    return owned;
  }

  /** Forgets `owned` without releasing it: it has gone by itself. */
  disown(owned: Owned): void {
    this.#owned.delete(owned);
  }

  guard<A extends unknown[]>(handler: (...args: A) => void | Promise<void>): (...args: A) => void {
    return (...args) => {
      if (this.#stopped) return;
      try {
        const result = handler(...args);
        if (result instanceof Promise) this.spawn(result);
      } catch (error) {
        this.fail(error);
      }
    };
  }

  spawn(task: Promise<unknown>): void {
    task.catch(error => this.fail(error));
  }

  fail(error: unknown): void {
    // After the stop only echoes arrive (aborted waits): nobody is left to be restarted.
    if (!this.#stopped) this.#failed(error);
  }

  /**
   * Releases everything. Resolves when all releases have settled.
   * @param shutdown the whole program is shut down
   */
  async release(shutdown = false): Promise<void> {
    this.#shuttingDown = shutdown;
    this.#stopped = true;
    this.#abort.abort();
    const owned = [...this.#owned].reverse();
    this.#owned.clear();
    for (const one of owned) await this.#releaseOne(one);
  }

  async #releaseOne(owned: Owned): Promise<void> {
    try {
      await owned.release();
    } catch (error) {
      this.log.error('release failed', { error: String(error) });
    }
  }
}

/** The clock of a scope: timers are owned, and what they throw is the actor's failure. */
class ScopedClock implements Clock {
  readonly #clock: Clock;
  readonly #scope: Scope;

  constructor(clock: Clock, scope: Scope) {
    this.#clock = clock;
    this.#scope = scope;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  wall(): number {
    return this.#clock.wall();
  }

  after(ms: number, run: () => void): Timer {
    const once = new Once(this.#scope, run);
    return once.set(this.#clock.after(ms, once.fire));
  }

  soon(run: () => void): Timer {
    const once = new Once(this.#scope, run);
    return once.set(this.#clock.soon(once.fire));
  }

  tickEnd(run: () => void): TickEnd {
    const end: TickEnd = new TickEnd(this.#clock, this.#scope.guard(run), () => this.#scope.disown(end));
    return this.#scope.own(end);
  }

  catchUp(): void {
    this.#clock.catchUp();
  }

  every(ms: number, run: (beats: number) => void): Timer {
    const timer = this.#clock.every(ms, this.#scope.guard(run));
    const owned: Owned & Timer = {
      release: () => timer.cancel(),
      cancel: () => {
        timer.cancel();
        this.#scope.disown(owned);
      },
    };
    return this.#scope.own(owned);
  }
}

/** A timer that its scope owns until it has fired. */
class Once implements Owned, Timer {
  readonly #scope: Scope;
  readonly #run: () => void;
  #timer: Timer | undefined;

  constructor(scope: Scope, run: () => void) {
    this.#scope = scope;
    this.#run = scope.guard(run);
  }

  set(timer: Timer): this {
    this.#timer = timer;
    return this.#scope.own(this);
  }

  readonly fire = (): void => {
    this.#scope.disown(this);
    this.#run();
  };

  release(): void {
    this.#timer?.cancel();
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#scope.disown(this);
  }
}
