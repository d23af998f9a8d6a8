/**
 * The settings files as they are written. A snapshot is safe to be cut anywhere: write and sync `.new`, sync the
 * folder, settings.xml → `.bak`, `.new` → settings.xml, sync the folder, journal → last journal.
 */
import { Fault } from '../../kernel/fault.ts';
import type { AppendFile, Files } from '../../ports/files.ts';
import { pruneDamaged } from './damaged-files.ts';
import { flashCost } from './flash-budget.ts';
import { encodeHeader, type FileIdentity, identityOf } from './journal.ts';
import { FILE, type Recovered } from './recovery.ts';

export class SettingsMedium {
  readonly #files: Files;
  readonly #folder: string;
  #current: FileIdentity | null;
  #previous: FileIdentity | null;
  #damagedAs: string | null;
  #journal: AppendFile | null = null;
  #journalBytes = 0;
  #usable = false;

  constructor(files: Files, folder: string, from: Recovered) {
    this.#files = files;
    this.#folder = folder;
    this.#current = from.current;
    this.#previous = from.previous;
    this.#damagedAs = from.damagedAs;
  }

  /** Whether commits can be added to the journal. If not, a snapshot has to be written first. */
  get journalUsable(): boolean {
    return this.#usable;
  }

  get journalBytes(): number {
    return this.#journalBytes;
  }

  /** Begins with the settings.xml that is there. Rejects when the folder cannot be written. */
  async begin(): Promise<void> {
    await this.#files.makeFolder(this.#folder);
    if (await this.#has(FILE.new)) await this.#files.remove(this.#path(FILE.new));
    await this.#endJournal();
    this.#usable = this.#current !== null;
  }

  /** Bytes of flash that adding `bytes` to the journal costs. */
  commitCost(bytes: number): number {
    return flashCost(bytes, this.#journal === null ? 2 : 1);
  }

  snapshotCost(bytes: number): number {
    return flashCost(bytes, 3);
  }

  /** Resolves when the commit is on the medium. When it rejects, the journal is not usable any more. */
  async commit(bytes: Uint8Array): Promise<void> {
    if (!this.#usable || this.#current === null) throw new Fault('bug', 'a commit without a usable journal');
    this.#usable = false;
    if (this.#journal === null) {
      this.#journal = await this.#files.openAppend(this.#path(FILE.journal));
      const header = encodeHeader({ extends: this.#current, previous: this.#previous });
      await this.#add(this.#journal, concat(header, bytes));
      await this.#files.syncFolder(this.#folder);
    } else {
      await this.#add(this.#journal, bytes);
    }
    this.#usable = true;
  }

  async #add(journal: AppendFile, bytes: Uint8Array): Promise<void> {
    await journal.append(bytes);
    await journal.sync();
    this.#journalBytes += bytes.length;
  }

  /** Resolves when settings.xml is on the medium. When it rejects, `journalUsable` says what is left. */
  async writeSnapshot(bytes: Uint8Array): Promise<void> {
    await this.#files.makeFolder(this.#folder);
    await this.#files.writeSynced(this.#path(FILE.new), bytes);
    await this.#files.syncFolder(this.#folder);
    this.#usable = false;
    if (await this.#has(FILE.settings)) await this.#rename(FILE.settings, this.#damagedAs ?? FILE.lastGood);
    await this.#rename(FILE.new, FILE.settings);
    await this.#files.syncFolder(this.#folder);
    if (this.#damagedAs === null) this.#previous = this.#current;
    else await pruneDamaged(this.#files, this.#folder, FILE.settings);
    this.#damagedAs = null;
    this.#current = identityOf(bytes);
    await this.#endJournal();
    this.#usable = true;
  }

  /** The imported file has been stored and goes. */
  async removeImport(): Promise<void> {
    await this.#files.remove(this.#path(FILE.import));
    await this.#files.syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    const journal = this.#journal;
    this.#journal = null;
    await journal?.close();
  }

  /** A journal that does not extend settings.xml must not be added to. It is kept with the last-good copy. */
  async #endJournal(): Promise<void> {
    await this.close();
    if (await this.#has(FILE.journal)) await this.#rename(FILE.journal, FILE.lastJournal);
    this.#journalBytes = 0;
  }

  #has(name: string): Promise<boolean> {
    return this.#files.exists(this.#path(name));
  }

  #rename(from: string, to: string): Promise<void> {
    return this.#files.rename(this.#path(from), this.#path(to));
  }

  #path(name: string): string {
    return `${this.#folder}/${name}`;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
