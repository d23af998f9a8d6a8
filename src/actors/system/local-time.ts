/** Local time as the user has set it, from the clock and the name of a time zone; nothing else knows of zones. */

export interface LocalTime {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 Sunday … 6 Saturday */
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Zones remembered at most. A gateway sees one, or a few while its user makes up his mind. */
const ZONE_LIMIT = 50;

/** @param zone `Europe/Amsterdam`; UTC when it is empty or unknown */
export function localTime(wallMs: number, zone: string): LocalTime {
  const shifted = new Date(wallMs + offsetMs(wallMs, zone));
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
  };
}

/** Zones change their offset at full quarters of an hour only. */
const QUARTER_MS = 15 * 60_000;
/** Offsets by zone and quarter: nearly all questions are about now, this midnight and the next one. */
const offsets = new Map<string, number>();
const OFFSET_LIMIT = 200;

/** How far local time is ahead of UTC at a moment. Milliseconds. */
export function offsetMs(wallMs: number, zone: string): number {
  const quarter = Math.floor(wallMs / QUARTER_MS);
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = computeOffset(quarter * QUARTER_MS, zone);
    if (offsets.size >= OFFSET_LIMIT) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function computeOffset(whole: number, zone: string): number {
  const parts = formatFor(zone).formatToParts(whole);
  const part = (type: string): number => Number(parts.find(one => one.type === type)?.value ?? 0);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour') % 24,
    part('minute'),
    part('second'),
  );
  return local - whole;
}

/** The moment at which a local day begins: `days` 0 is the day of `wallMs`, 1 the next one. */
export function localMidnight(wallMs: number, zone: string, days = 0): number {
  const { year, month, day } = localTime(wallMs, zone);
  const asUtc = Date.UTC(year, month - 1, day + days);
  // The offset may differ between now and then: look at it where it counts.
  return asUtc - offsetMs(asUtc - offsetMs(asUtc, zone), zone);
}

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format !== undefined) return format;
  try {
    format = makeFormat(zone === '' ? 'UTC' : zone);
  } catch {
    // An unknown name: the user sees times in UTC until it is put right.
    format = makeFormat('UTC');
  }
  if (formats.size >= ZONE_LIMIT) formats.clear();
  formats.set(zone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
