/**
 * Writes to other services. One write per path is under way at a time, and of those that wait only the newest counts
 * (settings do not wait: their service takes them as they come); a refused one is logged once and left alone for a
 * while. Nobody waits for a write: what came of it is seen in the picture, when the service shows the new value.
 */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { sameValue } from '../../bus/value.ts';
import type { WriteResult } from '../../bus/world.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Value } from '../../schema/row.ts';
import type { PendingWrite } from './outcome.ts';

/** How long a value that was refused is not written again. Milliseconds. */
const REFUSED_MS = 5_000;
/** Paths written to at most; more is a bug of a topic, or a bus that floods us with services. */
const PATH_LIMIT = 2_000;

interface Target {
  /** How many writes. */
  underWay: number;
  next: PendingWrite | undefined;
  refused: { readonly value: Value; readonly until: number } | undefined;
  complained: boolean;
}

export class Writer {
  readonly #world: Pick<ActorWorld, 'service' | 'value' | 'write'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #spawn: (task: Promise<unknown>) => void;
  readonly #targets = new Map<string, Target>();

  constructor(
    world: Pick<ActorWorld, 'service' | 'value' | 'write'>,
    clock: Clock,
    log: Log,
    spawn: (task: Promise<unknown>) => void,
  ) {
    this.#world = world;
    this.#clock = clock;
    this.#log = log;
    this.#spawn = spawn;
  }

  write(pending: PendingWrite): void {
    const { service, path } = pending;
    if (this.#world.service(service) === undefined) return;
    const target = this.#target(`${service} ${path}`);
    if (target === undefined) return;
    if (target.underWay > 0) target.next = pending;
    else if (this.#isWanted(pending, target)) this.#spawn(this.#perform(pending, target));
  }

  /**
   * Writes a setting, also while others to it are under way.
   * @returns resolves when the service has taken it, and shows it, or has not; undefined when it is not written
   */
  keep(pending: PendingWrite): Promise<void> | undefined {
    const { service, path } = pending;
    if (this.#world.service(service) === undefined) return undefined;
    const target = this.#target(`${service} ${path}`);
    if (target === undefined) return undefined;
    return target.underWay > 0 || this.#isWanted(pending, target) ? this.#perform(pending, target) : undefined;
  }

  /** Not what stands there already, unless it must be repeated, nor what has just been refused. */
  #isWanted({ service, path, value, repeat }: PendingWrite, { refused }: Target): boolean {
    if (repeat === undefined && sameValue(this.#world.value(service, path), value)) return false;
    return refused === undefined || !sameValue(refused.value, value) || this.#clock.monotonic() >= refused.until;
  }

  /** Forgets what was written to a service: it has gone. */
  forget(service: string): void {
    for (const [key, target] of this.#targets)
      if (key.startsWith(`${service} `)) {
        target.next = undefined;
        if (target.underWay === 0) this.#targets.delete(key);
      }
  }

  async #perform(pending: PendingWrite, target: Target): Promise<void> {
    const { service, path, value, type } = pending;
    target.underWay++;
    const result = await this.#world.write(service, path, value, type === undefined ? undefined : { type });
    target.underWay--;
    this.#judge(pending, target, result);
    const { next } = target;
    target.next = undefined;
    if (next !== undefined) this.write(next);
  }

  #judge({ service, path, value }: PendingWrite, target: Target, result: WriteResult): void {
    if (result.ok) {
      target.refused = undefined;
      target.complained = false;
      return;
    }
    target.refused = { value, until: this.#clock.monotonic() + REFUSED_MS };
    if (target.complained || this.#world.service(service) === undefined) return;
    target.complained = true;
    this.#log.warn('could not be written', { service, path, value: JSON.stringify(value), why: result.reason });
  }

  #target(key: string): Target | undefined {
    let target = this.#targets.get(key);
    if (target === undefined) {
      if (this.#targets.size >= PATH_LIMIT) {
        this.#log.error('too many paths to write to', { limit: PATH_LIMIT, left: key });
        return undefined;
      }
      target = { underWay: 0, next: undefined, refused: undefined, complained: false };
      this.#targets.set(key, target);
    }
    return target;
  }
}
