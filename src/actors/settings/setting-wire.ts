/** Settings as they stand on the wire. */
import type { Typed } from '../../bus/bus.ts';
import { INVALID } from '../../bus/value.ts';
import { type Setting, type SettingType, type SettingValue, settingText } from './setting.ts';
import type { Change } from './settings-rules.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** What a PropertiesChanged says: value and text; of a new or changed definition all the rest too. */
export function contentOf({ kind, after }: Change): ReadonlyMap<string, Typed> {
  if (after === undefined)
    return new Map([
      ['Value', INVALID],
      ['Text', { signature: 's', value: '' }],
    ]);
  const { type, value, min, max } = after;
  const content = new Map([
    ['Value', typedOf(type, value)],
    ['Text', { signature: 's', value: settingText(type, value) }],
  ]);
  if (kind === 'value') return content;
  content.set('Default', defaultOf(after));
  if (type === 's') return content;
  content.set('Min', limitOf(type, min));
  content.set('Max', limitOf(type, max));
  return content;
}

export function typedOf(type: SettingType, value: SettingValue): Typed {
  if (type === 's') return { signature: 's', value: String(value) };
  if (type === 'f') return { signature: 'd', value: Number(value) };
  const isInt32 = Number(value) >= INT32_MIN && Number(value) <= INT32_MAX;
  return { signature: isInt32 ? 'i' : 'x', value: Number(value) };
}

/** No limit is an int32 0, whatever the type. */
export function limitOf(type: SettingType, limit: number | null): Typed {
  return limit === null ? { signature: 'i', value: 0 } : typedOf(type, limit);
}

/** No default is an int32 -1, whatever the type. */
export function defaultOf(setting: Setting): Typed {
  return setting.default === null ? { signature: 'i', value: -1 } : typedOf(setting.type, setting.default);
}

export function isBelowInt32({ type, value }: Setting): boolean {
  return type === 'i' && Number(value) < INT32_MIN;
}

export function isOutsideInt32(setting: Setting): boolean {
  return isBelowInt32(setting) || (setting.type === 'i' && Number(setting.value) > INT32_MAX);
}
