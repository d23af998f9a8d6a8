/** Currents that DVCC reckons with, smoothed: clouds and loads come faster than limits should follow. */
import type { Maybe } from '../../arithmetic.ts';
import { smoothed } from '../../low-pass.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import type { Charger, Chargers } from './chargers.ts';

/** What the filters smooth over. Seconds. */
const CHARGER_PERIOD_S = 20;
const VEBUS_PERIOD_S = 30;
const LOADS_PERIOD_S = 20;

export interface Filters {
  /** Service of a solar charger or inverter → amperes. */
  chargers: Record<string, number>;
  /** The VE.Bus system at the battery; positive charges. Amperes. */
  vebus: number;
  /** Measured DC loads. Amperes. */
  loads: number;
}

export const startFilters = (): Filters => ({ chargers: {}, vebus: 0, loads: 0 });

/** One step of each second that has passed. */
export function stepFilters(filters: Filters, chargers: Chargers, vebus: SeenDevice | undefined, steps: number): void {
  const known = filters.chargers;
  filters.chargers = {};
  for (const charger of [...chargers.solar, ...chargers.inverters]) {
    const { name } = charger.device;
    const before = known[name] ?? charger.device.number('/Dc/0/Current') ?? 0;
    const now = yieldOf(charger);
    filters.chargers[name] = now === null ? before : smoothed(before, now, CHARGER_PERIOD_S, steps);
  }
  // Not below what the chargers could make up for: else it takes long to notice that a big load has gone.
  const most = totalLimit(chargers);
  const current = vebus?.number('/Dc/0/Current') ?? 0;
  filters.vebus = smoothed(filters.vebus, most === null ? current : Math.max(current, -most), VEBUS_PERIOD_S, steps);
}

/** What a charger makes from the sun. An inverter may charge with it or feed its loads. */
function yieldOf({ device, kind }: Charger): Maybe {
  const current = device.number('/Dc/0/Current');
  if (kind !== 'inverter') return current;
  const power = device.number('/Yield/Power');
  const volts = device.number('/Dc/0/Voltage');
  if (power === null || volts === null || volts === 0 || current === null) return null;
  return Math.max(power / volts, current);
}

/** Smoothed for the sun, as it is for others. */
export function currentOf(filters: Filters, { device, kind }: Charger): number {
  if (kind === 'alternator' || kind === 'dcgenset') return device.number('/Dc/0/Current') ?? 0;
  return filters.chargers[device.name] ?? 0;
}

/** What all chargers are set to make at most; null when none tells. */
export function totalLimit(chargers: Chargers): Maybe {
  const limits = chargers.all.flatMap(({ limit }) => limit ?? []);
  return limits.length === 0 ? null : limits.reduce((sum, limit) => sum + limit, 0);
}

/** Measured DC loads, which chargers may make up for beyond the limit of the battery. Estimates do not count. */
export function loadCurrent(look: Picture, filters: Filters): number {
  const volts = look.ownNumber('/Dc/Battery/Voltage');
  const power = look.ownNumber('/Dc/System/Power');
  if (look.ownNumber('/Dc/System/MeasurementType') !== MEASURED || !volts || power === null) return 0;
  filters.loads = smoothed(filters.loads, power / volts, LOADS_PERIOD_S);
  return filters.loads;
}

const MEASURED = 1;
