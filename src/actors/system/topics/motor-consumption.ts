import { bearingBetween, type Coordinates, metresBetween, turnBetween } from '../geography.ts';
import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';

/** Slower is drifting: not counted. Metres per second. */
const SLOWEST = 0.3;
/** Faster is a fault of the receiver: counted as this. Metres per second. */
const FASTEST = 20;
/** A sharper turn is a fault of the receiver, or a new leg: not counted. Degrees. */
const SHARPEST_TURN = 45;
/** Shorter steps tell no course. Metres. */
const SHORTEST_STEP = 1;
/** Points further apart in time may lie in any direction. Milliseconds. */
const LONGEST_STEP_MS = 10_000;
/** How fast power and current are followed. Milliseconds. */
const SMOOTHING_MS = 3_000;
/** The consumption is that over the last 50 pieces of 37 m: a nautical mile. */
const PIECES = 50;
const PIECE_METRES = 37;
const DAY_MS = 86_400_000;

interface Point extends Coordinates {
  /** Milliseconds since midnight UTC. */
  readonly timeMs: number;
}

/** What was used on a piece of the way. */
interface Piece {
  metres: number;
  wattHours: number;
  ampereHours: number;
}

interface Memory {
  last: Point | null;
  bearing: number | null;
  isContinuous: boolean;
  /** Smoothed. */
  watts: number | null;
  amperes: number | null;
  /** What the motors took at the beat before: it is what they took on the step that ends now. */
  taken: { watts: number | null; amperes: number | null };
  readonly pieces: Piece[];
}

/** What the motors use per kilometre. */
export const motorConsumption = defineTopic<undefined, Memory>({
  name: 'motor-consumption',
  about: 'What the motors use per kilometre, over the last nautical mile that was made at a steady course.',
  reads: {
    devices: { gps: ['/UtcTime', '/Position/Latitude', '/Position/Longitude'] },
    own: ['/GpsService', '/MotorDrive/Power', '/MotorDrive/Current'],
  },
  publishes: {
    '/MotorDrive/ConsumptionWhkm': 'energy over distance on the last nautical mile',
    '/MotorDrive/ConsumptionAhkm': 'charge over distance on the last nautical mile',
  },
  everyMs: 1_000,
  onBeatOnly: true,
  start: () => ({
    last: null,
    bearing: null,
    isContinuous: false,
    watts: null,
    amperes: null,
    taken: { watts: null, amperes: null },
    pieces: [],
  }),
  compute(look, out, memory) {
    follow(look, memory);
    const total = { metres: 0, wattHours: 0, ampereHours: 0 };
    for (const piece of memory.pieces) addTo(total, piece);
    if (total.metres > 0) {
      out.set('/MotorDrive/ConsumptionWhkm', total.wattHours / (total.metres / 1000));
      out.set('/MotorDrive/ConsumptionAhkm', total.ampereHours / (total.metres / 1000));
    }
    return undefined;
  },
});

function follow(look: Picture, memory: Memory): void {
  const point = pointNow(look);
  const { watts, amperes } = memory.taken;
  memory.taken = { watts: look.ownNumber('/MotorDrive/Power'), amperes: look.ownNumber('/MotorDrive/Current') };
  if (point === null || watts === null || amperes === null) {
    Object.assign(memory, { last: null, bearing: null, isContinuous: false, watts: null, amperes: null });
    return;
  }
  const stepMs = memory.last === null ? 0 : (point.timeMs - memory.last.timeMs + DAY_MS) % DAY_MS;
  // The receiver has nothing new to tell.
  if (memory.last !== null && stepMs === 0) return;
  const metres = distanceMade(memory, point, stepMs);
  const share = 1 - Math.exp(-stepMs / SMOOTHING_MS);
  memory.watts = memory.watts === null ? watts : memory.watts + share * (watts - memory.watts);
  memory.amperes = memory.amperes === null ? amperes : memory.amperes + share * (amperes - memory.amperes);
  if (metres === null) return;
  const hours = stepMs / 3_600_000;
  spread(memory.pieces, { metres, wattHours: memory.watts * hours, ampereHours: memory.amperes * hours });
}

function pointNow(look: Picture): Point | null {
  const receiver = look.device(look.ownText('/GpsService'));
  const timeMs = receiver?.number('/UtcTime') ?? null;
  const latitude = receiver?.number('/Position/Latitude') ?? null;
  const longitude = receiver?.number('/Position/Longitude') ?? null;
  return timeMs === null || latitude === null || longitude === null ? null : { timeMs, latitude, longitude };
}

/** Metres since the last point; null when they do not count. */
function distanceMade(memory: Memory, point: Point, stepMs: number): number | null {
  let made: number | null = null;
  if (memory.last !== null) {
    const metres = metresBetween(memory.last, point);
    if (metres < (SLOWEST * stepMs) / 1000) {
      memory.isContinuous = false;
      return null;
    }
    made = Math.min(metres, (FASTEST * stepMs) / 1000);
    const bearing = bearingBetween(memory.last, point);
    const hasTurned = memory.bearing !== null && turnBetween(memory.bearing, bearing) >= SHARPEST_TURN;
    if (hasTurned && stepMs < LONGEST_STEP_MS && made >= SHORTEST_STEP) {
      memory.isContinuous = false;
      return null;
    }
    memory.bearing = bearing;
  }
  memory.last = point;
  if (!memory.isContinuous) {
    memory.isContinuous = true;
    return null;
  }
  return made;
}

/** Puts a step onto the pieces of the way, the oldest of which falls off. */
function spread(pieces: Piece[], step: Piece): void {
  const rest = { ...step };
  // A step is 20 m/s at most: a day of it would not come round more than the whole window.
  for (let i = 0; rest.metres > 0 && i <= 2 * PIECES; i++) {
    const piece = pieces.at(-1);
    const room = piece === undefined ? 0 : PIECE_METRES - piece.metres;
    if (piece === undefined || room <= 0) {
      pieces.push({ metres: 0, wattHours: 0, ampereHours: 0 });
      if (pieces.length > PIECES) pieces.shift();
      continue;
    }
    const share = Math.min(1, room / rest.metres);
    const part = {
      metres: rest.metres * share,
      wattHours: rest.wattHours * share,
      ampereHours: rest.ampereHours * share,
    };
    addTo(piece, part);
    rest.metres -= part.metres;
    rest.wattHours -= part.wattHours;
    rest.ampereHours -= part.ampereHours;
  }
}

function addTo(sum: Piece, piece: Piece): void {
  sum.metres += piece.metres;
  sum.wattHours += piece.wattHours;
  sum.ampereHours += piece.ampereHours;
}
