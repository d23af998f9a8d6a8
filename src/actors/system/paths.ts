/** Short forms for the paths that come in threes. */

export const PHASES = [1, 2, 3] as const;
export type Phase = (typeof PHASES)[number];

/** `/Ac/Out`, `P` → /Ac/Out/L1/P, /Ac/Out/L2/P, /Ac/Out/L3/P; several names one after the other */
export function phasePaths(group: string, ...names: readonly string[]): string[] {
  return names.flatMap(name => PHASES.map(phase => `${group}/L${phase}/${name}`));
}

/** The same rule for several paths, as `publishes` wants it. */
export function sameRule(rule: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map(path => [path, rule]));
}

/** The highest phase that has a power, as stock counts phases; null when none has. */
export function countPhases(powers: readonly (number | null)[]): number | null {
  const highest = powers.findLastIndex(power => power !== null);
  return highest < 0 ? null : highest + 1;
}
