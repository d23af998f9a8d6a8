/**
 * One-for-one supervision: an actor that fails is stopped, all it owned is released, and it alone is started again
 * after a backoff. One that keeps failing is degraded: still retried, slowly, and visible to everybody.
 */
import { type Actor, type ActorContext, Scope } from './actor.ts';
import { type BackoffLimits, backoffMs } from './backoff.ts';
import type { Clock, Timer } from './clock.ts';
import { asError, describe, Fault } from './fault.ts';
import type { Log, LogBook } from './log.ts';
import type { Random } from './random.ts';

export type ActorState = 'starting' | 'running' | 'waiting' | 'degraded' | 'stopped';

/** What is known of one actor; `gxd doctor`, the health service and the watchdog look here. */
export interface ActorStatus {
  readonly name: string;
  readonly critical: boolean;
  readonly state: ActorState;
  /** Restarts since the process started. */
  readonly restarts: number;
  readonly lastError: string | null;
}

export interface SupervisorLimits {
  readonly backoff: BackoffLimits;
  /** So many failures within the window make an actor degraded. */
  readonly failures: number;
  readonly windowMs: number;
  /** How often a degraded actor is tried again. */
  readonly degradedRetryMs: number;
  /** How long a start may take before it counts as failed. */
  readonly startMs: number;
}

export const SUPERVISOR_LIMITS: SupervisorLimits = {
  backoff: { firstMs: 200, limitMs: 30_000 },
  failures: 5,
  windowMs: 60_000,
  degradedRetryMs: 60_000,
  startMs: 60_000,
};

interface Child<Context extends ActorContext> {
  readonly actor: Actor<Context>;
  readonly log: Log;
  state: ActorState;
  scope: Scope | undefined;
  retry: Timer | undefined;
  failures: number[];
  restarts: number;
  lastError: string | null;
}

export class Supervisor<Context extends ActorContext> {
  readonly #clock: Clock;
  readonly #logs: LogBook;
  readonly #log: Log;
  readonly #random: Random;
  readonly #limits: SupervisorLimits;
  readonly #makeContext: (scope: Scope, actor: Actor<Context>) => Context;
  readonly #children: Child<Context>[] = [];
  readonly #listeners = new Set<() => void>();
  #stopping = false;

  /** @param makeContext builds what the actors get from the bare scope: bus, world, settings */
  constructor(
    clock: Clock,
    logs: LogBook,
    random: Random,
    makeContext: (scope: Scope, actor: Actor<Context>) => Context,
    limits: SupervisorLimits = SUPERVISOR_LIMITS,
  ) {
    this.#clock = clock;
    this.#logs = logs;
    this.#log = logs.for('supervisor');
    this.#random = random;
    this.#makeContext = makeContext;
    this.#limits = limits;
  }

  /** Starts an actor and keeps it alive from now on. */
  add(actor: Actor<Context>): void {
    if (this.#children.some(child => child.actor.name === actor.name))
      throw new Fault('bug', `two actors are called ${actor.name}`);
    const child: Child<Context> = {
      actor,
      log: this.#logs.for(actor.name),
      state: 'stopped',
      scope: undefined,
      retry: undefined,
      failures: [],
      restarts: 0,
      lastError: null,
    };
    this.#children.push(child);
    this.#start(child);
  }

  status(): ActorStatus[] {
    return this.#children.map(({ actor, state, restarts, lastError }) => ({
      name: actor.name,
      critical: actor.critical === true,
      state,
      restarts,
      lastError,
    }));
  }

  /** Calls `changed` after every change of a status. */
  onChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Stops all actors, last added first, and resolves when everything is released. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of [...this.#children].reverse()) {
      child.retry?.cancel();
      const scope = child.scope;
      child.scope = undefined;
      this.#enter(child, 'stopped');
      await scope?.release(true);
    }
  }

  #start(child: Child<Context>): void {
    const { actor } = child;
    child.retry = undefined;
    const scope = new Scope(actor.name, this.#clock, child.log, error => this.#failed(child, scope, error));
    child.scope = scope;
    this.#enter(child, 'starting');
    const limit = this.#clock.after(this.#limits.startMs, () =>
      this.#failed(child, scope, new Fault('bug', `${actor.name} was not up within ${this.#limits.startMs} ms`)),
    );
    const up = (): void => {
      limit.cancel();
      if (child.scope === scope) this.#enter(child, 'running');
    };
    const down = (error: unknown): void => {
      limit.cancel();
      scope.fail(error);
    };
    try {
      const started = actor.start(this.#makeContext(scope, actor));
      if (started instanceof Promise) started.then(up, down);
      else up();
    } catch (error) {
      down(error);
    }
  }

  #failed(child: Child<Context>, scope: Scope, error: unknown): void {
    if (child.scope !== scope || this.#stopping) return;
    child.scope = undefined;
    child.lastError = describe(error);
    const now = this.#clock.monotonic();
    child.failures = child.failures.filter(at => now - at < this.#limits.windowMs);
    child.failures.push(now);
    const degraded = child.failures.length > this.#limits.failures;
    const delay = degraded
      ? this.#limits.degradedRetryMs
      : backoffMs(child.failures.length - 1, this.#limits.backoff, this.#random);
    this.#log.error(`${child.actor.name} failed: ${describe(error)}`, {
      retryMs: Math.round(delay),
      degraded: degraded || undefined,
    });
    child.log.debug(asError(error).stack ?? 'no stack');
    this.#enter(child, degraded ? 'degraded' : 'waiting');
    // The next start waits for the release: two lives of one actor never own the same name.
    void scope.release().then(() => {
      if (this.#stopping) return;
      child.retry = this.#clock.after(delay, () => {
        child.restarts++;
        this.#start(child);
      });
    });
  }

  #enter(child: Child<Context>, state: ActorState): void {
    if (child.state === state) return;
    child.state = state;
    for (const listener of this.#listeners) listener();
  }
}
