/** Settings of a VE.Bus device that gxd reads or writes, and bits of its flags (section 5.5). */

export const SETTING = {
  flags0: 0,
  flags1: 1,
  absorptionVoltage: 2,
  floatVoltage: 3,
  chargeCurrent: 4,
  inverterVoltage: 5,
  acInput1Limit: 6,
  assistBoost: 48,
  acInput2Limit: 49,
  batteryCapacity: 64,
} as const;

export type SettingName = keyof typeof SETTING;

/** Bits of flags0. */
export const FLAG0 = { multiphase: 0, disableWaveCheck: 3, powerAssist: 5, disableCharge: 6, waveCheck: 7 } as const;

export function hasFlag(flags: number, bit: number): boolean {
  return ((flags >> bit) & 1) === 1;
}

export function withFlag(flags: number, bit: number, on: boolean): number {
  return on ? flags | (1 << bit) : flags & ~(1 << bit);
}

/** The bits of the wave check (UPS function) must always be opposite. */
export function withUpsFunction(flags: number, on: boolean): number {
  return withFlag(withFlag(flags, FLAG0.disableWaveCheck, !on), FLAG0.waveCheck, on);
}
