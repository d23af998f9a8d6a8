/**
 * Keeps settings on the medium. A change is stored when its record is in the journal and synced; changes that come
 * together share one sync. From time to time the whole tree is written to settings.xml (a snapshot), which the programs
 * of before can read, and a new journal begins. All of it within the flash budget.
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Files } from '../../ports/files.ts';
import { FlashBudget } from './flash-budget.ts';
import { encodeCommit, type JournalRecord } from './journal.ts';
import { SettingsMedium } from './medium.ts';
import type { Recovered } from './recovery.ts';
import type { Change } from './settings-rules.ts';
import type { SettingsTree } from './settings-tree.ts';
import { documentOf } from './settings-xml.ts';
import { writeXml } from './xml.ts';

export const STORE_LIMITS = {
  /** From a change until it is in settings.xml, when the flash budget allows. Milliseconds. */
  snapshotDelayMs: 50,
  /** A journal above this is replaced by a snapshot before anything else is stored. Bytes. */
  journalBytes: 256 * 1024,
  /** Left in the flash budget for changes when a snapshot is taken. Bytes. */
  reserveBytes: 256 * 1024,
  /** After a failure: until storing is tried again. Changes are refused meanwhile. Milliseconds. */
  retryMs: 5000,
} as const;

interface Batch {
  /** The last state of each path, in the order of the last changes. */
  readonly records: Map<string, JournalRecord>;
  readonly changes: Change[];
  readonly done: Promise<boolean>;
  readonly settle: (stored: boolean) => void;
}

export interface StoreOptions {
  readonly files: Files;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class SettingsStore {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tree: SettingsTree;
  readonly #uniqueId: string;
  readonly #medium: SettingsMedium;
  readonly #budget: FlashBudget;
  #pending: Batch | undefined;
  #writing: Batch | undefined;
  /** The last write failed. */
  #failing = false;
  /** Set while nothing can be stored: when to try again. */
  #retryAt: number | undefined;
  /** settings.xml is older than the tree. */
  #stale = false;
  #snapshotTimer: Timer | undefined;
  #snapshotDue = false;
  #working = false;
  #work: Promise<void> = Promise.resolve();
  #endSleep: (() => void) | undefined;
  #closing = false;

  private constructor(options: StoreOptions, from: Recovered) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#tree = from.tree;
    this.#uniqueId = from.uniqueId;
    this.#medium = new SettingsMedium(options.files, options.folder, from);
    this.#budget = new FlashBudget(options.clock);
  }

  /**
   * Takes over what was recovered, and writes what has to be written before changes are taken. Never rejects: where
   * nothing can be written, settings can at least be read.
   */
  static async open(options: StoreOptions, from: Recovered): Promise<SettingsStore> {
    const store = new SettingsStore(options, from);
    try {
      if (from.rewrite === null) await store.#medium.begin();
      else await store.#writeSnapshot(new TextEncoder().encode(from.rewrite));
      if (from.imported) await store.#medium.removeImport();
    } catch (error) {
      store.#failed(error);
    }
    return store;
  }

  /**
   * Stores changes that the tree already has. Resolves to true when they, and all changes before them, survive a power
   * cut. False when they could not be stored: then values and removals are undone in the tree; added settings stay, as
   * programs must be able to run, and are stored once that works again. Without changes: waits for those before.
   */
  store(changes: readonly Change[]): Promise<boolean> {
    if (changes.length === 0)
      return (this.#pending ?? this.#writing)?.done ?? Promise.resolve(this.#retryAt === undefined);
    if (this.#retryAt !== undefined && this.#clock.monotonic() < this.#retryAt) {
      this.#undo(changes);
      return Promise.resolve(false);
    }
    const batch = this.#pending ?? newBatch();
    this.#pending = batch;
    for (const change of changes) {
      batch.changes.push(change);
      // Deleted first, so that the map keeps the order of the last changes.
      batch.records.delete(change.path);
      batch.records.set(change.path, { path: change.path, setting: change.after });
    }
    this.#wake();
    return batch.done;
  }

  /** Stores all that is pending, and brings settings.xml up to date. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#snapshotTimer?.cancel();
    this.#endSleep?.();
    await this.#work;
    try {
      if (this.#stale) await this.#writeSnapshot(this.#serialise());
      await this.#medium.close();
    } catch (error) {
      this.#failed(error);
    }
  }

  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    this.#work = this.#run();
  }

  async #run(): Promise<void> {
    while (this.#pending !== undefined || (this.#snapshotDue && !this.#closing)) {
      const full = this.#medium.journalBytes > STORE_LIMITS.journalBytes && !this.#failing;
      if (full || !this.#medium.journalUsable) await this.#storeBySnapshot();
      else if (this.#pending !== undefined) await this.#storeByJournal(this.#pending);
      else await this.#snapshotWhenCheap();
    }
    this.#working = false;
  }

  async #storeByJournal(batch: Batch): Promise<void> {
    const bytes = encodeCommit(batch.records.values());
    const cost = this.#medium.commitCost(bytes.length);
    const wait = this.#waitMs(cost);
    // More may join the batch meanwhile.
    if (wait > 0) return this.#sleep(wait);
    this.#pending = undefined;
    this.#writing = batch;
    this.#budget.spend(cost);
    this.#stale = true;
    try {
      await this.#medium.commit(bytes);
      this.#scheduleSnapshot(STORE_LIMITS.snapshotDelayMs);
      this.#settle(true);
    } catch (error) {
      this.#failed(error);
      this.#settle(false);
    }
  }

  /** Stores what is pending, if anything, by writing all there is. */
  async #storeBySnapshot(): Promise<void> {
    const bytes = this.#serialise();
    const wait = this.#waitMs(this.#medium.snapshotCost(bytes.length));
    if (wait > 0) return this.#sleep(wait);
    this.#writing = this.#pending;
    this.#pending = undefined;
    this.#snapshotDue = false;
    try {
      await this.#writeSnapshot(bytes);
      this.#settle(true);
    } catch (error) {
      this.#failed(error);
      this.#settle(false);
    }
  }

