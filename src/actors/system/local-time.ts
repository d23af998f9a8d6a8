/** Local time as the user has set it, from the clock and the name of a time zone. */
import { TimeZone } from '../../kernel/time-zone.ts';

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

const zones = new Map<string, TimeZone>();
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

/** How far local time is ahead of UTC at a moment. Milliseconds. */
export function offsetMs(wallMs: number, zone: string): number {
  return zoneOf(zone).offsetMs(wallMs);
}

/** The moment at which a local day begins: `days` 0 is the day of `wallMs`, 1 the next one. */
export function localMidnight(wallMs: number, zone: string, days = 0): number {
  const { year, month, day } = localTime(wallMs, zone);
  const asUtc = Date.UTC(year, month - 1, day + days);
  // The offset may differ between now and then: look at it where it counts.
  return asUtc - offsetMs(asUtc - offsetMs(asUtc, zone), zone);
}

function zoneOf(name: string): TimeZone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new TimeZone(name);
    if (zones.size >= ZONE_LIMIT) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}
