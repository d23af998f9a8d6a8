/**
 * Lines of the character device by the tools of libgpiod, found by the names that the device tree gives them, and by the
 * list /etc/gxd/gpio where it gives none.
 *
 * Why tools, and no calls of our own: a line belongs to the process that asked for it. The kernel takes it back with
 * the process, and what becomes of it then is the driver's affair: many leave it as it was, those of OMAP and AM335x make
 * it an input, which lets a relay drop. Lines of our own would stop an engine with each restart of the program. So each
 * output is held by a `gpioset` of its own, which outlives us (gpio-held-output.ts). An input is told by a `gpiomon`,
 * edge by edge, which ends with us (gpio-monitor.ts).
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../kernel/fault.ts';
import { boardInput, type DigitalInput, type DigitalOutput } from '../ports/gpio.ts';
import type { BoardLinesFound } from './board-gpio.ts';
import { HeldOutput } from './gpio-held-output.ts';
import { Monitor } from './gpio-monitor.ts';
import { numbered } from './sysfs-gpio.ts';

/** A tool that answers at once does so within this. Milliseconds. */
const TOOL_MS = 2_000;
const LISTING_BYTES = 256 * 1024;

export interface Line {
  /** gpiochip0 */
  readonly chip: string;
  readonly offset: string;
}

/** What is said to the tools of a version. */
interface Dialect {
  readonly get: (line: Line) => readonly string[];
  /** Reads an output. Absent where reading a line makes an input of it, which would let a relay drop. */
  readonly getOutput?: (line: Line) => readonly string[];
  readonly set: (line: Line, on: boolean) => readonly string[];
  readonly monitor: (line: Line) => readonly string[];
  /** What `gpiomon` writes for a rising edge. */
  readonly rising: string;
}

/** By the major version. The help texts of libgpiod 1.6.3, the manual pages of 2.1. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  1: {
    get: ({ chip, offset }) => [chip, offset],
    set: ({ chip, offset }, on) => ['--mode=signal', chip, `${offset}=${Number(on)}`],
    monitor: ({ chip, offset }) => ['--line-buffered', '--format=%e', chip, offset],
    rising: '1',
  },
  2: {
    get: ({ chip, offset }) => ['--numeric', '--chip', chip, offset],
    getOutput: ({ chip, offset }) => ['--numeric', '--as-is', '--chip', chip, offset],
    set: ({ chip, offset }, on) => ['--chip', chip, `${offset}=${Number(on)}`],
    monitor: ({ chip, offset }) => ['--edges=both', '--format=%e', '--chip', chip, offset],
    rising: '1',
  },
};

/** The tools of this machine. */
export class Tools {
  readonly dialect: Dialect;
  readonly #folder: string;

  /** @param folder where the tools are; empty: in the search path */
  constructor(folder: string, dialect: Dialect) {
    this.#folder = folder;
    this.dialect = dialect;
  }

  /** The file of a tool. */
  program(tool: 'gpioset' | 'gpiomon'): string {
    return join(this.#folder, tool);
  }

  read(line: Line): Promise<boolean> {
    return this.#read(line, this.dialect.get(line));
  }

  /** The level of an output that nobody holds. */
  async readOutput(line: Line): Promise<boolean> {
    const words = this.dialect.getOutput?.(line);
    // It was given back, or never taken: it is at its rest, as far as these tools can tell.
    return words === undefined ? false : this.#read(line, words);
  }

  async #read(line: Line, words: readonly string[]): Promise<boolean> {
    const answer = (await ask(this.#folder, 'gpioget', words)).trim();
    if (answer !== '0' && answer !== '1')
      throw new Fault('device', `gpioget says ${JSON.stringify(answer)} of ${line.chip} line ${line.offset}`);
    return answer === '1';
  }
}

/**
 * @param folder where the tools are; empty: in the search path
 * @param list file that names lines: `relay_1 LABEL-OF-THE-CHIP 18`
 * @returns undefined when there are no tools that we know, or no lines with our names
 */
export async function findGpioTools(folder: string, list: string): Promise<BoardLinesFound | undefined> {
  try {
    const version = /v(\d+)\./.exec(await ask(folder, 'gpioinfo', ['--version']))?.[1] ?? '';
    const dialect = DIALECTS[version];
    if (dialect === undefined) return undefined;
    const chips = parseChips(await ask(folder, 'gpiodetect', []));
    const named = parseListing(await ask(folder, 'gpioinfo', []));
    const lines = new Map([...named, ...parseList(await readFile(list, 'utf8').catch(() => ''), chips)]);
    const found = numbered(lines, 'relay_').length + numbered(lines, 'digital_input_').length > 0;
    return found ? new GpioTools(new Tools(folder, dialect), lines) : undefined;
  } catch {
    // No such tools.
    return undefined;
  }
}

/** `gpiochip0 - 8 lines:`, then `line 3: "relay_1" …` (version 1 and 2). The first line of a name counts. */
export function parseListing(text: string): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  let chip = '';
  for (const row of text.split('\n')) {
    chip = /^(gpiochip\d+)\b/.exec(row)?.[1] ?? chip;
    const [, offset, name] = /^\s+line\s+(\d+):\s+"([\w-]+)"/.exec(row) ?? [];
    if (offset !== undefined && name !== undefined && !lines.has(name)) lines.set(name, { chip, offset });
  }
  return lines;
}

/** `gpiochip0 [9030000.pl061] (8 lines)` (version 1 and 2) → label → chip */
function parseChips(text: string): ReadonlyMap<string, string> {
  const chips = new Map<string, string>();
  for (const [, chip = '', label = ''] of text.matchAll(/^(gpiochip\d+) \[(.*?)\]/gm)) chips.set(label, chip);
  return chips;
}

/** `relay_1 9030000.pl061 0`; a `#` begins a remark. Lines of chips that are not there are left out. */
function parseList(text: string, chips: ReadonlyMap<string, string>): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  for (const row of text.split('\n')) {
    const [name = '', label = '', offset = ''] = row.replace(/#.*/, '').trim().split(/\s+/);
    const chip = chips.get(label);
    if (chip !== undefined && /^\d{1,3}$/.test(offset)) lines.set(name, { chip, offset });
  }
  return lines;
}

class GpioTools implements BoardLinesFound {
  readonly #tools: Tools;
  readonly #lines: ReadonlyMap<string, Line>;

  constructor(tools: Tools, lines: ReadonlyMap<string, Line>) {
    this.#tools = tools;
    this.#lines = lines;
  }

  async relays(): Promise<readonly DigitalOutput[]> {
    return numbered(this.#lines, 'relay_').map(
      ({ number, value }) => new HeldOutput(this.#tools, `relay_${number}`, value),
    );
  }

  async buzzer(): Promise<DigitalOutput | undefined> {
    const line = this.#lines.get('buzzer');
    return line === undefined ? undefined : new HeldOutput(this.#tools, 'buzzer', line);
  }

  async inputs(): Promise<readonly DigitalInput[]> {
    return numbered(this.#lines, 'digital_input_').map(({ number, value }) => ({
      name: `digital_input_${number}`,
      ...boardInput(number),
      watch: changed => new Monitor(this.#tools, value, changed),
    }));
  }
}

function ask(folder: string, tool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TOOL_MS, maxBuffer: LISTING_BYTES, encoding: 'utf8' } as const;
    execFile(join(folder, tool), [...args], options, (error, out) => {
      if (error === null) resolve(out);
      else reject(new Fault('device', `${tool} ${args.join(' ')}: ${error.message}`, error));
    });
  });
}
