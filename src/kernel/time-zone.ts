/**
 * Local days and times of day in a time zone. Durations never go through here: they are the business of the monotonic
 * clock.
 */

export interface LocalMoment {
  /** Days since 1970-01-01 of the local calendar. */
  readonly day: number;
  /** Seconds since local midnight as a wall clock shows them, with their fraction: 0 … 86400. */
  readonly secondOfDay: number;
}

const DAY_MS = 86_400_000;
/** Zones change their offset at multiples of this, so that one look serves for as long. */
const OFFSET_HOLDS_MS = 900_000;
/** Asking for one takes some ten microseconds, and much more on a small processor. */
const OFFSETS_KEPT = 64;

const PARTS: Intl.DateTimeFormatOptions = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
};

export class TimeZone {
  /** As it was asked for: `Europe/Amsterdam`. */
  readonly name: string;
  /** Whether the name is a zone; UTC stands in for one that is not. */
  readonly known: boolean;
  readonly #format: Intl.DateTimeFormat;
  /** Beginning of a quarter of an hour → its offset. */
  readonly #offsets = new Map<number, number>();

  /** @param name of the zone database; empty is UTC, and so is a name that is not known */
  constructor(name: string) {
    this.name = name;
    const format = formatOf(name === '' ? 'UTC' : name);
    this.known = format !== undefined;
    this.#format = format ?? new Intl.DateTimeFormat('en-US', { ...PARTS, timeZone: 'UTC' });
  }

  /** How far local time is ahead of UTC at a moment, milliseconds. */
  offsetMs(wallMs: number): number {
    const slot = Math.floor(wallMs / OFFSET_HOLDS_MS) * OFFSET_HOLDS_MS;
    let offset = this.#offsets.get(slot);
    if (offset === undefined) {
      offset = this.#ask(slot);
      if (this.#offsets.size >= OFFSETS_KEPT) this.#offsets.clear();
      this.#offsets.set(slot, offset);
    }
    return offset;
  }

  local(wallMs: number): LocalMoment {
    const shifted = wallMs + this.offsetMs(wallMs);
    const day = Math.floor(shifted / DAY_MS);
    return { day, secondOfDay: (shifted - day * DAY_MS) / 1000 };
  }

  /**
   * When a wall clock shows this: milliseconds since 1970. What is shown twice means the first time or the second, what
   * is never shown (summer time begins) the moment that would have shown it.
   */
  moment(day: number, secondOfDay: number): number {
    const shown = day * DAY_MS + secondOfDay * 1000;
    return shown - this.offsetMs(shown - this.offsetMs(shown));
  }

  #ask(wallMs: number): number {
    const shown: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(wallMs)) shown[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wallMs;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { ...PARTS, timeZone });
  } catch {
    // RangeError: no such zone. `known` says so.
    return undefined;
  }
}
