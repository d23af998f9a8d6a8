/** Power and current of one phase of AC, and sums of them. */
import { add, type Maybe, negative } from './arithmetic.ts';

export interface Flow {
  /** Watts. */
  readonly power: Maybe;
  /** Amperes. */
  readonly current: Maybe;
}

/** Nobody measures it. */
export const NO_FLOW: Flow = { power: null, current: null };
export const ZERO_FLOW: Flow = { power: 0, current: 0 };

export function plus(a: Flow, b: Flow): Flow {
  return { power: add(a.power, b.power), current: add(a.current, b.current) };
}

export function minus({ power, current }: Flow): Flow {
  return { power: negative(power), current: negative(current) };
}
