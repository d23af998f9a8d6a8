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

export class WriteBudget {
  readonly #clock: Clock;
  readonly #left = new Map<number, { writes: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether the register may be written now; if so, the write is counted */
  take(register: Register): boolean {
    const { burst, everyMs } = register.storage === 'flash' ? FLASH : OTHER;
    const now = this.#clock.monotonic();
    const budget = this.#left.get(register.id) ?? { writes: burst, at: now };
    const writes = Math.min(burst, budget.writes + (now - budget.at) / everyMs);
    if (writes < 1) return false;
    this.#left.set(register.id, { writes: writes - 1, at: now });
    return true;
  }
}
