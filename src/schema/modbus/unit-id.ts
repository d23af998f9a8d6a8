/** Unit ids and device instances: a unit id is one byte, a device instance is not. */
import { UNIT_IDS } from './tables/unit-ids.ts';

const INSTANCES: ReadonlyMap<number, number> = new Map(UNIT_IDS);
const UNITS: ReadonlyMap<number, number> = new Map(UNIT_IDS.map(([unit, instance]) => [instance, unit]));

const MAX_UNIT_ID = 255;

/** The instance that a unit id stands for beside the one of its own number; undefined when there is none. */
export function historicalInstance(unit: number): number | undefined {
  return INSTANCES.get(unit);
}

/** The unit id to recommend for an instance: 100 for 0; undefined when none reaches it. */
export function unitIdOf(instance: number): number | undefined {
  const unit = UNITS.get(instance);
  if (unit !== undefined) return unit;
  return instance >= 0 && instance <= MAX_UNIT_ID ? instance : undefined;
}
