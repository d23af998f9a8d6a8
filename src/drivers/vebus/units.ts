/** The devices of a VE.Bus system as the driver knows them. */
import type { AssistantRecord } from '../../protocols/mk2/assistants.ts';
import type { RamForm, SettingInfo } from '../../protocols/mk2/scaling.ts';
import type { SettingName } from '../../protocols/mk2/settings.ts';
import type { Version } from '../../protocols/mk2/versions.ts';

/** A setting as it was read. */
export interface KnownSetting {
  readonly info: SettingInfo;
  readonly raw: number;
}

export interface Unit {
  /** Its place in `/Devices/n`. */
  readonly index: number;
  readonly address: number;
  readonly version: Version;
  /** 1 to 3. */
  readonly phase: number;
  serial: string | undefined;
  readonly settings: Map<SettingName, KnownSetting>;
  /** Undefined until they were read. */
  assistants: readonly AssistantRecord[] | undefined;
  /** A written setting waits for a reset of the device. */
  resetRequired: boolean;
}

/** How RAM variables are to be read, by id; the same for all units, which must be alike to work together. */
export type RamForms = ReadonlyMap<number, RamForm>;

/** Addresses go round the phases: 0 L1, 1 L2, 2 L3, 3 L1 … (fact sheet mk2-vebus, section 7). */
export function phaseOfAddress(address: number): number {
  return (address % 3) + 1;
}

/** The units that feed a phase. In a system of one phase all of them do. */
export function unitsOfPhase(units: readonly Unit[], phase: number, phases: number): readonly Unit[] {
  return phases === 1 ? (phase === 1 ? units : []) : units.filter(unit => unit.phase === phase);
}
