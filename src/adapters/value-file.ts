/**
 * A line of the board as a value file of the kernel: `/dev/gpio/relay_1/value` holds 0 or 1. Such a line stays as it
 * is when the program ends or dies: nothing has to be kept alive for an engine that runs.
 */
import { watch } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owned } from '../kernel/actor.ts';
import { describe, Fault } from '../kernel/fault.ts';

/** Looked at so often besides, for edges that were not told. Milliseconds, as the stock program does. */
const LOOK_MS = 1_000;
/** Where the kernel tells no edges. Milliseconds. */
const LOOK_WITHOUT_EDGES_MS = 100;

export class ValueFile {
  readonly name: string;

  /** @param name the folder of the line: `/dev/gpio/relay_1` */
  constructor(name: string) {
    this.name = name;
  }

  async exists(): Promise<boolean> {
    return access(join(this.name, 'value')).then(
      () => true,
      () => false,
    );
  }

  async read(): Promise<boolean> {
    const text = await this.#fault(readFile(join(this.name, 'value'), 'utf8'));
    const state = text.trim();
    if (state !== '0' && state !== '1')
      throw new Fault('device', `${this.name} holds ${JSON.stringify(state)}, not 0 or 1`);
    return state === '1';
  }

  async write(on: boolean): Promise<void> {
    await this.#fault(writeFile(join(this.name, 'value'), on ? '1' : '0'));
  }

  /**
   * Tells the level now, and when it is another one. The kernel notes a change of the value file, for inotify too,
   * when `edge` asks for it; two edges between two looks are not seen.
   */
  watch(changed: (high: boolean | null) => void): Owned {
    return new LevelWatch(this, changed);
  }

  /** @returns whether the kernel tells edges of this line */
  async tellEdges(): Promise<boolean> {
    return writeFile(join(this.name, 'edge'), 'both', { flag: 'r+' }).then(
      () => true,
      () => false,
    );
  }

  async #fault<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new Fault('device', `${this.name}: ${describe(error)}`, error);
    }
  }
}

class LevelWatch implements Owned {
  readonly #line: ValueFile;
  readonly #changed: (high: boolean | null) => void;
  #last: boolean | null | undefined;
  #looking = false;
  #again = false;
  #stop: (() => void) | undefined;
  #released = false;

  constructor(line: ValueFile, changed: (high: boolean | null) => void) {
    this.#line = line;
    this.#changed = changed;
    void this.#begin();
  }

  release(): void {
    this.#released = true;
    this.#stop?.();
  }

  async #begin(): Promise<void> {
    const look = (): void => void this.#look();
    const edges = await this.#line.tellEdges();
    if (this.#released) return;
    const timer = setInterval(look, edges ? LOOK_MS : LOOK_WITHOUT_EDGES_MS);
    timer.unref();
    const unwatch = edges ? watchFile(join(this.#line.name, 'value'), look) : () => {};
    this.#stop = () => {
      clearInterval(timer);
      unwatch();
    };
    look();
  }

  /** One look at a time; an edge during a look means another one. */
  async #look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#again && !this.#released) {
      this.#again = false;
      const level = await this.#line.read().catch(() => null);
      if (this.#released || level === this.#last) continue;
      this.#last = level;
      this.#changed(level);
    }
    this.#looking = false;
  }
}

function watchFile(path: string, changed: () => void): () => void {
  try {
    const watcher = watch(path, { persistent: false }, changed);
    // It is looked at once a second as well.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    // As above.
    return () => {};
  }
}
