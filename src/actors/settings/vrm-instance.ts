/**
 * `/Settings/Devices/<device>/ClassAndVrmInstance`: a class and a number, `battery:1`, by which the rest of the system
 * knows a device. No two devices have the same.
 */
import type { SettingsTree } from './settings-tree.ts';

const INSTANCE_PATH = /^\/Settings\/Devices\/[^/]+\/ClassAndVrmInstance$/;

export function isInstancePath(path: string): boolean {
  return INSTANCE_PATH.test(path);
}

/** `battery:00002` → `battery:2`; null when it is not a class and a whole number. */
export function normalInstance(text: string): string | null {
  const match = /^([^:]*):\s*([+-]?\d{1,10})\s*$/.exec(text);
  return match === null ? null : `${match[1]}:${Number(match[2]) + 0}`;
}

/** `wanted`, or the next higher number of its class that no device but the one at `path` has. */
export function freeInstance(tree: SettingsTree, wanted: string, path: string): string {
  const taken = new Set<string>();
  for (const one of tree.settings())
    if (one.path !== path && isInstancePath(one.path)) taken.add(normalInstance(String(one.value)) ?? '');
  const [className = '', number] = wanted.split(':');
  let free = wanted;
  // Ends: there are fewer settings than numbers.
  for (let next = Number(number) + 1; taken.has(free); next++) free = `${className}:${next}`;
  return free;
}
