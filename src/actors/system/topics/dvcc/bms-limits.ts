import type { Maybe } from '../../arithmetic.ts';
import type { Picture } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';

/** Steps out of turn are at least so far apart, however often the BMS changes its mind. Milliseconds. */
const LEAST_MS = 500;
/** What was told for so long is no flicker, and what was told longer ago is forgotten. Milliseconds. */
const QUIET_MS = 5_000;

export interface BmsLimits {
  /** The battery whose BMS steers. */
  readonly battery: string | null;
  /** Volts and amperes. */
  readonly volts: Maybe;
  readonly amperes: Maybe;
}

/** What the BMS allows: a change of it is a reason for DVCC not to wait for its next step. */
export const bmsLimits = defineTopic<BmsLimits>({
  name: 'bms-limits',
  about: 'The charge limits of the BMS that steers. When they change, DVCC takes a step at once.',
  reads: { devices: { battery: ['/Info/MaxChargeVoltage', '/Info/MaxChargeCurrent'] }, topics: [bmsChoice] },
  publishes: {},
  compute(look) {
    const battery = look.device(look.result(bmsChoice).bms);
    return {
      battery: battery?.name ?? null,
      volts: battery?.number('/Info/MaxChargeVoltage') ?? null,
      amperes: battery?.number('/Info/MaxChargeCurrent') ?? null,
    };
  },
});

/** What DVCC has led by, and what was told meanwhile. */
export interface LimitsMemory {
  /** Of the last step. */
  led?: BmsLimits;
  /** Told last, and since when. Monotonic milliseconds. */
  told?: BmsLimits;
  toldAt: number;
  /** The lowest of late, and until when it was told. */
  lowest?: BmsLimits;
  lowestAt: number;
  /** Something new waits for a step out of turn. */
  isDue: boolean;
  /** When there was one last. */
  steppedAt: number;
}

export const startLimitsMemory = (): LimitsMemory => ({
  toldAt: Number.NEGATIVE_INFINITY,
  lowestAt: Number.NEGATIVE_INFINITY,
  isDue: false,
  steppedAt: Number.NEGATIVE_INFINITY,
});

/**
 * Whether DVCC should take a step out of turn: the BMS that led the last one says something else after a quiet while, or
 * allows less than it did of late. One that goes to and fro is followed in turn only; one that appears waits too.
 *
 * @returns milliseconds until a step may be taken, 0 for at once; undefined when there is no need
 */
export function waitForStep(look: Picture, memory: LimitsMemory): number | undefined {
  const now = look.result(bmsLimits);
  const { told, led } = memory;
  const at = look.monotonicMs;
  if (told === undefined || now.battery === null || now.battery !== told.battery) {
    Object.assign(memory, { ...startLimitsMemory(), told: now, toldAt: at, lowest: now, lowestAt: at });
    return undefined;
  }
  if (now !== told) note(memory, now, told, at);
  if (!memory.isDue || led === undefined || led.battery !== now.battery || isSame(now, led)) return undefined;
  return Math.max(0, memory.steppedAt + LEAST_MS - at);
}

/** A step was taken. @param outOfTurn monotonic milliseconds, when it was one that could not wait */
export function stepTaken(look: Picture, memory: LimitsMemory, outOfTurn: number | undefined): void {
  memory.led = look.result(bmsLimits);
  memory.isDue = false;
  memory.steppedAt = outOfTurn ?? memory.steppedAt;
}

function note(memory: LimitsMemory, now: BmsLimits, before: BmsLimits, at: number): void {
  const lowest = memory.lowest ?? before;
  const wasQuiet = at - memory.toldAt >= QUIET_MS;
  const isForgotten = !isSame(before, lowest) && at - memory.lowestAt >= QUIET_MS;
  const known = isForgotten ? before : lowest;
  const isLess = isBelow(now.volts, known.volts) || isBelow(now.amperes, known.amperes);
  if (wasQuiet || isLess) memory.isDue = true;
  memory.lowest = { ...now, volts: lower(now.volts, known.volts), amperes: lower(now.amperes, known.amperes) };
  // As long as the lowest was what it said, it is of late.
  if (isForgotten || isSame(before, known) || isSame(now, memory.lowest)) memory.lowestAt = at;
  memory.told = now;
  memory.toldAt = at;
}

function isSame(a: BmsLimits, b: BmsLimits): boolean {
  return a.volts === b.volts && a.amperes === b.amperes;
}

function isBelow(a: Maybe, b: Maybe): boolean {
  return a !== null && b !== null && a < b;
}

function lower(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
