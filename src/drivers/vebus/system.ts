/** One VE.Bus system at an interface: its devices, how to read them, and what was read last. */
import type { AcInputInfo, DeviceConfig } from '../../protocols/mk2/info-frames.ts';
import type { InterfaceVersion } from '../../protocols/mk2/interface.ts';
import type { LedStatus } from '../../protocols/mk2/leds.ts';
import type { RamForm } from '../../protocols/mk2/scaling.ts';
import { hidesSlavePower } from '../../protocols/mk2/versions.ts';
import type { DeviceState, EnergyCounter } from '../../protocols/mk2/winmon.ts';
import type { RollingEnergy } from './energy.ts';
import type { Mk2Line } from './line.ts';
import type { Ac, Dc } from './measurement.ts';
import type { Panel } from './panel.ts';
import { type Unit, unitsOfPhase } from './units.ts';

export type Phase = 1 | 2 | 3;
export const PHASES: readonly Phase[] = [1, 2, 3];

/** How powers are measured; the numbers are those of `/Ac/PowerMeasurementType`. */
export const POWER_BY = { voltAmperes: 0, ramOfMasters: 1, ram: 2, snapshotOfMasters: 3, snapshot: 4 } as const;

/** Bits of `/Quirks`. The others that were recorded are not known. */
const QUIRK_SLAVES_HIDE_POWER = 1;

/** What the user set of the inputs and of the grid alarm, in the settings of the gateway; null where nothing is set. */
export interface Installation {
  readonly acInput1: number | null;
  readonly acInput2: number | null;
  readonly gridLostAlarm: number | null;
}

export class VebusSystem {
  readonly line: Mk2Line;
  readonly interfaceVersion: InterfaceVersion;
  readonly config: DeviceConfig | undefined;
  readonly master: Unit;
  readonly units: readonly Unit[];
  readonly productName: string;
  readonly panel: Panel;
  readonly installation: () => Installation;
  readonly forms = new Map<number, RamForm>();
  readonly energies = new Map<Unit, ReadonlyMap<EnergyCounter, RollingEnergy>>();
  readonly ac = new Map<Phase, Ac>();
  phases: number | undefined;
  powerBy: number = POWER_BY.snapshot;
  dc: Dc | undefined;
  state: DeviceState | undefined;
  leds: LedStatus | undefined;
  input: AcInputInfo | undefined;
  /** A panel or a BMS decides on switch and limit; undefined until that is known. */
  otherInCharge: boolean | undefined;
  /** Other devices answer than those that were found. */
  changed = false;
  /** Which of all settings of all devices is read next. */
  nextSetting = 0;
  /** When settings were written to an EEPROM, monotonic milliseconds. */
  eepromWrites: number[] = [];

  constructor(parts: {
    line: Mk2Line;
    interfaceVersion: InterfaceVersion;
    config: DeviceConfig | undefined;
    master: Unit;
    units: readonly Unit[];
    productName: string;
    panel: Panel;
    installation: () => Installation;
  }) {
    this.line = parts.line;
    this.interfaceVersion = parts.interfaceVersion;
    this.config = parts.config;
    this.master = parts.master;
    this.units = parts.units;
    this.productName = parts.productName;
    this.panel = parts.panel;
    this.installation = parts.installation;
  }

  /** Those that are there: one as long as the device has not told. */
  get activePhases(): readonly Phase[] {
    return PHASES.slice(0, this.phases ?? 1);
  }

  unitsOf(phase: Phase): readonly Unit[] {
    return unitsOfPhase(this.units, phase, this.phases ?? 1);
  }

  get quirks(): number {
    const parallel = this.units.length > (this.phases ?? 1);
    return parallel && hidesSlavePower(this.master.version.firmware) ? QUIRK_SLAVES_HIDE_POWER : 0;
  }

  /** Quattros have two inputs, by their name: the device does not tell. */
  get acInputs(): 1 | 2 {
    return this.productName.startsWith('Quattro') ? 2 : 1;
  }
}
