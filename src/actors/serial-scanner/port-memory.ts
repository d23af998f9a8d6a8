/**
 * What each port and adapter held the last time, so that after a restart the right driver goes first. A small file,
 * replaced as a whole and not too often; it is a help only, so one that cannot be read is begun anew.
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Files } from '../../ports/files.ts';

export interface Held {
  readonly driver: string;
  readonly baudRate: number;
}

/** Ports remembered; the oldest are forgotten. */
const ENTRY_LIMIT = 128;
/** Between two writes of the file. */
const WRITE_MS = 30_000;
/** A key: the name of a port, and the serial number of an adapter. */
const KEY_CHARS = 200;

export class PortMemory {
  readonly #files: Files;
  readonly #folder: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  #timer: Timer | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #dirty = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(files: Files, folder: string, clock: Clock, log: Log) {
    this.#files = files;
    this.#folder = folder;
    this.#path = `${folder}/serial-ports.json`;
    this.#clock = clock;
    this.#log = log;
  }

  /** Reads the file. Never rejects. */
  async load(): Promise<void> {
    try {
      const bytes = await this.#files.read(this.#path);
      if (bytes !== null) this.#take(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      this.#log.warn('what the ports held is not known', { why: describe(error) });
    }
  }

  get(key: string): Held | undefined {
    return this.#held.get(key.slice(0, KEY_CHARS));
  }

  set(longKey: string, held: Held): void {
    const key = longKey.slice(0, KEY_CHARS);
    const old = this.#held.get(key);
    if (old !== undefined && old.driver === held.driver && old.baudRate === held.baudRate) return;
    this.#held.delete(key);
    this.#held.set(key, held);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= ENTRY_LIMIT) break;
      this.#held.delete(oldest);
    }
    this.#dirty = true;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#writtenAt + WRITE_MS - this.#clock.monotonic());
    this.#timer = this.#clock.after(wait, () => {
      this.#timer = undefined;
      this.#writing = this.#write();
    });
  }

  /** Writes what is not yet written. */
  async release(): Promise<void> {
    this.#timer?.cancel();
    await this.#writing;
    await this.#write();
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#writtenAt = this.#clock.monotonic();
    const text = JSON.stringify(Object.fromEntries(this.#held), null, 1);
    const fresh = `${this.#path}.new`;
    try {
      await this.#files.makeFolder(this.#folder);
      await this.#files.writeSynced(fresh, new TextEncoder().encode(text));
      await this.#files.rename(fresh, this.#path);
      await this.#files.syncFolder(this.#folder);
    } catch (error) {
      this.#log.warn('what the ports hold could not be kept', { why: describe(error) });
    }
  }

  /** Entries that are none are left out. */
  #take(content: unknown): void {
    if (typeof content !== 'object' || content === null) return;
    for (const [key, entry] of Object.entries(content).slice(-ENTRY_LIMIT)) {
      if (isHeld(entry)) this.#held.set(key.slice(0, KEY_CHARS), { driver: entry.driver, baudRate: entry.baudRate });
    }
  }
}

function isHeld(entry: unknown): entry is Held {
  if (typeof entry !== 'object' || entry === null) return false;
  const { driver, baudRate } = entry as Partial<Record<keyof Held, unknown>>; // what it may have is looked at below
  return typeof driver === 'string' && typeof baudRate === 'number' && Number.isInteger(baudRate) && baudRate > 0;
}
