/** Low-pass filters of first order, one step a second. */

/** How far the filtered value moves towards a new one in a second, by the period in seconds that it smooths over. */
export function share(periodS: number): number {
  return (2 * Math.PI) / periodS;
}

/** The filtered value after `steps` seconds in which `value` stood. */
export function smoothed(filtered: number, value: number, periodS: number, steps = 1): number {
  return value + (filtered - value) * (1 - share(periodS)) ** steps;
}
