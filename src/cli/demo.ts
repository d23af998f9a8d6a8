/**
 * `gxd demo`: a private bus, ptys and a CAN bus with simulated or captured devices, gxd itself, and a live table of what
 * it publishes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SystemClock } from '../adapters/system-clock.ts';
import { World } from '../bus/world.ts';
import type { Owned } from '../kernel/actor.ts';
import { describe, Fault } from '../kernel/fault.ts';
import { openBus } from './bus.ts';
import { blocksBySecond } from './capture.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { liveTable } from './live-table.ts';
import { ownProgram } from './own-program.ts';
import { startPlant } from './plant.ts';
import { endChild, Pty, untilSaid } from './pty.ts';

const STOP_MS = 5_000;
const PACE_MS = 1_000;
const REFRESH_MS = 1_000;
/** Lines that are not a terminal's are printed less often. */
const PRINT_MS = 5_000;

export async function demoCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { captures, seconds } = parseOptions(args);
  const folder = mkdtempSync(join(tmpdir(), 'gxd-demo-'));
  const demo = new Demo(folder);
  try {
    await demo.start(captures, io);
    await demo.show(seconds, io);
    return EXIT.done;
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseOptions(args: readonly string[]): { captures: string[]; seconds: number | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seconds: { type: 'string' } },
    });
    const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
    if (seconds !== undefined && !(seconds > 0)) throw new UsageError('--seconds takes a number above 0');
    return { captures: positionals, seconds };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
}

class Demo {
  readonly #folder: string;
  readonly #address: string;
  readonly #clock = new SystemClock();
  readonly #children: ChildProcess[] = [];
  /** The devices, in the order in which they were plugged in. */
  readonly #devices: Owned[] = [];
  #stopping = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#address = `unix:path=${join(folder, 'bus')}`;
  }

  async start(captures: readonly string[], io: CliIo): Promise<void> {
    process.env['DBUS_SYSTEM_BUS_ADDRESS'] = this.#address;
    const config = join(this.#folder, 'bus.conf');
    writeFileSync(config, busConfig(this.#address));
    await untilSaid(this.#child('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address']), 'unix:');
    const plant =
      captures.length === 0 ? await startPlant(this.#clock, this.#folder, why => this.#died(why)) : undefined;
    if (plant !== undefined) this.#devices.push(plant);
    for (const [i, capture] of captures.entries()) await this.#replay(join(this.#folder, `ttyUSB${i}`), capture);
    const [command, ...first] = ownProgram();
    this.#child(command, [
      ...[...first, 'run'],
      ...['--data', join(this.#folder, 'data')],
      ...['--serial', join(this.#folder, 'ttyUSB*')],
      ...['--serial-locks', ''],
      ...['--can', plant?.can ?? ''],
    ]);
    io.out(`The bus of this demonstration: DBUS_SYSTEM_BUS_ADDRESS=${this.#address}`);
  }

  /** Shows the table until Ctrl-C, or for so many seconds. */
  async show(seconds: number | undefined, io: CliIo): Promise<void> {
    const bus = await openBus(this.#clock);
    const world = new World(bus, () => this.#clock.monotonic());
    bus.observe(world);
    const terminal = process.stdout.isTTY === true;
    const refresh = this.#clock.every(terminal ? REFRESH_MS : PRINT_MS, () => {
      const lines = liveTable(world, this.#clock.monotonic());
      const head = [`bus ${this.#address}   (Ctrl-C ends)`, ''];
      if (terminal) {
        const height = Math.max(5, process.stdout.rows - 1);
        const all = [...head, ...lines];
        const shown =
          all.length > height ? [...all.slice(0, height - 1), `… ${all.length - height + 1} more lines`] : all;
        process.stdout.write(`\x1b[H\x1b[2J${shown.join('\n')}\n`);
      } else for (const line of ['', ...lines]) io.out(line);
    });
    await new Promise<void>(resolve => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
      if (seconds !== undefined) this.#clock.after(seconds * 1000, resolve);
    });
    refresh.cancel();
    await bus.close();
  }

  /** Ends what was started, last first, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of this.#children.reverse()) await endChild(child, STOP_MS);
    for (const device of this.#devices.reverse()) await device.release();
  }

  /** A pty with the captured bytes at the pace of the device, again and again. */
  async #replay(path: string, capture: string): Promise<void> {
    let bytes: Buffer;
    try {
      bytes = readFileSync(capture);
    } catch (error) {
      throw new Fault('configuration', `the capture ${capture} cannot be read: ${describe(error)}`);
    }
    const blocks = blocksBySecond(bytes);
    if (blocks.length === 0) throw new Fault('configuration', `${capture} holds no VE.Direct stream`);
    const pty = await Pty.open(path, why => this.#died(why));
    let next = 0;
    const pace = this.#clock.every(PACE_MS, () => {
      pty.write(blocks[next % blocks.length] ?? new Uint8Array());
      next++;
    });
    this.#devices.push({
      release: () => {
        pace.cancel();
        return pty.close();
      },
    });
  }

  #child(command: string, args: readonly string[]): ChildProcess {
    // A group of its own: Ctrl-C is for us, who then end it in order.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child.on('error', error => this.#died(`${command} could not be started: ${error.message}`));
    child.on('exit', code => this.#died(`${command} ended with ${code}`));
    child.stdout?.resume();
    if (command === process.execPath && process.stdout.isTTY !== true) child.stderr?.pipe(process.stderr);
    else child.stderr?.resume();
    this.#children.push(child);
    return child;
  }

  #died(why: string): void {
    if (this.#stopping) return;
    process.stderr.write(`gxd demo: ${why}\n`);
    process.kill(process.pid, 'SIGTERM');
  }
}

function busConfig(address: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>${address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
`;
}
