/** Exponential backoff with jitter: 1, 2, 4 … times the first delay, never above the limit, each ±20 %. */
import type { Random } from './random.ts';

export interface BackoffLimits {
  readonly firstMs: number;
  readonly limitMs: number;
}

const JITTER = 0.2;

/** @param attempt 0 for the first retry */
export function backoffMs(attempt: number, limits: BackoffLimits, random: Random): number {
  const plain = Math.min(limits.limitMs, limits.firstMs * 2 ** Math.min(attempt, 30));
  return plain * (1 - JITTER + 2 * JITTER * random());
}
