/** Whether the pump runs: by hand, or between two levels of a tank. */

/** `/Settings/Pump0/Mode` */
export const MODE = { auto: 0, on: 1, off: 2 } as const;
/** A running pump goes on without a level for so long (300 tries of a second). Milliseconds. */
export const LOSS_MS = 300_000;

export interface PumpInputs {
  readonly mode: number;
  /** Whether a tank is chosen at all; without one the pump stands still, also when it is switched on. */
  readonly hasTank: boolean;
  /** Percent; null when the tank does not tell. */
  readonly level: number | null;
  /** Above the stop level: the pump empties a tank; else it fills one. Percent. */
  readonly startLevel: number;
  readonly stopLevel: number;
}

export interface PumpState {
  readonly running: boolean;
  /** How long a running pump has had no level, milliseconds. */
  readonly missingMs: number;
}

/** @param passedMs since the last look; a hold-up of the program counts as one look */
export function decidePump(state: PumpState, inputs: PumpInputs, passedMs: number): PumpState {
  const { mode, level, startLevel, stopLevel } = inputs;
  if (!inputs.hasTank || mode === MODE.off) return stateOf(false);
  if (mode === MODE.on) return stateOf(true);
  if (level === null) {
    const missingMs = state.missingMs + passedMs;
    return state.running && missingMs <= LOSS_MS ? { running: true, missingMs } : stateOf(false);
  }
  const empties = startLevel > stopLevel;
  const pastStart = empties ? level >= startLevel : level <= startLevel;
  const pastStop = empties ? level <= stopLevel : level >= stopLevel;
  return stateOf((state.running || pastStart) && !pastStop);
}

function stateOf(running: boolean): PumpState {
  return { running, missingMs: 0 };
}
