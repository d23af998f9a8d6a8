/**
 * A digital input of the character device: its level, then its edges as `gpiomon` tells them.
 *
 * An input line belongs to its `gpiomon`. One that outlived us would keep the line, and nobody could read it: so it runs
 * under a shell that ends it as soon as our end of a pipe is closed, however we end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Owned } from '../kernel/actor.ts';
import type { Line, Tools } from './gpio-tools.ts';

/** A `gpiomon` that has ended is started again after this. Milliseconds. */
const AGAIN_MS = 5_000;
/** The output is that of the tool alone: it ends when the tool has ended. */
const UNTIL_INPUT_ENDS = 'exec 3>&1 >/dev/null; "$0" "$@" >&3 & exec 3>&-; read -r _; kill $! 2>/dev/null';

export class Monitor implements Owned {
  readonly #tools: Tools;
  readonly #line: Line;
  readonly #changed: (high: boolean | null) => void;
  #child: ChildProcess | undefined;
  #again: NodeJS.Timeout | undefined;
  #last: boolean | null | undefined;
  #released = false;

  /** @param changed hears of the level now, and of each edge; null when the line cannot be read */
  constructor(tools: Tools, line: Line, changed: (high: boolean | null) => void) {
    this.#tools = tools;
    this.#line = line;
    this.#changed = changed;
    void this.#begin();
  }

  release(): void {
    this.#released = true;
    clearTimeout(this.#again);
    this.#child?.stdin?.end();
  }

  /** The level first: a line that is monitored cannot be read. An edge in between is made good by the next one. */
  async #begin(): Promise<void> {
    try {
      this.#tell(await this.#tools.read(this.#line));
    } catch {
      this.#end();
      return;
    }
    if (this.#released) return;
    const { dialect } = this.#tools;
    const words = [this.#tools.program('gpiomon'), ...dialect.monitor(this.#line)];
    const child = spawn('/bin/sh', ['-c', UNTIL_INPUT_ENDS, ...words], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    const edges = createInterface({ input: child.stdout });
    edges.on('line', edge => this.#tell(edge.trim() === dialect.rising));
    edges.once('close', () => this.#end());
    // Neither a shell that cannot be started, nor one that is gone before its pipe, is more than an end.
    child.once('error', () => this.#end());
    child.stdin.on('error', () => {});
  }

  #end(): void {
    this.#child?.stdin?.end();
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
