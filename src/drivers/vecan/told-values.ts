/** What the messages of a device tell of one service: each value with its source and its age. */
import type { Message } from '../../protocols/nmea2000/message.ts';
import type { Value } from '../../schema/row.ts';
import type { PathRow, Said, ServiceKind } from './rows/row.ts';

/** A value is valid for this many intervals of its message … */
const INTERVALS = 3;
/** … and at least, and at most, for so long. Milliseconds. */
const LEAST_MS = 5_000;
const MOST_MS = 60_000;
/** Of messages that say nothing of their interval. */
const USUAL_INTERVAL_MS = 2_500;

interface Told {
  value: Value;
  /** Place in the table: the lower the finer. */
  rank: number;
  until: number;
}

interface Heard {
  at: number;
  /** The longest time between two of them. */
  intervalMs: number;
}

export class ToldValues {
  readonly #rows = new Map<number, { readonly row: PathRow; readonly rank: number }[]>();
  readonly #told = new Map<string, Told>();
  readonly #heard = new Map<number, Heard>();
  #heardAt: number;

  constructor(kind: ServiceKind, now: number) {
    this.#heardAt = now;
    kind.rows.forEach((row, rank) => {
      const rows = this.#rows.get(row.message.pgn);
      if (rows === undefined) this.#rows.set(row.message.pgn, [{ row, rank }]);
      else rows.push({ row, rank });
    });
  }

  /** @param dc place of a battery among those of its device @returns the paths with new values */
  take(message: Message, said: Said, dc: number, now: number): readonly (readonly [string, Value])[] {
    this.#heardAt = now;
    const validMs = this.#validMs(message, now);
    const changes: [string, Value][] = [];
    for (const { row, rank } of this.#rows.get(message.pgn) ?? []) {
      const value = row.read(said);
      if (value === undefined) continue;
      const path = row.path.replace('{dc}', String(dc));
      const known = this.#told.get(path);
      // A finer source, or one that knows, has the say while it goes on.
      if (known !== undefined && known.rank !== rank && known.until > now && (known.rank < rank || value === null))
        continue;
      if (value === null && known?.rank !== rank && known !== undefined) continue;
      this.#told.set(path, { value, rank, until: value === null ? 0 : now + validMs });
      changes.push([path, value]);
    }
    return changes;
  }

  /** @returns paths whose values are too old now */
  expire(now: number): readonly string[] {
    const old: string[] = [];
    for (const [path, told] of this.#told) {
      if (told.value === null || told.until > now) continue;
      told.value = null;
      old.push(path);
    }
    return old;
  }

  /** Whether a value is fresh. */
  isFresh(path: string, now: number): boolean {
    const told = this.#told.get(path);
    return told !== undefined && told.value !== null && told.until > now;
  }

  /** All that is known. */
  all(): readonly (readonly [string, Value])[] {
    return [...this.#told].map(([path, { value }]) => [path, value]);
  }

  /** For so long nothing came. Milliseconds. */
  silentMs(now: number): number {
    return now - this.#heardAt;
  }

  /** When it is silent for so long it is gone: what came most often has not come three times. Milliseconds. */
  get patienceMs(): number {
    let least = MOST_MS;
    for (const { intervalMs } of this.#heard.values()) least = Math.min(least, intervalMs * INTERVALS);
    return Math.max(LEAST_MS * 2, least);
  }

  #validMs(message: Message, now: number): number {
    const heard = this.#heard.get(message.pgn);
    const usual = message.intervalMs ?? USUAL_INTERVAL_MS;
    const since = heard === undefined ? usual : now - heard.at;
    const intervalMs = Math.min(MOST_MS / INTERVALS, Math.max(heard?.intervalMs ?? usual, since));
    this.#heard.set(message.pgn, { at: now, intervalMs });
    return Math.max(LEAST_MS, intervalMs * INTERVALS);
  }
}
