/**
 * The lines of the board, by whichever way the image has, tried in this order:
 *  1. links in /dev/gpio, made by the image's own script;
 *  2. the value files of /sys/class/gpio, by the numbers of a known board;
 *  3. the character device by the tools of libgpiod, by the names of the device tree or of a list.
 * Value files come first because such a line keeps its level when nobody holds it: a restart of the program, or its
 * death, does not touch an engine. With the character device that takes more (gpio-tools.ts says what).
 */
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owned } from '../kernel/actor.ts';
import type { DigitalInput, DigitalOutput, Gpio } from '../ports/gpio.ts';
import { linesOf } from './board-lines.ts';
import { findGpioTools } from './gpio-tools.ts';
import { IoExtenders } from './io-extenders.ts';
import { SysfsGpio } from './sysfs-gpio.ts';

export interface BoardPlaces {
  readonly links: string;
  readonly sysfs: string;
  /** Holds what the image calls the board: `einstein`. */
  readonly machine: string;
  /** Strings that each end in a zero byte. */
  readonly compatible: string;
  /** Where the tools of libgpiod are looked for; empty: in the search path. */
  readonly tools: string;
  /** Names lines of chips, where the device tree does not. */
  readonly list: string;
  /** Where the image puts a folder for each extender that is plugged in. */
  readonly extenders: string;
}

/** What one way to the lines of the board gives. */
export type BoardLinesFound = Pick<Gpio, 'relays' | 'buzzer' | 'inputs'>;

export const BOARD_PLACES: BoardPlaces = {
  links: '/dev/gpio',
  sysfs: '/sys/class/gpio',
  machine: '/etc/venus/machine',
  compatible: '/sys/firmware/devicetree/base/compatible',
  tools: '',
  list: '/etc/gxd/gpio',
  extenders: '/run/io-ext',
};

const OURS = /^(relay_\d+|digital_input_\d+|buzzer)$/;

export class BoardGpio implements Gpio {
  readonly #places: BoardPlaces;
  #found: Promise<BoardLinesFound> | undefined;

  constructor(places: BoardPlaces = BOARD_PLACES) {
    this.#places = places;
  }

  async relays(): Promise<readonly DigitalOutput[]> {
    return (await this.#gpio()).relays();
  }

  async buzzer(): Promise<DigitalOutput | undefined> {
    return (await this.#gpio()).buzzer();
  }

  async inputs(): Promise<readonly DigitalInput[]> {
    return (await this.#gpio()).inputs();
  }

  watchExtenders(changed: (inputs: readonly DigitalInput[]) => void): Owned {
    return new IoExtenders(this.#places.extenders, changed);
  }

  #gpio(): Promise<BoardLinesFound> {
    this.#found ??= this.#find();
    return this.#found;
  }

  async #find(): Promise<BoardLinesFound> {
    const { links, tools, list } = this.#places;
    const names = await readdir(links).catch(() => []);
    if (names.some(name => OURS.test(name))) return new SysfsGpio(links);
    const exported = await this.#export();
    if (exported !== undefined) return new SysfsGpio(exported);
    return (await findGpioTools(tools, list)) ?? new SysfsGpio(links);
  }

  /** The folders of the board's lines below /sys/class/gpio; undefined when it is no known board, or not to be had. */
  async #export(): Promise<ReadonlyMap<string, string> | undefined> {
    const machine = (await readFile(this.#places.machine, 'utf8').catch(() => '')).trim();
    const compatible = (await readFile(this.#places.compatible, 'utf8').catch(() => '')).split('\0');
    const board = linesOf(machine, compatible);
    if (board === undefined) return undefined;
    const folders = new Map<string, string>();
    try {
      for (const [name, number] of Object.entries(board.lines)) {
        const folder = join(this.#places.sysfs, `gpio${number}`);
        await exportLine(this.#places.sysfs, folder, number, name.startsWith('digital_input_') ? 'in' : 'out');
        folders.set(name, folder);
      }
    } catch {
      // A kernel without these files, or with other numbers: perhaps it has the lines by name.
      return undefined;
    }
    return folders;
  }
}

/** A line that is an output already is left alone: an engine may be running by it. A new output is off. */
async function exportLine(sysfs: string, folder: string, number: number, direction: 'in' | 'out'): Promise<void> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (!there) await writeFile(join(sysfs, 'export'), String(number), { flag: 'r+' });
  const file = join(folder, 'direction');
  if ((await readFile(file, 'utf8')).trim() !== direction) await writeFile(file, direction, { flag: 'r+' });
}
