/** One condition over time: a value that passes a limit for a while, and later another one for a while. */
import { LOSS_MS, passed, TICK_MS } from './timing.ts';

/** Times are on the clock of what was seen (timing.ts). */
export interface ConditionState {
  readonly reached: boolean;
  /** Since when the value is past the start limit, or past the stop limit once reached. */
  readonly startSince: number | null;
  readonly stopSince: number | null;
  /** Since when the value is missing. */
  readonly missingSince: number | null;
}

export const CONDITION_AT_REST: ConditionState = {
  reached: false,
  startSince: null,
  stopSince: null,
  missingSince: null,
};

const REACHED: ConditionState = { ...CONDITION_AT_REST, reached: true };

export interface ConditionLimits {
  readonly startAt: number;
  readonly stopAt: number;
  readonly startTimerMs: number;
  readonly stopTimerMs: number;
}

/** Whether the value has been missing for so long that communication is lost. The first miss counts as a whole tick. */
export function isLost(state: ConditionState, now: number): boolean {
  return state.missingSince !== null && passed(state.missingSince - TICK_MS, now, LOSS_MS);
}

/** Started by rising values when it starts above where it stops. */
export function startsHigh({ startAt, stopAt }: ConditionLimits): boolean {
  return startAt > stopAt;
}

/** @param value null when it cannot be read: what is reached stays so until communication counts as lost */
export function stepCondition(
  state: ConditionState,
  value: number | null,
  limits: ConditionLimits,
  now: number,
): ConditionState {
  return value === null ? stepMissing(state, now) : stepValue(state, value, limits, now);
}

function stepMissing(state: ConditionState, now: number): ConditionState {
  const missingSince = state.missingSince ?? now;
  return {
    ...(state.reached && !passed(missingSince, now, LOSS_MS) ? REACHED : CONDITION_AT_REST),
    missingSince,
  };
}

function stepValue(state: ConditionState, value: number, limits: ConditionLimits, now: number): ConditionState {
  const high = startsHigh(limits);
  const pastStart = high ? value >= limits.startAt : value <= limits.startAt;
  const pastStop = high ? value <= limits.stopAt : value >= limits.stopAt;
  if (state.reached) {
    if (!pastStop) return REACHED;
    const stopSince = state.stopSince ?? now;
    return passed(stopSince, now, limits.stopTimerMs) ? CONDITION_AT_REST : { ...REACHED, stopSince };
  }
  if (!pastStart) return CONDITION_AT_REST;
  const startSince = state.startSince ?? now;
  return passed(startSince, now, limits.startTimerMs) && !pastStop ? REACHED : { ...CONDITION_AT_REST, startSince };
}
