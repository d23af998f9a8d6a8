/**
 * How a charge current is divided among chargers. Each gets the same share of the room it has left, from what it makes
 * to what it can make, so that all are loaded alike and the sum is the limit.
 */
import { roundTo } from '../../rounding.ts';

export interface Share {
  /** What the charger can make at most. Amperes. */
  readonly limit: number;
  /** What it makes, smoothed. Amperes. */
  readonly current: number;
}

/** Chargers take tenths of an ampere. */
const DECIMALS = 1;
/** A limit of so much of what the chargers can make together is no limit. */
const NEARLY_ALL = 0.95;

/**
 * @param limit amperes for all chargers together
 * @returns a limit for each charger, never above what it can make. Together they are at most `limit`, but for the
 * rounding: a single charger gets it rounded up, several ones are within 0.1 A.
 */
export function distribute(limit: number, chargers: readonly Share[]): number[] {
  const [only] = chargers;
  if (only === undefined) return [];
  if (chargers.length === 1) return [bounded(Math.ceil(limit), only.limit)];
  const capacity = sum(chargers.map(charger => charger.limit));
  if (limit > NEARLY_ALL * capacity) return chargers.map(charger => charger.limit);
  // An inverter/charger may make more than it can charge with: the rest feeds its loads.
  const currents = chargers.map(charger => Math.min(charger.current, charger.limit));
  const room = capacity - sum(currents);
  const ideal =
    room > 0
      ? chargers.map((charger, i) => {
          const current = currents[i] ?? 0;
          return current + ((limit - sum(currents)) / room) * (charger.limit - current);
        })
      : chargers.map(charger => (limit * charger.limit) / capacity);
  return inTenths(withinLimit(ideal, limit), chargers);
}

/** Shares below 0 are 0; what that adds to the sum is taken from the others. */
function withinLimit(ideal: readonly number[], limit: number): number[] {
  const shares = ideal.map(share => Math.max(0, share));
  const total = sum(shares);
  return total > limit && total > 0 ? shares.map(share => (share * Math.max(0, limit)) / total) : shares;
}

/** What rounding takes from one charger, the next one gets. */
function inTenths(shares: readonly number[], chargers: readonly Share[]): number[] {
  let carried = 0;
  return shares.map((share, i) => {
    const wanted = Math.max(0, share + carried);
    const rounded = bounded(roundTo(wanted, DECIMALS), chargers[i]?.limit ?? 0);
    carried = wanted - rounded;
    return rounded;
  });
}

function bounded(current: number, limit: number): number {
  return Math.max(0, Math.min(current, limit));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
