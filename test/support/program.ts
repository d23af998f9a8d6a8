/** Runs the program as its users do: the bundled file, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';

export const PROGRAM = 'dist/gxd.cjs';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts gxd with arguments; `environment` goes before the own one. */
export function startGxd(args: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningGxd {
  return new RunningGxd(
    spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** Runs gxd to its end. */
export function runGxd(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> {
  return startGxd(args, environment).ended;
}

export class RunningGxd {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #out = '';
  #err = '';
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#out += chunk.toString();
      for (const look of this.#waiting) look();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#err += chunk.toString();
      for (const look of this.#waiting) look();
    });
    this.ended = new Promise(resolve => {
      child.once('close', code => {
        resolve({ code, out: this.#out, err: this.#err });
        for (const look of this.#waiting) look();
      });
    });
  }

  /** What has been printed so far, on either stream. */
  get said(): string {
    return this.#out + this.#err;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the program did not start');
    return this.#child.pid;
  }

  /** Settles when `text` has been printed, on either stream. Rejects when the program ends without. */
  untilSaid(text: string | RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { said } = this;
        const found = typeof text === 'string' ? said.includes(text) : text.test(said);
        if (found) resolve();
        else if (this.#child.exitCode !== null) reject(new Error(`gxd ended without "${text}":\n${said}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}