  async #snapshotWhenCheap(): Promise<void> {
    this.#snapshotDue = false;
    const bytes = this.#serialise();
    const wait = this.#budget.waitMs(this.#medium.snapshotCost(bytes.length) + STORE_LIMITS.reserveBytes);
    if (wait > 0) return this.#scheduleSnapshot(wait);
    try {
      await this.#writeSnapshot(bytes);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #writeSnapshot(bytes: Uint8Array): Promise<void> {
    this.#stale = true;
    this.#budget.spend(this.#medium.snapshotCost(bytes.length));
    await this.#medium.writeSnapshot(bytes);
    // Changes that came meanwhile make it stale again once they are in the journal.
    this.#stale = false;
    this.#retryAt = undefined;
    if (this.#failing) this.#log.info('settings are stored again');
    this.#failing = false;
  }

  #scheduleSnapshot(afterMs: number): void {
    if (this.#closing || this.#snapshotDue) return;
    this.#snapshotTimer ??= this.#clock.after(afterMs, () => {
      this.#snapshotTimer = undefined;
      this.#snapshotDue = true;
      this.#wake();
    });
  }

  #serialise(): Uint8Array {
    return new TextEncoder().encode(writeXml(documentOf(this.#tree, this.#uniqueId)));
  }

  /** Tells those who wait. When it failed, what came after is undone too: it was built on it. */
  #settle(stored: boolean): void {
    const batches = [this.#writing, stored ? undefined : this.#pending].filter(batch => batch !== undefined);
    this.#writing = undefined;
    if (!stored) {
      this.#pending = undefined;
      this.#undo(batches.flatMap(batch => batch.changes));
    }
    for (const batch of batches) batch.settle(stored);
  }

  #undo(changes: readonly Change[]): void {
    for (const { path, kind, before } of [...changes].reverse()) {
      const now = this.#tree.get(path);
      if (kind === 'attributes') this.#stale = true;
      else if (before === undefined) continue;
      else if (kind === 'value' && now !== undefined) this.#tree.put({ ...now, value: before.value });
      else if (kind === 'removed' && this.#tree.hasRoom(path)) this.#tree.put(before);
    }
  }

  #failed(error: unknown): void {
    const what = this.#medium.journalUsable ? 'settings.xml cannot be written' : 'settings cannot be stored';
    if (!this.#failing) this.#log.error(`${what}: ${describe(error)}`);
    this.#failing = true;
    if (!this.#medium.journalUsable) this.#retryAt = this.#clock.monotonic() + STORE_LIMITS.retryMs;
    this.#snapshotDue = false;
    this.#scheduleSnapshot(STORE_LIMITS.retryMs);
  }

  #waitMs(cost: number): number {
    return this.#closing ? 0 : this.#budget.waitMs(cost);
  }

  /** Until the time is up, or the store is closed. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = this.#clock.after(ms, resolve);
      this.#endSleep = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#endSleep = undefined;
  }
}

function newBatch(): Batch {
  let settle: (stored: boolean) => void = () => {};
  const done = new Promise<boolean>(resolve => {
    settle = resolve;
  });
  return { records: new Map(), changes: [], done, settle };
}
