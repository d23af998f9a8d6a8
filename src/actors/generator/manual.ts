/** Start by hand, with or without a time after which it ends by itself. */

export interface ManualState {
  /** /ManualStart */
  readonly on: boolean;
  /** What is left of /ManualStartTimer, milliseconds; 0: no end. */
  readonly leftMs: number;
  /** The time runs from the first tick on which the start was seen. */
  readonly counting: boolean;
}

export const MANUAL_OFF: ManualState = { on: false, leftMs: 0, counting: false };

/** A tick that is a little early ends the run all the same. */
const EARLY_MS = 50;

/** @param elapsedMs since the last tick, monotonic: time runs on while nobody looks */
export function stepManual(state: ManualState, elapsedMs: number): ManualState {
  if (!state.on || state.leftMs === 0) return state.counting ? { ...state, counting: false } : state;
  if (!state.counting) return { ...state, counting: true };
  const leftMs = state.leftMs - elapsedMs;
  return leftMs <= EARLY_MS ? MANUAL_OFF : { ...state, leftMs };
}

/** /ManualStartTimer: whole seconds left. */
export function manualSecondsLeft(state: ManualState): number {
  return Math.max(0, Math.ceil((state.leftMs - EARLY_MS) / 1000));
}
