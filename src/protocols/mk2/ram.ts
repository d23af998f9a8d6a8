/** RAM variables of a VE.Bus device (section 5.3). */

export const RAM = {
  mainsVoltage: 0,
  mainsCurrent: 1,
  inverterVoltage: 2,
  inverterCurrent: 3,
  batteryVoltage: 4,
  batteryCurrent: 5,
  batteryRipple: 6,
  inverterPeriod: 7,
  mainsPeriod: 8,
  acLoadCurrent: 9,
  virtualSwitch: 10,
  ignoreAcInput: 11,
  relay: 12,
  chargeState: 13,
  /** Above 0 charging. */
  inverterPower: 14,
  /** Below 0 taken from the mains. */
  mainsPower: 15,
  outputPower: 16,
} as const;

/** Records of assistants begin here. */
export const ASSISTANT_RAM = 0x80;
/** Words of records at most that are looked at. */
export const ASSISTANT_WORDS = 64;
