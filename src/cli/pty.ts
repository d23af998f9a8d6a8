/** Pseudo terminals, made by socat: a device of ours has one end, a driver opens the other by its path. */
import { type ChildProcess, spawn } from 'node:child_process';
import { SystemClock } from '../adapters/system-clock.ts';
import { Fault } from '../kernel/fault.ts';

const START_MS = 5_000;
const STOP_MS = 2_000;
/** What socat says is kept to this length while we wait for a word of it. */
const SAID_CHARS = 4_096;

export class Pty {
  /** What a driver opens. */
  readonly path: string;
  readonly #child: ChildProcess;

  private constructor(path: string, child: ChildProcess) {
    this.path = path;
    this.#child = child;
  }

  /**
   * @param link where the pseudo terminal is to be found; without it at a path that the system chooses
   * @param ended called when socat ends though nobody has closed it
   * Rejects with a Fault (system) when socat is missing or does not start.
   */
  static async open(link?: string, ended: (why: string) => void = () => {}): Promise<Pty> {
    const options = link === undefined ? 'PTY,raw,echo=0' : `PTY,link=${link},raw,echo=0`;
    // A group of its own: Ctrl-C is for us, who then end it in order.
    const child = spawn('socat', ['-d', '-d', options, 'STDIO'], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const said = await untilSaid(child, 'starting data transfer');
    // A driver that closes its end makes writing fail now and then; that is no more than an unplugged cable.
    child.stdin?.on('error', () => {});
    const pty = new Pty(link ?? /PTY is (\S+)/.exec(said)?.[1] ?? '', child);
    child.once('exit', code => {
      if (!pty.#closing) ended(`socat ended with ${code}`);
    });
    return pty;
  }

  #closing = false;

  write(bytes: Uint8Array): void {
    if (!this.#closing) this.#child.stdin?.write(bytes);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#child.stdout?.on('data', listener);
  }

  /** Unplugs it, and waits until it is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    await endChild(this.#child, STOP_MS);
  }
}

/** Ends a process, by force when it does not end in time. */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killer = new SystemClock().after(graceMs, () => child.kill('SIGKILL'));
  await gone;
  killer.cancel();
}

/** Waits until a child has printed `text`. @returns what it has said */
export function untilSaid(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const failed = (why: string): void => {
      limit.cancel();
      reject(new Fault('system', `${child.spawnfile} ${why}`));
    };
    const limit = new SystemClock().after(START_MS, () => failed(`is not up after ${START_MS} ms`));
    const listen = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-SAID_CHARS);
      if (!said.includes(text)) return;
      limit.cancel();
      child.stdout?.off('data', listen);
      child.stderr?.off('data', listen);
      child.stderr?.resume();
      resolve(said);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', error => failed(`could not be started: ${error.message}`));
    child.once('exit', code => failed(`ended with ${code}`));
  });
}
