/**
 * Reading the settings at start, whatever the last run left behind. In this order:
 *
 *  1. `settings.xml.import`, put there by a person or a restore: takes the place of all others;
 *  2. `settings.xml` and the journal that extends it. A journal of another settings.xml is not applied: an older
 *     program has written settings in between, and its values are newer;
 *  3. when settings.xml is damaged, or was about to be replaced: the last-good copy `settings.xml.bak` and the journals
 *     that lead from it to the last acknowledged change;
 *  4. nothing: a new machine, or one that was reset by deleting settings.xml.
 *
 * A damaged file is renamed, never deleted; settings.xml only once what replaces it is on the medium.
 */
import { describe } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Files } from '../../ports/files.ts';
import { nameForDamaged, pruneDamaged } from './damaged-files.ts';
import { decodeJournal, type FileIdentity, identityOf, type Journal, replay, sameIdentity } from './journal.ts';
import { type MachineFiles, PASSWORD_FILE, readMachine } from './machine.ts';
import { cleanForeign, migrate } from './migrations.ts';
import type { SettingsTree } from './settings-tree.ts';
import {
  documentOf,
  newDocument,
  parseSettings,
  SETTINGS_VERSION,
  treeOf,
  uniqueIdOf,
  versionOf,
} from './settings-xml.ts';
import { writeXml, type XmlElement } from './xml.ts';

export const FILE = {
  settings: 'settings.xml',
  new: 'settings.xml.new',
  lastGood: 'settings.xml.bak',
  import: 'settings.xml.import',
  journal: 'settings.journal',
  lastJournal: 'settings.journal.bak',
} as const;

/** Lines about what is odd in one file; the rest is counted. */
const REMARKS = 10;

export interface Recovered {
  readonly tree: SettingsTree;
  readonly uniqueId: string;
  /** The settings.xml that is there now; null when there is none. */
  readonly current: FileIdentity | null;
  /** The last-good copy that is there now. */
  readonly previous: FileIdentity | null;
  /** What settings.xml must be replaced by before changes are taken; null when it is good as it is. */
  readonly rewrite: string | null;
  /** Name under which the settings.xml that is there has to be kept, as it is damaged; null when it is good. */
  readonly damagedAs: string | null;
  /** Whether the settings are imported, and the imported file has to go once they are stored. */
  readonly imported: boolean;
}

const NOTHING = { current: null, previous: null, damagedAs: null, imported: false } as const;

export interface RecoveryOptions {
  readonly files: Files;
  readonly folder: string;
  readonly log: Log;
  /** Of this machine; null when it is not known, and the one in the file stays. */
  readonly uniqueId: string | null;
  readonly machineFiles: MachineFiles;
}

