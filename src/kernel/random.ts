/** Seeded random numbers (mulberry32): jitter and simulations that can be repeated from one number. */
export type Random = () => number;

/** @returns a source of numbers in [0, 1), always the same for the same seed */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
