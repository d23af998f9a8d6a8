/** The words and numbers in which start/stop speaks to the outside (fact list, section 2.4). */

/** /State */
export const STATE = {
  stopped: 0,
  running: 1,
  warmUp: 2,
  coolDown: 3,
  stopping: 4,
  stoppedByTankLevel: 5,
  error: 10,
} as const;
export type State = (typeof STATE)[keyof typeof STATE];

export function stateName(state: State): string {
  return Object.entries(STATE).find(([, one]) => one === state)?.[0] ?? String(state);
}

/** /Error */
export const ERROR = {
  none: 0,
  remoteDisabled: 1,
  remoteFault: 2,
  noGensetsEnabled: 4,
} as const;
export type ErrorCode = (typeof ERROR)[keyof typeof ERROR];

/** /RunningByCondition → /RunningByConditionCode. Codes 10 to 12 are kept for what only stops. */
export const REASON_CODE = {
  manual: 1,
  testrun: 2,
  lossofcommunication: 3,
  soc: 4,
  acload: 5,
  batterycurrent: 6,
  batteryvoltage: 7,
  inverterhightemp: 8,
  inverteroverload: 9,
} as const;
/** What runs the engine. */
export type Reason = keyof typeof REASON_CODE;

export function isReason(text: unknown): text is Reason {
  return typeof text === 'string' && Object.hasOwn(REASON_CODE, text);
}

/** /Capabilities, bits */
export const CAPABILITY_WARM_UP_COOL_DOWN = 1;

/** States in which the engine is meant to run. */
export function engineWanted(state: State): boolean {
  return state === STATE.running || state === STATE.warmUp || state === STATE.coolDown;
}
