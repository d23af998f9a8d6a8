/** From raw info frames to volts, amperes and hertz, by what the device said of its variables. */
import type { AcInfo, DcInfo } from '../../protocols/mk2/info-frames.ts';
import { RAM } from '../../protocols/mk2/ram.ts';
import { ramValue, scaled } from '../../protocols/mk2/scaling.ts';
import type { RamForms } from './units.ts';

/** Below it there is no mains: shown as 0 (fact sheet mk2-vebus, section 3). */
const LEAST_AC_VOLTS = 50;
/** A period as the device tells it is ten times that in seconds. */
const PERIODS = 10;

export interface Dc {
  readonly volts: number | null;
  /** Above 0 into the battery. */
  readonly amperes: number | null;
  readonly outputHertz: number | null;
}

export interface Ac {
  readonly inVolts: number | null;
  readonly inAmperes: number | null;
  readonly inHertz: number | null;
  readonly outVolts: number | null;
  readonly outAmperes: number | null;
}

export function measureDc(info: DcInfo, forms: RamForms): Dc {
  const current = forms.get(RAM.batteryCurrent);
  return {
    volts: valueAt(forms, RAM.batteryVoltage, info.voltage),
    // Totals of 24 bits without sign, of one scale.
    amperes: current === undefined ? null : scaled(current, info.chargerCurrent - info.inverterCurrent),
    outputHertz: hertz(valueAt(forms, RAM.inverterPeriod, info.inverterPeriod)),
  };
}

export function measureAc(info: AcInfo, forms: RamForms): Ac {
  const inVolts = acVolts(valueAt(forms, RAM.mainsVoltage, info.mainsVoltage));
  return {
    inVolts,
    inAmperes: amperes(forms, RAM.mainsCurrent, info.mainsCurrent, info.mainsFactor),
    inHertz: inVolts === 0 ? 0 : hertz(valueAt(forms, RAM.mainsPeriod, info.mainsPeriod)),
    outVolts: acVolts(valueAt(forms, RAM.inverterVoltage, info.inverterVoltage)),
    outAmperes: amperes(forms, RAM.inverterCurrent, info.inverterCurrent, info.inverterFactor),
  };
}

/** Volts by amperes; null when one is not known. */
export function product(volts: number | null | undefined, amperes: number | null | undefined): number | null {
  return typeof volts === 'number' && typeof amperes === 'number' ? Math.round(volts * amperes) : null;
}

/** The sum; null when there is nothing to add, or one of them is not known: a part is not shown for the whole. */
export function sum(values: readonly (number | null | undefined)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (typeof value !== 'number') return null;
    total += value;
  }
  return values.length === 0 ? null : total;
}

function valueAt(forms: RamForms, id: number, raw: number): number | null {
  const form = forms.get(id);
  return form === undefined ? null : ramValue(form, raw, false);
}

function amperes(forms: RamForms, id: number, raw: number, factor: number): number | null {
  const form = forms.get(id);
  return form === undefined ? null : scaled(form, raw * factor);
}

function acVolts(volts: number | null): number | null {
  return volts !== null && volts < LEAST_AC_VOLTS ? 0 : volts;
}

function hertz(period: number | null): number | null {
  return period === null || period <= 0 ? null : PERIODS / period;
}