/** Reads all there is. Rejects only when the folder cannot be read. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  return new Recovery(options).run();
}

class Recovery {
  readonly #o: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#o = options;
  }

  async run(): Promise<Recovered> {
    const lastGood = await this.#read(FILE.lastGood);
    const previous = lastGood === null ? null : identityOf(lastGood);
    const settings = await this.#read(FILE.settings);
    const damagedAs = settings === null ? null : await this.#whenDamaged(FILE.settings, settings);
    const current = settings === null || damagedAs !== null ? null : identityOf(settings);
    const imported = await this.#documentOrAside(FILE.import);
    if (imported !== null) {
      await this.#prepareImport(imported);
      return this.#start(imported, { current, previous, damagedAs, imported: true });
    }
    if (settings !== null && current !== null) return this.#continue(parseSettings(settings), current, previous);
    // A settings.xml that is missing beside a new one was being replaced; otherwise somebody has removed it.
    const replacing = settings === null && (await this.#read(FILE.new)) !== null;
    const copy = settings !== null || replacing ? await this.#documentOrAside(FILE.lastGood) : null;
    if (copy !== null && previous !== null) return this.#fromLastGood(copy, previous, damagedAs);
    if (settings === null && lastGood !== null && !replacing)
      this.#o.log.warn(`${FILE.settings} has been removed: starting without settings`);
    return this.#start(newDocument(this.#o.uniqueId ?? ''), { ...NOTHING, previous, damagedAs });
  }

  /** The usual case: settings.xml is good. */
  async #continue(document: XmlElement, current: FileIdentity, previous: FileIdentity | null): Promise<Recovered> {
    const uniqueId = this.#o.uniqueId ?? uniqueIdOf(document);
    const journal = await this.#journal(FILE.journal);
    const continues = journal !== null && sameIdentity(journal.header.extends, current);
    if (versionOf(document) < SETTINGS_VERSION) {
      const whole = continues ? this.#replayed(document, [journal]) : document;
      await this.#migrate(whole);
      return this.#start(whole, { ...NOTHING, current, previous });
    }
    const tree = this.#tree(document);
    let rewrite: string | null = null;
    if (continues) {
      replay(journal, tree);
      // Also when it holds nothing or ends torn: a journal is added to only by the run that began it.
      rewrite = writeXml(documentOf(tree, uniqueId));
    } else if (journal !== null && journal.commits.length > 0 && !sameIdentity(journal.header.extends, previous)) {
      this.#o.log.warn(`${FILE.settings} was written by another program: the older journal is not applied`);
    }
    return { ...NOTHING, tree, uniqueId, current, previous, rewrite };
  }

  /** settings.xml is damaged or was being replaced: the copy before it, and all that was journalled since. */
  async #fromLastGood(document: XmlElement, identity: FileIdentity, damagedAs: string | null): Promise<Recovered> {
    const uniqueId = this.#o.uniqueId ?? uniqueIdOf(document);
    const [last, journal] = [await this.#journal(FILE.lastJournal), await this.#journal(FILE.journal)];
    const journals: Journal[] = [];
    if (last !== null && sameIdentity(last.header.extends, identity)) journals.push(last);
    if (
      journal !== null &&
      (sameIdentity(journal.header.extends, identity) || sameIdentity(journal.header.previous, identity))
    )
      journals.push(journal);
    const whole = this.#replayed(document, journals);
    await this.#migrate(whole);
    const tree = this.#tree(whole);
    const commits = journals.reduce((sum, one) => sum + one.commits.length, 0);
    this.#o.log.warn(`settings are recovered from ${FILE.lastGood} and the journal`, { settings: tree.count, commits });
    const rewrite = writeXml(documentOf(tree, uniqueId));
    return { ...NOTHING, tree, uniqueId, previous: identity, rewrite, damagedAs };
  }

  /** The document after the journals: they are of its version, and have to be in it before it is brought to ours. */
  #replayed(document: XmlElement, journals: readonly Journal[]): XmlElement {
    const tree = this.#tree(document);
    for (const journal of journals) replay(journal, tree);
    const whole = documentOf(tree, uniqueIdOf(document));
    whole.attributes.set('version', String(versionOf(document)));
    return whole;
  }

  /** Starts from a document that is not on the medium as it is. */
  #start(document: XmlElement, rest: Omit<Recovered, 'tree' | 'uniqueId' | 'rewrite'>): Recovered {
    const uniqueId = this.#o.uniqueId ?? uniqueIdOf(document);
    const head = new Map([
      ['version', String(Math.max(versionOf(document), SETTINGS_VERSION))],
      ['unique-id', uniqueId],
    ]);
    const whole: XmlElement = { ...document, attributes: new Map([...document.attributes, ...head]) };
    return { ...rest, tree: this.#tree(document), uniqueId, rewrite: writeXml(whole) };
  }

  /** Settings of another machine come without what belongs to its devices. */
  async #prepareImport(document: XmlElement): Promise<void> {
    const from = uniqueIdOf(document);
    const foreign = this.#o.uniqueId !== null && from !== '' && from !== this.#o.uniqueId;
    if (foreign) cleanForeign(document);
    this.#o.log.info('settings are imported', { foreign });
    await this.#migrate(document);
  }

  /** Brings a file of an older version to ours. One of a newer version stays as it is. */
  async #migrate(document: XmlElement): Promise<void> {
    const from = versionOf(document);
    if (from >= SETTINGS_VERSION) return;
    const { files, folder, log } = this.#o;
    const { steps, passwordFile } = migrate(document, await readMachine(files, folder, this.#o.machineFiles));
    log.info(`settings of version ${from} are now of version ${SETTINGS_VERSION}`, { steps: steps.join(' ') });
    try {
      const path = `${folder}/${PASSWORD_FILE}`;
      if (passwordFile === 'empty') await files.writeSynced(path, new Uint8Array());
      else if (passwordFile === 'remove' && (await files.exists(path))) await files.remove(path);
    } catch (error) {
      log.error(`${PASSWORD_FILE} could not be changed: ${describe(error)}`);
    }
  }

  #tree(document: XmlElement): SettingsTree {
    let remarks = 0;
    const tree = treeOf(document, text => {
      if (++remarks <= REMARKS) this.#o.log.warn(text);
    });
    if (tree.newer !== undefined) {
      const { version, elements } = tree.newer;
      this.#o.log.info('settings of a newer version: what is not known is kept', { version, unknown: elements.length });
    }
    if (remarks > REMARKS) this.#o.log.warn(`and ${remarks - REMARKS} more of the kind`);
    return tree;
  }

  async #journal(name: string): Promise<Journal | null> {
    const bytes = await this.#read(name);
    return bytes === null ? null : decodeJournal(bytes);
  }

  /** A settings file; null when there is none, or a damaged one, which is put aside at once. */
  async #documentOrAside(name: string): Promise<XmlElement | null> {
    const bytes = await this.#read(name);
    if (bytes === null) return null;
    const aside = await this.#whenDamaged(name, bytes);
    if (aside === null) return parseSettings(bytes);
    const { files, folder } = this.#o;
    await files.rename(`${folder}/${name}`, `${folder}/${aside}`);
    await pruneDamaged(files, folder, name);
    return null;
  }

  /** The name under which a damaged file is to be kept, said in the log; null when the file is good. */
  async #whenDamaged(name: string, bytes: Uint8Array): Promise<string | null> {
    try {
      parseSettings(bytes);
      return null;
    } catch (error) {
      const aside = await nameForDamaged(this.#o.files, this.#o.folder, name);
      this.#o.log.error(`${name} is damaged, ${describe(error)}: kept as ${aside}`);
      return aside;
    }
  }

  #read(name: string): Promise<Uint8Array | null> {
    return this.#o.files.read(`${this.#o.folder}/${name}`);
  }
}
