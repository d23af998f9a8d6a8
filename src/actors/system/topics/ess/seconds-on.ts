/** Counts the seconds for which something is on, to act each time a period of them has passed. */

export interface SecondsOn {
  seconds: number;
}

/**
 * @param beats seconds that have passed since it was asked last
 * @returns whether a period has ended since
 */
export function periodEnds(since: SecondsOn, beats: number, periodS: number): boolean {
  const before = Math.floor(since.seconds / periodS);
  since.seconds += beats;
  return Math.floor(since.seconds / periodS) > before;
}
