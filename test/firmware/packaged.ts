/** An executable of `npm run package`, run on this machine: by itself, or by an emulator of its processor. */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Ended, RunningGxd } from '../support/program.ts';

/** The emulators do not follow a program that runs another: they are given what the launcher would run. */
const EMULATORS: Readonly<Record<string, readonly string[]>> = {
  armv7: ['qemu-arm-static', '-cpu', 'cortex-a8'],
  arm64: ['qemu-aarch64-static'],
};
const HOST = { x64: 'x64', arm64: 'arm64' }[process.arch as string];

/** What the launcher sets; the emulated program gets it from here. */
const ENVIRONMENT = { UV_USE_IO_URING: '0', NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=64' };

/** Emulation, and a machine that is busy. */
const LIMIT_MS = 120_000;

export class Packaged {
  readonly file: string;
  readonly emulated: boolean;
  readonly name: string;
  readonly #emulator: readonly string[];

  constructor(name: string, file = `dist/gxd-${name}`) {
    this.name = name;
    this.file = resolve(file);
    this.#emulator = name === HOST ? [] : (EMULATORS[name] ?? []);
    this.emulated = this.#emulator.length > 0;
  }

  /** Runs the launcher to its end. */
  launch(args: readonly string[], runtimes: string, environment: Readonly<Record<string, string>> = {}): Ended {
    const [command = this.file, ...rest] = [...this.#emulator, this.file, ...args];
    const { status, stdout, stderr } = spawnSync(command, rest, {
      encoding: 'utf8',
      timeout: LIMIT_MS,
      env: { ...process.env, ...environment, GXD_RUNTIME_FOLDER: runtimes },
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** Starts gxd out of its unpacked runtime, as the launcher does. */
  start(args: readonly string[], runtimes: string, environment: Readonly<Record<string, string>> = {}): RunningGxd {
    let command = [this.file, ...args];
    if (this.emulated) {
      const folder = this.launch(['--unpack'], runtimes).out.trim();
      command = [...this.#emulator, `${folder}/ld.so`, '--library-path', folder, `${folder}/gxd`, ...args];
    }
    const [program = this.file, ...rest] = command;
    return new RunningGxd(
      spawn(program, rest, {
        env: { ...process.env, ...ENVIRONMENT, ...environment, GXD_RUNTIME_FOLDER: runtimes },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }
}
