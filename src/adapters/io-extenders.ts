/**
 * The inputs of GX IO extenders. The image makes a folder for each extender that is plugged in, `/run/io-ext/SERIAL`,
 * with its lines as value files, and a list `pins.conf`:
 *
 *     tag    HQ2412ABCDE
 *     input  /run/io-ext/HQ2412ABCDE/input_1 1
 *
 * Other kinds of lines in the list are outputs: they belong to the program that serves the extender.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Owned } from '../kernel/actor.ts';
import { type DigitalInput, extenderInput } from '../ports/gpio.ts';
import { LINE_LIMIT } from './sysfs-gpio.ts';
import { ValueFile } from './value-file.ts';

/** Extenders come and go by hand. Milliseconds. */
const LOOK_MS = 5_000;
const EXTENDER_LIMIT = 16;

export class IoExtenders implements Owned {
  readonly #folder: string;
  readonly #changed: (inputs: readonly DigitalInput[]) => void;
  readonly #timer: NodeJS.Timeout;
  #released = false;
  #last: string | undefined;

  /** @param changed hears of all inputs that there are: now, and when there are others */
  constructor(folder: string, changed: (inputs: readonly DigitalInput[]) => void) {
    this.#folder = folder;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#timer.unref();
    void this.#look();
  }

  release(): void {
    this.#released = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const extenders = (await readdir(this.#folder).catch(() => [])).sort().slice(0, EXTENDER_LIMIT);
    const lists = await Promise.all(
      extenders.map(extender => readFile(join(this.#folder, extender, 'pins.conf'), 'utf8').catch(() => '')),
    );
    const seen = lists.join('\n');
    if (this.#released || seen === this.#last) return;
    this.#last = seen;
    this.#changed(lists.flatMap(inputsIn));
  }
}

/** The inputs that a list names. What is not a list has none. */
export function inputsIn(list: string): DigitalInput[] {
  const inputs: DigitalInput[] = [];
  let tag = '';
  for (const row of list.split('\n')) {
    const [, word, rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/.exec(row) ?? [];
    if (word === 'tag') tag = rest;
    if (word !== 'input' || tag === '' || inputs.length >= LINE_LIMIT) continue;
    const [, path = '', label = ''] = /^(\S+)\s+"?(.*?)"?$/.exec(rest) ?? [];
    if (!path.startsWith('/')) continue;
    const line = new ValueFile(path);
    const names = extenderInput(tag, basename(path), label);
    inputs.push({ name: path, ...names, watch: changed => line.watch(changed) });
  }
  return inputs;
}
