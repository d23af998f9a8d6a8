/** States of a VE.Bus device, and the charger state that GUIs show for them (section 6). */

export const STATE = {
  down: 0,
  startup: 1,
  off: 2,
  slave: 3,
  invertFull: 4,
  invertHalf: 5,
  invertAes: 6,
  powerAssist: 7,
  bypass: 8,
  charge: 9,
} as const;

export const SUBSTATE = {
  init: 0,
  bulk: 1,
  absorption: 2,
  float: 3,
  storage: 4,
  repeatedAbsorption: 5,
  forcedAbsorption: 6,
  equalise: 7,
  bulkStopped: 8,
} as const;

/** What GUIs know as `/State`. */
export const SHOWN = {
  off: 0,
  lowPower: 1,
  fault: 2,
  bulk: 3,
  absorption: 4,
  float: 5,
  storage: 6,
  equalise: 7,
  passthru: 8,
  inverting: 9,
  powerAssist: 10,
} as const;

const SHOWN_BY_STATE: Readonly<Record<number, number>> = {
  [STATE.down]: SHOWN.off,
  [STATE.startup]: SHOWN.off,
  [STATE.off]: SHOWN.off,
  [STATE.invertFull]: SHOWN.inverting,
  [STATE.invertHalf]: SHOWN.inverting,
  [STATE.invertAes]: SHOWN.lowPower,
  [STATE.powerAssist]: SHOWN.powerAssist,
  [STATE.bypass]: SHOWN.passthru,
};

const SHOWN_BY_SUBSTATE: Readonly<Record<number, number>> = {
  [SUBSTATE.init]: SHOWN.bulk,
  [SUBSTATE.bulk]: SHOWN.bulk,
  [SUBSTATE.absorption]: SHOWN.absorption,
  [SUBSTATE.float]: SHOWN.float,
  [SUBSTATE.storage]: SHOWN.storage,
  [SUBSTATE.repeatedAbsorption]: SHOWN.absorption,
  [SUBSTATE.forcedAbsorption]: SHOWN.absorption,
  [SUBSTATE.equalise]: SHOWN.equalise,
  [SUBSTATE.bulkStopped]: SHOWN.bulk,
};

/**
 * The state as GUIs know it; null for one that nobody knows. How the stock program composes it is not published: the
 * mapping is inferred from recordings.
 */
export function shownState(state: number, substate: number, error: number): number | null {
  if (error !== 0) return SHOWN.fault;
  if (state === STATE.charge) return SHOWN_BY_SUBSTATE[substate] ?? null;
  return SHOWN_BY_STATE[state] ?? null;
}

/** Whether the input relay is closed: only then is there an active input. Inferred: an inverting device has none. */
export function usesInput(state: number): boolean {
  return state === STATE.powerAssist || state === STATE.bypass || state === STATE.charge;
}
