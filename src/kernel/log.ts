/** Logging: a level per actor, a ring of the last lines, and a limit on how many lines a second an actor may write. */
import type { Clock } from './clock.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';
const RANK: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Details of a line; printed as `key=value`. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export interface Line {
  readonly wallMs: number;
  readonly level: Level;
  readonly actor: string;
  readonly message: string;
}

const RING_LINES = 512;
const MESSAGE_CHARS = 2000;
/** Token bucket per actor: so many lines at once, then so many a second. Errors pass too, but are counted. */
const BURST_LINES = 100;
const LINES_PER_SECOND = 10;

interface Bucket {
  tokens: number;
  filledAt: number;
  dropped: number;
}

export class LogBook {
  readonly #clock: Clock;
  readonly #write: (line: Line) => void;
  readonly #levels = new Map<string, Level>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #ring: Line[] = [];
  #next = 0;
  #defaultLevel: Level;

  /** `write` gets every line that passes level and rate; it must not throw. */
  constructor(clock: Clock, write: (line: Line) => void, defaultLevel: Level = 'info') {
    this.#clock = clock;
    this.#write = write;
    this.#defaultLevel = defaultLevel;
  }

  /** Sets the level of one actor, or without a name of all that have none of their own. */
  setLevel(level: Level, actor?: string): void {
    if (actor === undefined) this.#defaultLevel = level;
    else this.#levels.set(actor, level);
  }

  /** The last lines, oldest first. */
  recent(): Line[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  /** The log of one actor. */
  for(actor: string): Log {
    return {
      debug: (message, fields) => this.#put('debug', actor, message, fields),
      info: (message, fields) => this.#put('info', actor, message, fields),
      warn: (message, fields) => this.#put('warn', actor, message, fields),
      error: (message, fields) => this.#put('error', actor, message, fields),
    };
  }

  #put(level: Level, actor: string, message: string, fields: Fields | undefined): void {
    if (RANK[level] < RANK[this.#levels.get(actor) ?? this.#defaultLevel]) return;
    const bucket = this.#bucket(actor);
    if (bucket.tokens < 1) {
      bucket.dropped++;
      return;
    }
    bucket.tokens--;
    let text = fields === undefined ? message : message + formatFields(fields);
    if (bucket.dropped > 0) {
      text += ` [${bucket.dropped} lines dropped before]`;
      bucket.dropped = 0;
    }
    if (text.length > MESSAGE_CHARS) text = `${text.slice(0, MESSAGE_CHARS)}…`;
    const line: Line = { wallMs: this.#clock.wall(), level, actor, message: text };
    this.#ring[this.#next] = line;
    this.#next = (this.#next + 1) % RING_LINES;
    this.#write(line);
  }

  #bucket(actor: string): Bucket {
    const now = this.#clock.monotonic();
    let bucket = this.#buckets.get(actor);
    if (bucket === undefined) {
      bucket = { tokens: BURST_LINES, filledAt: now, dropped: 0 };
      this.#buckets.set(actor, bucket);
    }
    bucket.tokens = Math.min(BURST_LINES, bucket.tokens + ((now - bucket.filledAt) / 1000) * LINES_PER_SECOND);
    bucket.filledAt = now;
    return bucket;
  }
}

function formatFields(fields: Fields): string {
  let text = '';
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = String(value);
    text += ` ${key}=${/[\s"=]/.test(shown) || shown === '' ? JSON.stringify(shown) : shown}`;
  }
  return text;
}
