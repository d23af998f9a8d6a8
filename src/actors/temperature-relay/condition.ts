/** One condition of a sensor: a relay is on from one temperature on, until another one. */

export interface ConditionLimits {
  /** Above `clear` it is about heat, below about cold; equal ones are no condition. Degrees Celsius. */
  readonly set: number;
  readonly clear: number;
}

export function isActive(active: boolean, temperature: number, { set, clear }: ConditionLimits): boolean {
  if (set === clear) return false;
  if (set > clear) return temperature >= set || (active && temperature > clear);
  return temperature <= set || (active && temperature < clear);
}
