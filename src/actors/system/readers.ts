/** Who reads what: the slots to run again when it changes. */
import type { Slot } from './slot.ts';

type SlotsByPath = Map<string, Slot[]>;

const NOBODY: readonly Slot[] = [];

export class Readers {
  /** By type of device. */
  readonly #ofType = new Map<string, Slot[]>();
  readonly #ofPath = new Map<string, SlotsByPath>();
  readonly #ofSetting: SlotsByPath = new Map();
  readonly #ofOwn: SlotsByPath = new Map();
  readonly #ofValidity: SlotsByPath = new Map();

  /** Of whether there are devices of a type, and with which instances. */
  ofType(type: string): readonly Slot[] {
    return this.#ofType.get(type) ?? NOBODY;
  }

  /** Of a path of all devices of a type. */
  ofPath(type: string, path: string): readonly Slot[] {
    return this.#ofPath.get(type)?.get(path) ?? NOBODY;
  }

  ofSetting(path: string): readonly Slot[] {
    return this.#ofSetting.get(path) ?? NOBODY;
  }

  /** Of a path of com.victronenergy.system. The list grows when another reader shows up. */
  ofOwn(path: string): readonly Slot[] {
    return listAt(this.#ofOwn, path);
  }

  /** Of whether such a path has a value. */
  ofValidity(path: string): readonly Slot[] {
    return this.#ofValidity.get(path) ?? NOBODY;
  }

  /** What the topic has declared. */
  register(slot: Slot): void {
    const { devices = {}, besides = {}, settings = [], own = [], ownValid = [] } = slot.topic.reads;
    for (const [type, paths] of Object.entries(devices)) {
      this.addType(type, slot);
      for (const path of paths) this.addPath(type, path, slot);
    }
    for (const type of Object.keys(besides)) this.addType(type, slot);
    for (const path of settings) this.addSetting(path, slot);
    for (const path of own) this.addOwn(path, slot);
    for (const path of ownValid) if (followsChanges(slot)) addTo(listAt(this.#ofValidity, path), slot);
  }

  addType(type: string, slot: Slot): void {
    if (followsChanges(slot) || slot.topic.onArrivals === true) addTo(listAt(this.#ofType, type), slot);
  }

  addPath(type: string, path: string, slot: Slot): void {
    let paths = this.#ofPath.get(type);
    if (paths === undefined) {
      paths = new Map();
      this.#ofPath.set(type, paths);
    }
    if (followsChanges(slot)) addTo(listAt(paths, path), slot);
  }

  addSetting(path: string, slot: Slot): void {
    if (followsChanges(slot)) addTo(listAt(this.#ofSetting, path), slot);
  }

  addOwn(path: string, slot: Slot): void {
    if (followsChanges(slot)) addTo(listAt(this.#ofOwn, path), slot);
  }
}

function listAt(lists: Map<string, Slot[]>, key: string): Slot[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

function addTo(list: Slot[], slot: Slot): void {
  if (!list.includes(slot)) list.push(slot);
}

/** A topic that only runs on its beat does not. */
export function followsChanges(slot: Slot): boolean {
  return slot.topic.onBeatOnly === undefined;
}
