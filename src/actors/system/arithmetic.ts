/** Sums over values of which some may be missing: what is missing is left out, and a sum of nothing is nothing. */

export type Maybe = number | null;

/** 1 + null + 2 = 3; null when all are missing. */
export function add(...values: readonly Maybe[]): Maybe {
  let sum: Maybe = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}

/** What devices say at a path, together. */
export function sumOf(devices: readonly { number(path: string): Maybe }[], path: string): Maybe {
  let sum: Maybe = null;
  for (const device of devices) {
    const value = device.number(path);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** Missing when either is. */
export function times(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null ? null : a * b;
}

/** Missing when either is, or when the divisor is 0. */
export function over(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null || b === 0 ? null : a / b;
}

export function negative(a: Maybe): Maybe {
  return a === null ? null : -a;
}

/** Never below 0; missing stays missing. */
export function atLeastZero(a: Maybe): Maybe {
  return a === null ? null : Math.max(0, a);
}
