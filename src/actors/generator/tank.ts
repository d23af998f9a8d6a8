/** The tank that stops the engine: below one level it must not run, until the tank is filled above another one. */
import { CONDITION_AT_REST, type ConditionState, stepCondition } from './condition.ts';
import type { ReadNumber } from './settings.ts';

/** @returns the state whose `reached` means that the engine must not run */
export function stepTank(
  state: ConditionState,
  setting: ReadNumber,
  level: number | null,
  now: number,
): ConditionState {
  if (setting('TankLevel/Enabled') !== 1) return CONDITION_AT_REST;
  return stepCondition(state, level, tankLimits(setting), now);
}

export function tankLimits(setting: ReadNumber): {
  readonly startAt: number;
  readonly stopAt: number;
  readonly startTimerMs: 0;
  readonly stopTimerMs: 0;
} {
  const startAt = setting('TankLevel/StopValue');
  // A release below the stop level would let the engine flutter around it.
  const stopAt = Math.max(setting('TankLevel/PreventStartValue'), startAt);
  return { startAt, stopAt, startTimerMs: 0, stopTimerMs: 0 };
}
