/**
 * The link of a port and its lock: opened, laid to rest while others may try, taken up again, closed. A link at rest
 * stays open, for every opening of a serial port costs memory that the process does not get back.
 */
import { describe } from '../../kernel/fault.ts';
import type { Link, Links } from '../../ports/link.ts';
import type { PortLocks } from '../../ports/serial-ports.ts';

/** So often a link is laid to rest before it is closed and opened anew after all: it may have got stuck. */
const RESTS = 200;

export interface PortLineOptions {
  readonly path: string;
  readonly tty: string;
  readonly links: Links;
  /** Absent: nothing is locked. */
  readonly locks?: PortLocks;
  readonly received: (bytes: Uint8Array) => void;
  /** The link has gone by itself. */
  readonly lost: (link: Link, why: string) => void;
}

export type Opening =
  | { readonly kind: 'open'; readonly link: Link }
  /** Another program has the lock. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'failed'; readonly why: string };

export class PortLine {
  readonly #options: PortLineOptions;
  #link: Link | undefined;
  #isAtRest = false;
  #isLocked = false;
  #rests = 0;

  constructor(options: PortLineOptions) {
    this.#options = options;
  }

  /** What drivers work on; undefined while it is closed or at rest. */
  get link(): Link | undefined {
    return this.#isAtRest ? undefined : this.#link;
  }

  /** Whether this is the link of the port, at work or at rest. */
  has(link: Link): boolean {
    return this.#link === link;
  }

  /** Never rejects. */
  async open(baudRate: number): Promise<Opening> {
    const { path, tty, links, locks } = this.#options;
    if (locks !== undefined && !(await locks.take(tty))) {
      // It is another's now, to its last octet.
      await this.close();
      return { kind: 'locked' };
    }
    this.#isLocked = true;
    try {
      const resting = this.#link;
      const link = resting ?? (await links.open(path, { baudRate }));
      this.#link = link;
      this.#isAtRest = false;
      if (resting === undefined) this.#listen(link);
      else await resting.setBaudRate(baudRate);
      resting?.resume?.();
      return { kind: 'open', link };
    } catch (error) {
      await this.close();
      return { kind: 'failed', why: describe(error) };
    }
  }

  /** Lets others try. */
  async rest(): Promise<void> {
    if (this.#link?.pause === undefined || ++this.#rests > RESTS) {
      await this.close();
      return;
    }
    this.#link.pause();
    this.#isAtRest = true;
    await this.#unlock();
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    this.#isAtRest = false;
    this.#rests = 0;
    await link?.close();
    await this.#unlock();
  }

  #listen(link: Link): void {
    link.onData(bytes => {
      if (!this.#isAtRest) this.#options.received(bytes);
    });
    link.onClose(reason => this.#options.lost(link, describe(reason)));
  }

  async #unlock(): Promise<void> {
    if (!this.#isLocked) return;
    this.#isLocked = false;
    await this.#options.locks?.release(this.#options.tty);
  }
}
