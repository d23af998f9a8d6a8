/** The tree of settings in memory. Raw: it keeps paths and groups consistent; what may be done is in `settings-rules.ts`. */
import { Fault } from '../../kernel/fault.ts';
import type { NewerContent } from './newer-content.ts';
import { SETTING_LIMITS, type Setting, settingSize } from './setting.ts';

/** Groups that exist even when nothing is in them. */
const PINNED = ['/Settings', '/Settings/Devices'];

export class SettingsTree {
  /** Comes from a file of a newer version, and goes into the next one as it is. */
  newer: NewerContent | undefined;
  readonly #settings = new Map<string, Setting>();
  /** Group → how many settings and groups are directly in it. */
  readonly #groups = new Map<string, number>();
  #size = 0;

  constructor() {
    for (const group of PINNED) this.addGroup(group);
  }

  get(path: string): Setting | undefined {
    return this.#settings.get(path);
  }

  /** In the order in which they were added. */
  settings(): Iterable<Setting> {
    return this.#settings.values();
  }

  get count(): number {
    return this.#settings.size;
  }

  isGroup(path: string): boolean {
    return path === '/' || this.#groups.has(path);
  }

  *emptyGroups(): Iterable<string> {
    for (const [group, members] of this.#groups) if (members === 0) yield group;
  }

  /** Whether `path` could become a setting: it is no group, and no setting stands where it needs a group. */
  hasRoom(path: string): boolean {
    if (this.isGroup(path)) return false;
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent))
      if (this.#settings.has(parent)) return false;
    return true;
  }

  /** Whether the tree stays within its limits when `setting` takes the place of what has its path now. */
  fits(setting: Setting): boolean {
    const old = this.#settings.get(setting.path);
    if (old === undefined && this.#settings.size >= SETTING_LIMITS.settings) return false;
    const size = this.#size + settingSize(setting) - (old === undefined ? 0 : settingSize(old));
    return size <= SETTING_LIMITS.totalChars;
  }

  /** Adds or replaces a setting, and makes its groups. Throws a Fault (bug) where there is no room for it. */
  put(setting: Setting): void {
    const old = this.#settings.get(setting.path);
    if (old === undefined) {
      if (!this.hasRoom(setting.path)) throw new Fault('bug', `no room for a setting at ${setting.path}`);
      this.#join(setting.path);
    } else {
      this.#size -= settingSize(old);
    }
    this.#size += settingSize(setting);
    this.#settings.set(setting.path, setting);
  }

  /** Removes a setting; groups that are empty then vanish. */
  delete(path: string): void {
    const old = this.#settings.get(path);
    if (old === undefined) return;
    this.#size -= settingSize(old);
    this.#settings.delete(path);
    this.#leave(path);
  }

  /** Makes a group that may stay empty: settings.xml has such ones. */
  addGroup(path: string): void {
    if (this.#groups.has(path)) return;
    this.#join(path);
    this.#groups.set(path, 0);
  }

  #join(path: string): void {
    const parent = parentOf(path);
    if (parent === '') return;
    this.addGroup(parent);
    this.#groups.set(parent, (this.#groups.get(parent) ?? 0) + 1);
  }

  #leave(path: string): void {
    const parent = parentOf(path);
    const members = (this.#groups.get(parent) ?? 1) - 1;
    this.#groups.set(parent, members);
    if (members > 0 || PINNED.includes(parent)) return;
    this.#groups.delete(parent);
    this.#leave(parent);
  }
}

/** `/Settings/a/b` → `/Settings/a`; `/Settings` → `` */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
