/** One setting, and how values of all kinds become values of its type. */
import { pythonFloat } from '../../bus/text.ts';
import type { Value } from '../../schema/row.ts';

/** `i` integer, `f` float, `s` string: as in AddSetting and in settings.xml. */
export type SettingType = 'i' | 'f' | 's';
export type SettingValue = number | string;

/** Never changed in place: a change makes a new one, so that the old one can be put back. */
export interface Setting {
  readonly path: string;
  readonly type: SettingType;
  readonly value: SettingValue;
  /** Null for settings made by a migration: they have none until their program adds them. */
  readonly default: SettingValue | null;
  /** Null is no limit. Strings never have one. */
  readonly min: number | null;
  readonly max: number | null;
  /** Whether changes are kept out of the log. */
  readonly silent: boolean;
}

export const SETTING_LIMITS = {
  /** Settings in the tree. */
  settings: 10_000,
  /** Characters of a path. */
  pathChars: 512,
  /** Characters of a string value. */
  stringChars: 65_536,
  /** Characters of all paths, values and defaults together. */
  totalChars: 4 * 1024 * 1024,
} as const;

export function isSettingType(type: unknown): type is SettingType {
  return type === 'i' || type === 'f' || type === 's';
}

/**
 * A value as the type of a setting: integers lose their fraction (3.9 → 3), texts are read as numbers ("7" → 7),
 * numbers become texts. Null when that cannot be done: not a number, not finite, an integer that a double cannot hold,
 * a text that XML cannot hold or that is too long, a list, "invalid".
 */
export function convert(type: SettingType, value: Value): SettingValue | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  switch (type) {
    case 'i':
      return toInteger(value);
    case 'f':
      return toFloat(value);
    case 's':
      return toText(value);
  }
}

export function convertLimit(type: SettingType, value: Value): number | null {
  const limit = type === 's' ? null : convert(type, value);
  return typeof limit === 'number' ? limit : null;
}

function toInteger(value: number | string): number | null {
  if (typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value)) return null;
  const whole = Math.trunc(Number(value));
  // -0 is 0 in an integer.
  return Number.isSafeInteger(whole) ? whole + 0 : null;
}

function toFloat(value: number | string): number | null {
  if (typeof value === 'string' && !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return null;
  const float = Number(value);
  // -0 becomes 0: the journal could not tell them apart.
  return Number.isFinite(float) ? float + 0 : null;
}

function toText(value: number | string): string | null {
  const text = typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : pythonFloat(value);
  return text.length <= SETTING_LIMITS.stringChars && isXmlText(text) ? text : null;
}

/** Whether XML 1.0 can hold a text: no control characters but tab and line ends, no lone surrogates. */
function isXmlText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML has no way to write
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u.test(text);
}

/** The text of a value of a setting, on the bus and in the file. */
export function settingText(type: SettingType, value: SettingValue): string {
  return type === 'f' && typeof value === 'number' ? pythonFloat(value) : String(value);
}

export function withinLimits(value: SettingValue, min: number | null, max: number | null): boolean {
  return typeof value === 'string' || ((min === null || value >= min) && (max === null || value <= max));
}

export function sameAttributes(a: Setting, b: Setting): boolean {
  return a.default === b.default && a.min === b.min && a.max === b.max && a.silent === b.silent;
}

/** What a setting counts towards `SETTING_LIMITS.totalChars`. */
export function settingSize(setting: Setting): number {
  return setting.path.length + String(setting.value).length + String(setting.default ?? '').length;
}
