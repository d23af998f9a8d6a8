/**
 * How often registers may be written. Most of them lie in flash memory, which wears out: a client that writes one in a
 * loop is refused after a few writes, whatever the values are.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Register } from '../../protocols/vedirect/register.ts';

interface Rate {
  /** Writes in a row. */
  readonly burst: number;
  /** After those one each so many milliseconds. */
  readonly everyMs: number;
}

const FLASH: Rate = { burst: 5, everyMs: 60_000 };
/** Switches and modes, of which it is not known where they are kept. */
const OTHER: Rate = { burst: 10, everyMs: 10_000 };

/** Registers that are counted at a time: those that could be written again at once are forgotten first. */
const REGISTER_LIMIT = 256;

export class WriteBudget {
  readonly #clock: Clock;
  readonly #left = new Map<number, { writes: number; at: number; rate: Rate }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether the register may be written now; if so, the write is counted */
  take(register: Register): boolean {
    const rate = register.storage === 'flash' ? FLASH : OTHER;
    const now = this.#clock.monotonic();
    if (this.#left.size >= REGISTER_LIMIT) this.#forgetFull(now);
    const budget = this.#left.get(register.id);
    if (budget === undefined && this.#left.size >= REGISTER_LIMIT) return false;
    const writes = budget === undefined ? rate.burst : writesLeft(budget, now);
    if (writes < 1) return false;
    this.#left.set(register.id, { writes: writes - 1, at: now, rate });
    return true;
  }

  #forgetFull(now: number): void {
    for (const [id, budget] of this.#left) if (writesLeft(budget, now) >= budget.rate.burst) this.#left.delete(id);
  }
}

function writesLeft({ writes, at, rate }: { writes: number; at: number; rate: Rate }, now: number): number {
  return Math.min(rate.burst, writes + (now - at) / rate.everyMs);
}
