/**
 * An output of the character device: a `gpioset` holds it, on its own, and outlives this program, which finds it again
 * by its arguments. A change puts another process in its place. Between the two nobody holds the line: it stays as it
 * was, or falls to its rest, which comes to the same for a line that is about to change.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, Fault } from '../kernel/fault.ts';
import type { DigitalOutput } from '../ports/gpio.ts';
import type { Line, Tools } from './gpio-tools.ts';

/** A `gpioset` that cannot have its line ends within this, where it cannot be seen to have it. Milliseconds. */
const HOLD_MS = 500;
/** A `gpioset` ends within this when told so. Milliseconds. */
const LET_GO_MS = 1_000;
const LOOK_AGAIN_MS = 10;

interface Holder {
  readonly pid: number;
  readonly on: boolean;
}

export class HeldOutput implements DigitalOutput {
  readonly name: string;
  readonly #tools: Tools;
  readonly #line: Line;
  /** Undefined until all processes were looked at; null when none of them holds the line. */
  #holder: Holder | null | undefined;

  constructor(tools: Tools, name: string, line: Line) {
    this.name = name;
    this.#tools = tools;
    this.#line = line;
  }

  /** A line that nobody holds, after a start of the machine, is held from now on: it stands as it is said to stand. */
  async read(): Promise<boolean> {
    const holder = await this.#present();
    if (holder !== null) return holder.on;
    const on = await this.#tools.readOutput(this.#line);
    await this.#hold(on);
    return on;
  }

  async write(on: boolean): Promise<void> {
    const holder = await this.#present();
    if (holder?.on === on) return;
    if (holder !== null) await letGo(holder.pid, this.name);
    await this.#hold(on);
  }

  async #hold(on: boolean): Promise<void> {
    // Until it is held, it may be by a process that has come since we looked.
    this.#holder = undefined;
    const words = this.#tools.dialect.set(this.#line, on);
    const child = spawn(this.#tools.program('gpioset'), [...words], { detached: true, stdio: 'ignore' });
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(describe(error)));
      child.once('exit', code => resolve(`it ended with ${code}`));
    });
    const failure = await Promise.race([ended, seenToHold(child.pid)]);
    if (failure !== undefined) throw new Fault('device', `${this.name} cannot be held by gpioset: ${failure}`);
    child.unref();
    if (child.pid !== undefined) this.#holder = { pid: child.pid, on };
  }

  /** The process that holds the line, of this run of the program or of an earlier one; null when there is none. */
  async #present(): Promise<Holder | null> {
    if (this.#holder !== undefined && (this.#holder === null || (await this.#holds(this.#holder)))) return this.#holder;
    const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
    const holders = pids.flatMap(pid => [true, false].map(on => ({ pid, on })));
    for (const holder of holders) {
      if (!(await this.#holds(holder))) continue;
      this.#holder = holder;
      return holder;
    }
    this.#holder = null;
    return null;
  }

  /** A number may belong to somebody else by now: it must be a gpioset with our arguments. */
  async #holds({ pid, on }: Holder): Promise<boolean> {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const words = this.#tools.dialect.set(this.#line, on);
    return command.some(word => word.endsWith('gpioset')) && words.every(word => command.includes(word));
  }
}

/** Resolves as soon as the process has a line open; when that cannot be seen, after the time in which it would fail. */
async function seenToHold(pid: number | undefined): Promise<undefined> {
  const folder = `/proc/${pid}/fd`;
  for (let waited = 0; waited < HOLD_MS; waited += LOOK_AGAIN_MS) {
    const files = await readdir(folder).catch(() => []);
    const targets = await Promise.all(files.map(file => readlink(`${folder}/${file}`).catch(() => '')));
    if (targets.some(target => target.startsWith('anon_inode:gpio'))) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function letGo(pid: number, name: string): Promise<void> {
  for (let waited = 0; waited < LET_GO_MS; waited += LOOK_AGAIN_MS) {
    try {
      // Again and again does no harm; the first one ends it.
      process.kill(pid, waited === 0 ? 'SIGTERM' : 0);
    } catch {
      return; // It is gone.
    }
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Fault('device', `${name} is held by process ${pid}, which does not end`);
}
