/** Short forms for the paths that come in threes. */

export const PHASES = [1, 2, 3] as const;
export type Phase = (typeof PHASES)[number];

/** `/Ac/Out`, `P` → /Ac/Out/L1/P, /Ac/Out/L2/P, /Ac/Out/L3/P; several names one after the other */
export function phasePaths(group: string, ...names: readonly string[]): string[] {
  return names.flatMap(name => PHASES.map(phase => `${group}/L${phase}/${name}`));
}

/** Where power and current of one phase stand. */
export interface FlowPaths {
  readonly phase: Phase;
  readonly power: string;
  readonly current: string;
}

/**
 * The paths of one phase of a group, to be made once: putting them together on every run would cost more than the sums.
 * The names are `Power` and `Current` in meters and in the system, `P` and `I` in inverters.
 */
export function flowPathsOf(phase: Phase, group: string, power = 'Power', current = 'Current'): FlowPaths {
  return { phase, power: `${group}/L${phase}/${power}`, current: `${group}/L${phase}/${current}` };
}

export function bothOf({ power, current }: FlowPaths): string[] {
  return [power, current];
}

/** The same rule for several paths, as `publishes` wants it. */
export function sameRule(rule: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map(path => [path, rule]));
}
