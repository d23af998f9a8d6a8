/** Between raw words of a VE.Bus device and units: the device tells scale and offset of each (sections 5.1, 5.2). */
import { toSigned } from './octets.ts';

/** How a device says that a RAM variable is to be read, as sent. */
export interface RamInfo {
  /** 16 bits, signed: below 0 the variable is signed. 0: not supported. */
  readonly scale: number;
  /** 16 bits, signed. */
  readonly offset: number;
}

/** What a RAM variable turns out to be. */
export type RamForm =
  | { readonly kind: 'number'; readonly factor: number; readonly offset: number; readonly signed: boolean }
  /** One bit of the word. */
  | { readonly kind: 'bit'; readonly bit: number };

const BIT_OFFSET = -0x8000;
const FRACTION_FROM = 0x4000;
const FRACTION_BASE = 0x8000;

/** @returns undefined when the device does not have the variable */
export function ramForm({ scale, offset }: RamInfo): RamForm | undefined {
  if (scale === 0) return undefined;
  const size = Math.abs(scale);
  if (offset === BIT_OFFSET) return size <= 16 ? { kind: 'bit', bit: size - 1 } : undefined;
  // A fraction of 1/0 is no scale.
  if (size === FRACTION_BASE) return undefined;
  const factor = size >= FRACTION_FROM ? 1 / (FRACTION_BASE - size) : size;
  return { kind: 'number', factor, offset, signed: scale < 0 };
}

/** The value of a 16-bit word. `signed` overrides what the device says: it errs about AC currents (section 5.1). */
export function ramValue(form: RamForm, raw: number, signed = form.kind === 'number' && form.signed): number {
  if (form.kind === 'bit') return (raw >> form.bit) & 1;
  return scaled(form, signed ? toSigned(raw) : raw);
}

/** The value of a number that has another width than 16 bits, its sign already in it. */
export function scaled(form: RamForm, raw: number): number {
  if (form.kind === 'bit') return (raw >> form.bit) & 1;
  const inverse = Math.round(1 / form.factor);
  // Dividing by a whole number gives the double nearest to the decimal one.
  return form.factor < 1 ? (raw + form.offset) / inverse : (raw + form.offset) * form.factor;
}

/** The word for a value; undefined when it does not fit, or is one bit among others. */
export function ramWord(form: RamForm, value: number): number | undefined {
  if (form.kind === 'bit') return undefined;
  const raw = Math.round(value / form.factor) - form.offset;
  const [least, most] = form.signed ? [-0x8000, 0x7fff] : [0, 0xffff];
  return raw >= least && raw <= most ? raw & 0xffff : undefined;
}

/** How a device says that a setting is to be read. */
export interface SettingInfo {
  /** 16 bits, signed: below 0 the value is divided. 0: not supported. */
  readonly scale: number;
  readonly offset: number;
  /** Raw. */
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Only newer firmware tells. */
  readonly accessLevel?: number;
}

export function settingValue({ scale, offset }: SettingInfo, raw: number): number | undefined {
  if (scale === 0) return undefined;
  return scale > 0 ? (raw + offset) * scale : (raw + offset) / -scale;
}

/** The word for a value; undefined when the setting does not take it. */
export function settingWord(info: SettingInfo, value: number): number | undefined {
  const raw = rawWord(info, value);
  return raw !== undefined && raw >= info.min && raw <= info.max && raw >= 0 && raw <= 0xffff ? raw : undefined;
}

/** The word of those that the setting takes that is nearest to a value; undefined for a setting without a scale. */
export function nearestSettingWord(info: SettingInfo, value: number): number | undefined {
  const raw = rawWord(info, value);
  return raw === undefined ? undefined : Math.min(Math.max(raw, info.min, 0), info.max, 0xffff);
}

function rawWord({ scale, offset }: SettingInfo, value: number): number | undefined {
  if (scale === 0) return undefined;
  return Math.round(scale > 0 ? value / scale : value * -scale) - offset;
}
