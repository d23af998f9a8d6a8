/**
 * Lines of the character device by the tools of libgpiod, found by the names that the device tree gives them. Versions
 * 1 and 2 of the tools speak differently; a table holds what we say to each.
 *
 * An output belongs to the process that set it, so one `gpioset` per output holds it, on its own: it outlives this
 * program, which finds it again by a note in /run. A change puts another process in its place; in between the kernel
 * leaves the line as it was. An input is told by a `gpiomon`, edge by edge, which ends with this program.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Owned } from '../kernel/actor.ts';
import { Fault } from '../kernel/fault.ts';
import { boardInput, type DigitalInput, type DigitalOutput } from '../ports/gpio.ts';
import type { BoardLinesFound } from './board-gpio.ts';
import { numbered } from './sysfs-gpio.ts';

/** A tool that answers at once does so within this. Milliseconds. */
const TOOL_MS = 2_000;
/** A `gpioset` that cannot have its line ends within this. Milliseconds. */
const HOLD_MS = 150;
/** A `gpioset` ends within this when told so. Milliseconds. */
const LET_GO_MS = 1_000;
/** A `gpiomon` that has ended is started again after this. Milliseconds. */
const AGAIN_MS = 5_000;
const LISTING_BYTES = 256 * 1024;

interface Line {
  /** gpiochip0 */
  readonly chip: string;
  readonly offset: string;
}

interface Dialect {
  readonly get: (line: Line, output: boolean) => readonly string[];
  readonly set: (line: Line, on: boolean) => readonly string[];
  readonly monitor: (line: Line) => readonly string[];
  /** What `gpiomon` writes for a rising edge. */
  readonly rising: string;
}

/** By the major version. Manual pages of libgpiod 1.6 and 2.1. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  1: {
    get: ({ chip, offset }, output) => [...(output ? ['--dir-as-is'] : []), chip, offset],
    set: ({ chip, offset }, on) => ['--mode=signal', chip, `${offset}=${Number(on)}`],
    monitor: ({ chip, offset }) => ['--line-buffered', '--format=%e', chip, offset],
    rising: '1',
  },
  2: {
    get: ({ chip, offset }, output) => ['--numeric', ...(output ? ['--as-is'] : []), '--chip', chip, offset],
    set: ({ chip, offset }, on) => ['--chip', chip, `${offset}=${Number(on)}`],
    monitor: ({ chip, offset }) => ['--edges=both', '--format=%e', '--chip', chip, offset],
    rising: '1',
  },
};

/** What an output or input needs of its tools. */
interface Tools {
  readonly folder: string;
  readonly run: string;
  readonly dialect: Dialect;
}

/** @returns undefined when there are no tools that we know, or no lines with our names */
export async function findGpioTools(folder: string, run: string): Promise<BoardLinesFound | undefined> {
  try {
    const version = /v(\d+)\./.exec(await ask(folder, 'gpioinfo', ['--version']))?.[1] ?? '';
    const dialect = DIALECTS[version];
    if (dialect === undefined) return undefined;
    const lines = parseListing(await ask(folder, 'gpioinfo', []));
    const gpio = new GpioTools({ folder, run, dialect }, lines);
    return numbered(lines, 'relay_').length + numbered(lines, 'digital_input_').length > 0 ? gpio : undefined;
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

class HeldOutput implements DigitalOutput {
  readonly name: string;
  readonly #tools: Tools;
  readonly #line: Line;
  readonly #note: string;

  constructor(tools: Tools, name: string, line: Line) {
    this.name = name;
    this.#tools = tools;
    this.#line = line;
    this.#note = join(tools.run, name);
  }

  async read(): Promise<boolean> {
    return (await this.#holder())?.on ?? readLine(this.#tools, this.#line, true);
  }

  async write(on: boolean): Promise<void> {
    const holder = await this.#holder();
    if (holder?.on === on) return;
    // Before anything is touched: a holder without a note would never be found again.
    await mkdir(this.#tools.run, { recursive: true });
    if (holder !== undefined) await letGo(holder.pid, this.name);
    const child = spawn(join(this.#tools.folder, 'gpioset'), [...this.#tools.dialect.set(this.#line, on)], {
      detached: true,
      stdio: 'ignore',
    });
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', code => resolve(`it ended with ${code}`));
    });
    const failure = await Promise.race([ended, sleep(HOLD_MS)]);
    if (failure !== undefined) throw new Fault('device', `${this.name} cannot be held by gpioset: ${failure}`);
    child.unref();
    await writeFile(this.#note, `${child.pid} ${Number(on)}\n`);
  }

  /** The process that holds the line, of this run or of an earlier one; undefined when there is none. */
  async #holder(): Promise<{ readonly pid: number; readonly on: boolean } | undefined> {
    const [, pid, level] = /^(\d+) ([01])\n$/.exec(await readFile(this.#note, 'utf8').catch(() => '')) ?? [];
    if (pid === undefined) return undefined;
    // The number may belong to somebody else by now: it must be a gpioset with our arguments.
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const wanted = this.#tools.dialect.set(this.#line, level === '1');
    const isOurs = command.some(word => word.endsWith('gpioset')) && wanted.every(word => command.includes(word));
    return isOurs ? { pid: Number(pid), on: level === '1' } : undefined;
  }
}

async function letGo(pid: number, name: string): Promise<void> {
  for (let waited = 0; waited < LET_GO_MS; waited += 10) {
    try {
      // Again and again does no harm; the first one ends it.
      process.kill(pid, waited === 0 ? 'SIGTERM' : 0);
    } catch {
      return; // It is gone.
    }
    await sleep(10);
  }
  throw new Fault('device', `${name} is held by process ${pid}, which does not end`);
}

class Monitor implements Owned {
  readonly #tools: Tools;
  readonly #line: Line;
  readonly #changed: (high: boolean | null) => void;
  #child: ChildProcess | undefined;
  #again: NodeJS.Timeout | undefined;
  #last: boolean | null | undefined;
  #released = false;

  constructor(tools: Tools, line: Line, changed: (high: boolean | null) => void) {
    this.#tools = tools;
    this.#line = line;
    this.#changed = changed;
    void this.#begin();
  }

  release(): void {
    this.#released = true;
    clearTimeout(this.#again);
    this.#child?.kill();
  }

  /** The level first: a line that is monitored cannot be read. An edge in between is made good by the next one. */
  async #begin(): Promise<void> {
    try {
      this.#tell(await readLine(this.#tools, this.#line, false));
    } catch {
      this.#end();
      return;
    }
    if (this.#released) return;
    const { folder, dialect } = this.#tools;
    const child = spawn(join(folder, 'gpiomon'), [...dialect.monitor(this.#line)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', edge => this.#tell(edge.trim() === dialect.rising));
    child.once('error', () => this.#end());
    child.once('exit', () => this.#end());
  }

  #end(): void {
    if (this.#released || this.#again !== undefined) return;
    this.#tell(null);
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.#begin();
    }, AGAIN_MS);
    this.#again.unref();
  }

  #tell(level: boolean | null): void {
    if (this.#released || level === this.#last) return;
    this.#last = level;
    this.#changed(level);
  }
}

async function readLine({ folder, dialect }: Tools, line: Line, output: boolean): Promise<boolean> {
  const answer = (await ask(folder, 'gpioget', dialect.get(line, output))).trim();
  if (answer !== '0' && answer !== '1')
    throw new Fault('device', `gpioget says ${JSON.stringify(answer)} of ${line.chip} line ${line.offset}`);
  return answer === '1';
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
