/** What RMC, GGA and GNS sentences say about position and movement (fact sheet gps-nmea0183, section 3). */
import type { Sentence } from './sentence-parser.ts';

/**
 * What one sentence adds to what is known. Absent: it does not say, the former value stands. Without a fix nothing
 * but `fix` is given.
 */
export interface FixUpdate {
  readonly fix?: boolean;
  /** Milliseconds since midnight UTC */
  readonly utcTime?: number;
  /** Degrees, north is + */
  readonly latitude?: number;
  /** Degrees, east is + */
  readonly longitude?: number;
  /** m/s over ground */
  readonly speed?: number;
  /** Degrees from true north. Null while we do not move: it would be noise. */
  readonly course?: number | null;
  /** Metres above mean sea level */
  readonly altitude?: number;
  readonly satellites?: number;
}

const KNOT = 1852 / 3600;
/** Faster than any vehicle that carries us: such a number is a fault. */
const SPEED_LIMIT = 1000;

/** @returns undefined for a sentence of another type. Fields that cannot be read count as empty. */
export function decodeFix(sentence: Sentence): FixUpdate | undefined {
  const at = (index: number): string => sentence.fields[index] ?? '';
  switch (sentence.type) {
    case 'RMC':
      return update(at(2) === '' ? undefined : at(2) === 'A', {
        ...position(sentence, 1, 3),
        ...movement(at(7), at(8)),
      });
    case 'GGA':
      return update(at(6) === '' ? undefined : at(6) !== '0', {
        ...position(sentence, 1, 2),
        ...heightAndSatellites(at(7), at(9)),
      });
    case 'GNS':
      return update(at(6) === '' ? undefined : /[^N]/.test(at(6)), {
        ...position(sentence, 1, 2),
        ...heightAndSatellites(at(7), at(9)),
      });
    default:
      return undefined;
  }
}

function update(fix: boolean | undefined, values: FixUpdate): FixUpdate {
  if (fix === undefined) return values;
  return fix ? { fix, ...values } : { fix };
}

/** @param from index of the latitude; hemisphere, longitude and its hemisphere follow */
function position({ fields }: Sentence, time: number, from: number): FixUpdate {
  const utcTime = timeOfDay(fields[time] ?? '');
  const latitude = angle(fields[from] ?? '', fields[from + 1] ?? '', 'N', 'S', 90);
  const longitude = angle(fields[from + 2] ?? '', fields[from + 3] ?? '', 'E', 'W', 180);
  return {
    ...(utcTime === undefined ? {} : { utcTime }),
    // One without the other would be a place where nobody is.
    ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
  };
}

function movement(knots: string, degrees: string): FixUpdate {
  const speed = decimal(knots, 0, SPEED_LIMIT / KNOT);
  const course = decimal(degrees, 0, 360);
  if (speed === undefined) return { course: null };
  return {
    speed: speed * KNOT,
    ...(speed === 0 ? { course: null } : course === undefined ? {} : { course }),
  };
}

function heightAndSatellites(count: string, metres: string): FixUpdate {
  const satellites = /^\d{1,2}$/.test(count) ? Number(count) : undefined;
  const altitude = decimal(metres, -1000, 100_000);
  return {
    ...(satellites === undefined ? {} : { satellites }),
    ...(altitude === undefined ? {} : { altitude }),
  };
}

/** `hhmmss` with up to three decimals that count. */
function timeOfDay(text: string): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(?:\.(\d*))?$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const milliseconds = Number((match[4] ?? '').slice(0, 3).padEnd(3, '0'));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

/** `dddmm.mmmm` with its hemisphere, degrees. */
function angle(text: string, side: string, plus: string, minus: string, limit: number): number | undefined {
  const match = /^(\d{1,3}?)(\d\d(?:\.\d*)?)$/.exec(text);
  if (match === null || (side !== plus && side !== minus)) return undefined;
  const minutes = Number(match[2]);
  const degrees = Number(match[1]) + minutes / 60;
  if (minutes >= 60 || degrees > limit) return undefined;
  return side === minus ? -degrees : degrees;
}

function decimal(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d{1,9}(\.\d*)?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
