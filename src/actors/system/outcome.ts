/** What a topic wants to happen: values to publish, writes to other services, settings to keep. */
import type { Value } from '../../schema/row.ts';
import type { SettingRow } from '../../schema/setting-row.ts';
import type { SeenDevice } from './picture.ts';
import type { Recorder } from './recorder.ts';
import type { Slot } from './slot.ts';
import type { WriteManner } from './topic.ts';

export interface PendingWrite extends WriteManner {
  readonly service: string;
  readonly path: string;
  readonly value: Value;
}

/** A path of com.victronenergy.system that a topic sets, from run to run. */
export interface Entry {
  readonly path: string;
  /** What becomes of it when it is not set: it is invalid, leaves the tree, or stays as it is. */
  readonly unset: 'invalid' | 'leaves' | 'stays';
  value: Value;
  /** What stands in the tree; undefined while it is not in there. */
  shown: Value | undefined;
  /** The run in which it was last set, or told to stay. */
  usedIn: number;
  /** Who reads it; looked up when it first changes. */
  readers: readonly Slot[] | undefined;
  /** Who reads no more than whether it has a value. */
  ofValidity: readonly Slot[] | undefined;
}

export class Outcome {
  /** All entries, and the same by their paths. */
  readonly list: Entry[] = [];
  /** The entries that this run has set to what does not stand in the tree: the first `changes` of these. */
  readonly changed: Entry[] = [];
  changes = 0;
  /** How many entries the run has set, or told to stay. */
  #uses = 0;
  readonly #entries = new Map<string, Entry>();
  /**
   * The entries in the order in which they were used in the run before. A rule mostly goes the same way again, so that
   * a look at the next one saves looking it up.
   */
  readonly #usual: Entry[] = [];
  #step = 0;
  /** Counts the runs. */
  run = 0;
  /** Whether the run wants something beyond its values. */
  hasOrders = false;
  readonly writes: PendingWrite[] = [];
  readonly settings: (readonly [path: string, value: number | string])[] = [];
  readonly newSettings: SettingRow[] = [];
  readonly remarks: string[] = [];
  againInMs: number | undefined;
  readonly #recorder: Recorder | undefined;

  constructor(recorder?: Recorder) {
    this.#recorder = recorder;
  }

  /**
   * Publishes a value. What is not set in a run becomes invalid. Given a function, what it looks at counts as the
   * input of this path alone when somebody asks why.
   */
  set(path: string, value: Value | (() => Value)): void {
    if (typeof value !== 'function') this.#set(path, value);
    else if (this.#recorder === undefined) this.#set(path, value());
    else this.#recorder.within(() => this.#set(path, value()));
  }

  /** Publishes a number of a device as it stands there: an input of this path alone. */
  copy(path: string, device: SeenDevice, from: string): void {
    if (this.#recorder === undefined) this.#set(path, device.number(from));
    else this.#recorder.within(() => this.#set(path, device.number(from)));
  }

  #set(path: string, value: Value): void {
    const entry = this.#used(path);
    entry.value = value;
    if (value !== entry.shown) this.changed[this.changes++] = entry;
    this.#recorder?.set.set(path, this.#recorder.sight);
  }

  /** Lets a path stand as it was. */
  keep(...paths: readonly string[]): void {
    for (const path of paths) {
      this.#used(path);
      this.#recorder?.set.set(path, this.#recorder.sight);
    }
  }

  /** Runs a part of the rule on its own: what it looks at is an input of the paths that it sets, and of no others. */
  part<T>(rule: () => T): T {
    return this.#recorder === undefined ? rule() : this.#recorder.within(rule);
  }

  /**
   * SetValue on another service: done after the run, never more than one at a time per path, and not at all when the
   * service already shows the value (but see `repeat`). One that fails is logged once, and not tried again at once.
   */
  write(service: string, path: string, value: Value, manner: WriteManner = {}): void {
    this.hasOrders = true;
    this.writes.push({ service, path, value, ...manner });
  }

  /** Keeps a value in the settings. */
  setting(path: string, value: number | string): void {
    this.hasOrders = true;
    this.settings.push([path, value]);
  }

  /** Adds a setting whose path is only known at run time. Adding it again does nothing. */
  addSetting(row: SettingRow): void {
    this.hasOrders = true;
    this.newSettings.push(row);
  }

  /** Has the topic run again so long from now, when nothing else makes it run before. The shortest counts. */
  again(inMs: number): void {
    this.hasOrders = true;
    this.againInMs = Math.min(inMs, this.againInMs ?? Number.POSITIVE_INFINITY);
  }

  /** A line for the log. Nothing is logged while somebody asks why. */
  log(remark: string): void {
    this.hasOrders = true;
    this.remarks.push(remark);
  }

  /** The entry of a path, made when it is new. */
  entry(path: string, unset: Entry['unset'] = 'leaves'): Entry {
    let entry = this.#entries.get(path);
    if (entry === undefined) {
      entry = {
        path,
        unset,
        value: null,
        shown: undefined,
        usedIn: -1,
        readers: undefined,
        ofValidity: undefined,
      };
      this.#entries.set(path, entry);
      this.list.push(entry);
    }
    return entry;
  }

  #used(path: string): Entry {
    let entry = this.#usual[this.#step];
    if (entry === undefined || entry.path !== path) {
      entry = this.entry(path);
      this.#usual[this.#step] = entry;
    }
    this.#step++;
    if (entry.usedIn !== this.run) {
      entry.usedIn = this.run;
      this.#uses++;
    }
    return entry;
  }

  /** Whether there are entries that the run has neither set nor told to stay. */
  get hasUnused(): boolean {
    return this.#uses < this.list.length;
  }

  /** Forgets the entries that leave when they are not set, and were not. @returns those */
  takeLeaving(): Entry[] {
    const leaving = this.list.filter(({ unset, usedIn }) => unset === 'leaves' && usedIn !== this.run);
    for (const entry of leaving) {
      this.#entries.delete(entry.path);
      this.list.splice(this.list.indexOf(entry), 1);
    }
    this.#usual.length = 0;
    return leaving;
  }

  /** Before each run. */
  begin(): void {
    this.run++;
    this.#step = 0;
    this.#uses = 0;
    this.changes = 0;
    if (!this.hasOrders) return;
    this.hasOrders = false;
    this.writes.length = 0;
    this.settings.length = 0;
    this.newSettings.length = 0;
    this.remarks.length = 0;
    this.againInMs = undefined;
  }
}
