/** The alarms of a start/stop instance: 0 fine, 1 warning, 2 alarm. */
import type { ReadNumber } from './settings.ts';
import { ERROR, type ErrorCode, STATE, type State } from './terms.ts';
import { LOSS_MS, passed, TICK_MS } from './timing.ts';

/** How long automatic or remote start may be off. */
export const DISABLED_MS = 600_000;
/** Above this a DC genset delivers. A. */
const DC_GENSET_A = 5;
/** /Ac/ActiveIn/Source of com.victronenergy.system */
export const SOURCE_GENERATOR = 2;

/** Since when something is not as it should be; null while it is. */
export interface AlarmState {
  readonly noAcSince: number | null;
  readonly noDcSince: number | null;
  /** The DC genset has delivered since it was switched on. */
  readonly dcSeen: boolean;
  readonly autoStartOffSince: number | null;
  readonly remoteOffSince: number | null;
}

export const NO_ALARMS: AlarmState = {
  noAcSince: null,
  noDcSince: null,
  dcSeen: false,
  autoStartOffSince: null,
  remoteOffSince: null,
};

export interface AlarmInputs {
  readonly state: State;
  readonly error: ErrorCode;
  readonly setting: ReadNumber;
  /** The generator is at the active AC input; null when the inverter does not say. */
  readonly acArrives: boolean | null;
  /** Whether the alarm of the DC side is wanted. */
  readonly dcAlarm: boolean;
  /** A; null when the genset does not say. */
  readonly dcCurrent: number | null;
  readonly tankLow: boolean;
  /** Monotonic, and the clock of what was seen. Milliseconds. */
  readonly now: number;
  readonly seenNow: number;
}

export interface AlarmValues {
  readonly noGeneratorAtAcIn: 0 | 2;
  readonly noGeneratorAtDcIn: 0 | 2;
  readonly autoStartDisabled: 0 | 2;
  readonly remoteStartModeDisabled: 0 | 2;
  readonly stoppedByTankLevel: 0 | 1;
}

export function stepAlarms(before: AlarmState, inputs: AlarmInputs): AlarmState {
  const { state, setting, seenNow, now } = inputs;
  const running = state === STATE.running;
  const watchDisabled = setting('Alarms/AutoStartDisabled') === 1;
  const dcSeen = running && (before.dcSeen || inputs.dcCurrent === null || inputs.dcCurrent > DC_GENSET_A);
  return {
    noAcSince: running && setting('Alarms/NoGeneratorAtAcIn') === 1 ? noAcSince(before, inputs) : null,
    noDcSince: running && inputs.dcAlarm && !dcSeen ? (before.noDcSince ?? seenNow) : null,
    dcSeen,
    autoStartOffSince: watchDisabled && setting('AutoStartEnabled') !== 1 ? (before.autoStartOffSince ?? now) : null,
    remoteOffSince: watchDisabled && inputs.error === ERROR.remoteDisabled ? (before.remoteOffSince ?? now) : null,
  };
}

function noAcSince(before: AlarmState, { acArrives, seenNow }: AlarmInputs): number | null {
  // Not said: neither better nor worse.
  if (acArrives === null) return before.noAcSince;
  return acArrives ? null : (before.noAcSince ?? seenNow);
}

export function alarmValues(state: AlarmState, inputs: AlarmInputs): AlarmValues {
  const { now, seenNow, setting } = inputs;
  const after = (since: number | null, at: number, ms: number): 0 | 2 =>
    since !== null && passed(since, at, ms) ? 2 : 0;
  return {
    noGeneratorAtAcIn: after(state.noAcSince, seenNow, LOSS_MS),
    noGeneratorAtDcIn: after(state.noDcSince, seenNow, LOSS_MS),
    // More than the time, not just the time.
    autoStartDisabled: after(state.autoStartOffSince, now, DISABLED_MS + TICK_MS),
    remoteStartModeDisabled: after(state.remoteOffSince, now, DISABLED_MS + TICK_MS),
    stoppedByTankLevel:
      inputs.tankLow && inputs.state === STATE.stoppedByTankLevel && setting('TankLevel/WarningEnabled') === 1 ? 1 : 0,
  };
}
