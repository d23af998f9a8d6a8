/** What Dynamic ESS remembers from step to step, and what it shows. */
import type { Value } from '../../../../schema/row.ts';
import type { Maybe } from '../../arithmetic.ts';
import type { SecondsOn } from '../ess/seconds-on.ts';
import type { ChargePower } from './orders.ts';

export const STEP_S = 5;
/** An error is shown when it has lasted for so long. Seconds. */
export const ERROR_AFTER_S = 60;

export const ERROR = { none: 0, noEss: 1, essMode: 2, noWindow: 3, socLow: 4, noCapacity: 5 } as const;

export interface Memory {
  readonly since: SecondsOn;
  /** Paths below /DynamicEss as they stand. */
  shown: Record<string, Value>;
  isActive: boolean;
  errorSeconds: number;
  /** Watts, negative for a discharge; null when there is none. */
  rate: Maybe;
  rateSoc: Maybe;
  target: Maybe;
  targetBefore: Maybe;
  reaction: number | null;
  /** Idle: feeding in is allowed or not; null while something else is done. */
  idle: boolean | null;
  solarOff: boolean;
  power: ChargePower;
  at: number;
}

const INITIAL = {
  Active: 0,
  AllowGridFeedIn: null,
  AvailableOverhead: null,
  ChargeHysteresis: 0,
  ChargeRate: 0,
  DischargeHysteresis: 0,
  ErrorCode: ERROR.none,
  Flags: null,
  LastScheduledEnd: null,
  LastScheduledStart: null,
  MinimumSoc: null,
  ReactiveStrategy: null,
  Restrictions: null,
  Strategy: null,
  TargetSoc: 0,
  WindowSlot: 0,
  WindowSoc: 0,
  WorkingSocPrecision: 0,
} as const satisfies Record<string, Value>;
type Shown = keyof typeof INITIAL;

export const startMemory = (): Memory => ({
  since: { seconds: 0 },
  shown: { ...INITIAL },
  isActive: false,
  errorSeconds: 0,
  rate: null,
  rateSoc: null,
  target: null,
  targetBefore: null,
  reaction: null,
  idle: null,
  solarOff: false,
  power: { watts: null },
  at: 0,
});

export function show(memory: Memory, values: Partial<Record<Shown, Value>>): void {
  Object.assign(memory.shown, values);
}

/** @param target percent, null for none */
export function aimAt(memory: Memory, target: Maybe): void {
  memory.target = target;
  show(memory, { TargetSoc: target ?? 0 });
}

/** No error is shown at once: many go by themselves. */
export function showError(memory: Memory, error: number): void {
  if (error === ERROR.none) {
    memory.errorSeconds = 0;
    show(memory, { ErrorCode: ERROR.none });
    return;
  }
  if (memory.errorSeconds >= ERROR_AFTER_S) show(memory, { ErrorCode: error });
  else memory.errorSeconds += STEP_S;
}
