/**
 * The poll plan at work: asks each row when it is due, the rows of the background between those of the foreground, and
 * says which values have not come again for too long.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Poll, Shown } from './poll.ts';
import type { VebusSystem } from './system.ts';

/** A row that is not answered is asked ever more seldom, up to this many of its periods. */
const SLOWEST = 10;
/** Rows that are asked once were not answered: asked again after this. */
const ASK_AGAIN_MS = 5_000;
/** Which rows are wanted may change while nothing is due. */
const LOOK_AGAIN_MS = 500;
/** A reading that has not come again for so long is not shown any more. */
const STALE_MS = 10_000;
/** Rows that are asked seldom may be missed twice. */
const STALE_PERIODS = 3;

/** A row of the plan at work. */
interface Turn {
  readonly poll: Poll;
  dueAt: number;
  shownAt: number;
  paths: ReadonlySet<string>;
  missed: number;
  asked: boolean;
}

export class PollRunner {
  readonly #system: VebusSystem;
  readonly #clock: Clock;
  readonly #show: (poll: Poll, shown: Shown, gone: Iterable<string>) => void;
  readonly #turns: readonly Turn[];
  readonly #wakes = new Set<() => void>();
  #stopped = false;

  /** @param show gets what a row has read, and the paths that it showed before and does not any more */
  constructor(
    plan: readonly Poll[],
    system: VebusSystem,
    clock: Clock,
    show: (poll: Poll, shown: Shown, gone: Iterable<string>) => void,
  ) {
    this.#system = system;
    this.#clock = clock;
    this.#show = show;
    this.#turns = plan.map(poll => ({ poll, dueAt: 0, shownAt: 0, paths: new Set(), missed: 0, asked: false }));
  }

  /** Asks until stopped. */
  async run(): Promise<void> {
    const background = this.#turns.filter(({ poll }) => poll.background);
    const foreground = this.#turns.filter(({ poll }) => !poll.background);
    // The background waits until everything in front has been asked for once.
    const first = (): boolean => foreground.every(turn => turn.asked || !this.#wanted(turn));
    await Promise.all([this.#round(foreground, () => true), this.#round(background, first)]);
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeAll();
  }

  /** Has a row asked as soon as the line is free. */
  ask(poll: Poll): void {
    for (const turn of this.#turns) if (turn.poll === poll) turn.dueAt = this.#clock.monotonic();
    this.#wakeAll();
  }

  /** The paths whose values have not come again for too long; each is given once. */
  takeStale(): string[] {
    const now = this.#clock.monotonic();
    return this.#turns.flatMap(turn => {
      const { everyMs, once } = turn.poll;
      const fresh = now - turn.shownAt < Math.max(STALE_MS, STALE_PERIODS * everyMs);
      if (once || fresh) return [];
      const stale = [...turn.paths];
      turn.paths = new Set();
      return stale;
    });
  }

  #wanted({ poll }: Turn): boolean {
    return poll.when?.(this.#system) ?? true;
  }

  async #round(turns: readonly Turn[], may: () => boolean): Promise<void> {
    while (!this.#stopped) {
      const wanted = may() ? turns.filter(turn => this.#wanted(turn)) : [];
      const now = this.#clock.monotonic();
      const first = wanted.reduce<Turn | undefined>(
        (best, turn) => (best === undefined || turn.dueAt < best.dueAt ? turn : best),
        undefined,
      );
      if (first !== undefined && first.dueAt <= now) await this.#take(first);
      else await this.#rest(Math.min((first?.dueAt ?? Number.POSITIVE_INFINITY) - now, LOOK_AGAIN_MS));
    }
  }

  async #take(turn: Turn): Promise<void> {
    const { poll } = turn;
    // Asked again by a client's write while it is under way, it is due again.
    turn.dueAt = Math.max(turn.dueAt + poll.everyMs, this.#clock.monotonic());
    const dueAt = turn.dueAt;
    const shown = await poll.read(this.#system);
    turn.asked = true;
    if (this.#stopped) return;
    const now = this.#clock.monotonic();
    if (shown === undefined) {
      turn.missed = Math.min(turn.missed + 1, SLOWEST);
      turn.dueAt = now + (poll.once ? ASK_AGAIN_MS : poll.everyMs * turn.missed);
      return;
    }
    turn.missed = 0;
    turn.shownAt = now;
    if (poll.goesOn?.(this.#system)) turn.dueAt = now;
    else if (turn.dueAt === dueAt) turn.dueAt = poll.once ? Number.POSITIVE_INFINITY : Math.max(now, dueAt);
    const paths = new Set<string>(shown.map(([path]) => path));
    const gone = [...turn.paths].filter(path => !paths.has(path));
    turn.paths = paths;
    this.#show(poll, shown, gone);
  }

  async #rest(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const wake = (): void => {
        timer.cancel();
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = this.#clock.after(ms, wake);
      this.#wakes.add(wake);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}
