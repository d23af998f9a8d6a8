/** The answer to `Why(s path) → s json` of the interface com.victronenergy.Gxd: why a value is what it is. */
import type { Value } from '../schema/row.ts';
import type { World } from './world.ts';

export const GXD_INTERFACE = 'com.victronenergy.Gxd';

/** One value that was looked at. */
export interface ExplainedInput {
  readonly service: string;
  readonly path: string;
  readonly value: Value;
  /** Milliseconds since it last changed; null when it never stood there. */
  readonly ageMs: number | null;
}

/** One choice between candidates. */
export interface ExplainedChoice {
  /** What was to be chosen: `battery monitor`. */
  readonly what: string;
  readonly winner: string | null;
  /** Why the winner is the winner. */
  readonly because: string;
  readonly losers: readonly { readonly candidate: string; readonly reason: string }[];
}

export interface Explanation {
  readonly service: string;
  readonly path: string;
  readonly value: Value;
  /** Which part of the program sets it, and what that part does. */
  readonly topic: string;
  readonly about: string;
  readonly rule: string;
  /** How long ago it was last computed. Milliseconds. */
  readonly computedMsAgo: number;
  readonly inputs: readonly ExplainedInput[];
  readonly choices: readonly ExplainedChoice[];
  /** What was found, in sentences, the weightiest first. */
  readonly notes: readonly string[];
  /** What would have to change for another value. */
  readonly changes?: readonly string[];
}

/**
 * What stands at these items; those that no service has are left out.
 * @param now monotonic, milliseconds
 */
export function explainedInputs(
  world: Pick<World, 'service'>,
  items: readonly (readonly [service: string, path: string])[],
  now: number,
): ExplainedInput[] {
  return items.flatMap(([name, path]) => {
    const service = world.service(name);
    if (service?.has(path) !== true) return [];
    const changedAt = service.changedAt(path);
    const ageMs = changedAt === undefined ? null : Math.round(now - changedAt);
    return [{ service: name, path, value: service.get(path), ageMs }];
  });
}
