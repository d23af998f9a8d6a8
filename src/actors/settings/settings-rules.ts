/**
 * What may be done to settings, and what comes of it. Every operation answers a result code and the changes it made;
 * the tree is changed at once, storing and telling others is the caller's.
 * Codes and rules: as recorded from the settings program on gateways today.
 */
import type { Value } from '../../schema/row.ts';
import {
  convert,
  convertLimit,
  isSettingType,
  SETTING_LIMITS,
  type Setting,
  type SettingValue,
  sameAttributes,
  withinLimits,
} from './setting.ts';
import type { SettingsTree } from './settings-tree.ts';
import { freeInstance, isInstancePath, normalInstance } from './vrm-instance.ts';

export const CODE = {
  done: 0,
  refused: -1,
  underscore: -2,
  type: -3,
  path: -4,
  typeDiffers: -5,
  default: -6,
  outOfRange: -7,
  isGroup: -8,
  notInSettings: -9,
} as const;
export type Code = (typeof CODE)[keyof typeof CODE];

/** What became of one path. */
export interface Change {
  readonly path: string;
  /** `value`: only the value. `attributes`: added, or its default, limits or silence changed. */
  readonly kind: 'value' | 'attributes' | 'removed';
  readonly before: Setting | undefined;
  readonly after: Setting | undefined;
}

export interface Outcome {
  readonly code: Code;
  readonly changes: readonly Change[];
}

/** A setting as a program asks for it. */
export interface Definition {
  /** Absolute. */
  readonly path: string;
  readonly type: string;
  readonly default: Value;
  /** Null is no limit; both 0 is none either. */
  readonly min: Value;
  readonly max: Value;
  readonly silent: boolean;
}

/** Adds a setting. An existing one keeps its value and takes the new default and limits. */
export function addSetting(tree: SettingsTree, wanted: Definition): Outcome {
  const checked = checkDefinition(wanted);
  if (typeof checked === 'number') return { code: checked, changes: [] };
  const before = tree.get(checked.path);
  if (before === undefined) {
    if (tree.isGroup(checked.path)) return { code: CODE.isGroup, changes: [] };
    if (!tree.hasRoom(checked.path)) return { code: CODE.path, changes: [] };
  } else if (before.type !== checked.type) {
    return { code: CODE.typeDiffers, changes: [] };
  } else if (sameAttributes(before, checked)) {
    return { code: CODE.done, changes: [] };
  }
  const value = before?.value ?? initialValue(tree, checked);
  const after: Setting = { ...checked, value };
  if (!tree.fits(after)) return { code: CODE.refused, changes: [] };
  tree.put(after);
  return { code: CODE.done, changes: [{ path: after.path, kind: 'attributes', before, after }] };
}

/** The setting as it would be with its default as value, or the code of what is wrong with it. */
function checkDefinition(wanted: Definition): (Setting & { readonly default: SettingValue }) | Code {
  const { path, type, silent } = wanted;
  if (path.includes('/_')) return CODE.underscore;
  if (!isSettingType(type)) return CODE.type;
  let value = convert(type, wanted.default);
  if (isInstancePath(path)) value = typeof value === 'string' ? normalInstance(value) : null;
  if (value === null) return CODE.default;
  let min = convertLimit(type, wanted.min);
  let max = convertLimit(type, wanted.max);
  if (min === 0 && max === 0) min = max = null;
  if (!withinLimits(value, min, max)) return CODE.outOfRange;
  if (!path.startsWith('/Settings/')) return CODE.notInSettings;
  if (!isSettingPath(path)) return CODE.path;
  return { path, type, value, default: value, min, max, silent };
}

/** Whether a path can stand on the bus: letters, digits and underscores between slashes, not too long. */
export function isSettingPath(path: string): boolean {
  return path.length <= SETTING_LIMITS.pathChars && /^\/Settings(\/[A-Za-z0-9_]+)+$/.test(path);
}

function initialValue(tree: SettingsTree, setting: Setting): SettingValue {
  return isInstancePath(setting.path) && typeof setting.value === 'string'
    ? freeInstance(tree, setting.value, setting.path)
    : setting.value;
}

/** SetValue: converted to the setting's type and checked against its limits. */
export function setValue(tree: SettingsTree, path: string, wanted: Value): Outcome {
  const before = tree.get(path);
  let value = before === undefined ? null : convert(before.type, wanted);
  if (before === undefined || value === null || !withinLimits(value, before.min, before.max))
    return { code: CODE.refused, changes: [] };
  if (value === before.value) return { code: CODE.done, changes: [] };
  if (isInstancePath(path)) {
    const normal = normalInstance(String(value));
    if (normal === null) return { code: CODE.refused, changes: [] };
    value = freeInstance(tree, normal, path);
    if (value === before.value) return { code: CODE.done, changes: [] };
  }
  const after: Setting = { ...before, value };
  if (!tree.fits(after)) return { code: CODE.refused, changes: [] };
  tree.put(after);
  return { code: CODE.done, changes: [{ path, kind: 'value', before, after }] };
}

/**
 * Back to the default: one setting, or all below a group. Class and instance of a device are never reset: others
 * know the device by them.
 */
export function setDefault(tree: SettingsTree, path: string): Outcome {
  const setting = tree.get(path);
  if (setting !== undefined) {
    if (setting.default === null || isInstancePath(path)) return { code: CODE.refused, changes: [] };
    return { ...setValue(tree, path, setting.default), code: CODE.done };
  }
  const prefix = path === '/' ? '/' : `${path}/`;
  const changes: Change[] = [];
  for (const one of [...tree.settings()])
    if (one.path.startsWith(prefix)) changes.push(...setDefault(tree, one.path).changes);
  return { code: CODE.done, changes };
}

export function removeSetting(tree: SettingsTree, path: string): Outcome {
  const before = tree.get(path);
  if (before === undefined) return { code: CODE.refused, changes: [] };
  tree.delete(path);
  return { code: CODE.done, changes: [{ path, kind: 'removed', before, after: undefined }] };
}
