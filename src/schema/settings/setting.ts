/** How tables of settings are written: one short line a setting. */
import type { SettingRow } from '../setting-row.ts';

type Details = Pick<SettingRow, 'label' | 'unit' | 'enum' | 'silent'>;

/** A number without fraction. `min` and `max` both 0: no limits. */
export function integer(path: string, initial: number, min = 0, max = 0, details: Details = {}): SettingRow {
  return number('i', path, initial, min, max, details);
}

/** A number with a fraction. `min` and `max` both 0: no limits. */
export function decimal(path: string, initial: number, min = 0, max = 0, details: Details = {}): SettingRow {
  return number('f', path, initial, min, max, details);
}

export function string(path: string, initial = '', details: Details = {}): SettingRow {
  return { path, type: 's', default: initial, ...details };
}

/** Off or on. */
export function flag(path: string, initial: 0 | 1, label?: string): SettingRow {
  return integer(path, initial, 0, 1, { enum: OFF_ON, ...(label === undefined ? {} : { label }) });
}

const OFF_ON = { 0: 'Off', 1: 'On' } as const;

/** The rows with the program that adds them. `names`: only the names are known, the rest is by analogy. */
export function addedBy(source: string, rows: readonly SettingRow[]): readonly SettingRow[] {
  return rows.map(row => ({ ...row, source }));
}

/** A place in a path: a number, or `{n}` for any. */
export type Place = number | '{n}';

function number(
  type: 'i' | 'f',
  path: string,
  initial: number,
  min: number,
  max: number,
  details: Details,
): SettingRow {
  const limits = min === 0 && max === 0 ? {} : { min, max };
  return { path, type, default: initial, ...limits, ...details };
}
