/** A private dbus-daemon for one test, on a socket of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DaemonOptions {
  /** Limits of dbus-daemon: `max_match_rules_per_connection` … */
  readonly limits?: Readonly<Record<string, number>>;
  /** Listens on an abstract socket instead of a path. */
  readonly abstract?: boolean;
}

export class TestDaemon {
  readonly address: string;
  readonly folder: string;
  readonly #socket: string | undefined;
  #process: ChildProcess | undefined;

  private constructor(options: DaemonOptions) {
    this.folder = mkdtempSync(join(tmpdir(), 'gxd-bus-'));
    this.#socket = options.abstract ? undefined : join(this.folder, 'socket');
    this.address = this.#socket === undefined ? `unix:abstract=${this.folder}` : `unix:path=${this.#socket}`;
    const limits = Object.entries(options.limits ?? {}).map(([name, n]) => `<limit name="${name}">${n}</limit>`);
    writeFileSync(
      join(this.folder, 'bus.conf'),
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>${this.address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
${limits.join('\n')}</busconfig>`,
    );
  }

  /** Starts a daemon; resolves when it listens. */
  static async start(options: DaemonOptions = {}): Promise<TestDaemon> {
    const daemon = new TestDaemon(options);
    await daemon.restart();
    return daemon;
  }

  /** The daemon's process; undefined while none runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it (again), on the same address. */
  async restart(): Promise<void> {
    if (this.#socket !== undefined && existsSync(this.#socket)) rmSync(this.#socket);
    const child = spawn(
      'dbus-daemon',
      [`--config-file=${join(this.folder, 'bus.conf')}`, '--nofork', '--print-address'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', code => reject(new Error(`dbus-daemon ended with ${code}`)));
      child.stdout.once('data', () => resolve());
    });
  }

  /** Ends it without a warning, as a crash does. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }
}
