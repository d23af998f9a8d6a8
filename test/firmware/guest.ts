/** A board in QEMU with the firmware image: its console, its power, its USB sockets and its relay. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';

const BOOT_LOADER = '/usr/lib/u-boot/qemu_arm/u-boot.bin';
const MEMORY_MB = 256;
/** The GPIO chip's data register with all bits unmasked, on QEMU's board `virt`. */
const GPIO_DATA = '0x90303fc';
/** QEMU notes what the chip puts out in a file of this name, change by change. */
const GPIO_RECORD = 'gpio.log';
/** A machine that is busy, and a processor that is emulated. */
const LIMIT_MS = 300_000;
/** Of the console, kept to look back at. */
const LOG_CHARS = 400_000;

export interface GuestOptions {
  readonly disk: string;
  /** For sockets and logs. */
  readonly folder: string;
  /** The port of this machine that leads to the guest's Modbus TCP port. */
  readonly modbusPort: number;
  /** Another way to the disk, which is to be called `disk`: arguments of QEMU. */
  readonly disks?: readonly string[];
  /** The guest runs as fast as this machine can, by its clock: for those who measure nothing. */
  readonly untimed?: boolean;
  /** One more disk, which can only be read. */
  readonly cartridge?: string;
}

export class Guest {
  readonly #options: GuestOptions;
  readonly #qemu: ChildProcess;
  #console: Socket | undefined;
  #monitor: Socket | undefined;
  #hands: Socket | undefined;
  #log = '';
  #monitorLog = '';
  #seen = 0;
  #commands = 0;
  /** Those who wait: each looks when something was said, or gives up with a reason. */
  readonly #waiting = new Map<() => void, (why: string) => void>();

  private constructor(options: GuestOptions) {
    this.#options = options;
    const socket = (name: string): string => `unix:${join(options.folder, name)},server=on`;
    for (const name of ['console', 'monitor', 'hands', 'usb0', 'usb1', GPIO_RECORD])
      rmSync(join(options.folder, name), { force: true });
    this.#qemu = spawn(
      'qemu-system-arm',
      [
        // Without highmem=off the kernel, which has no LPAE, finds no PCI.
        ...['-M', 'virt,highmem=off', '-cpu', 'cortex-a7', '-smp', '1', '-m', `${MEMORY_MB}`, '-display', 'none'],
        // The guest's clock counts instructions, 500 million a second, about what a Cortex-A8 does: its times are the
        // same on a machine that is busy.
        ...(options.untimed === true ? [] : ['-icount', 'shift=1']),
        ...['-bios', BOOT_LOADER, '-device', 'virtio-rng-pci'],
        ...(options.disks ?? ['-drive', `if=none,id=disk,file=${options.disk},format=raw,cache=writeback`]),
        ...['-device', 'virtio-blk-pci,drive=disk,romfile=,bootindex=0'],
        ...(options.cartridge === undefined ? [] : readOnlyDisk(options.cartridge)),
        ...['-netdev', `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${options.modbusPort}-:502`],
        ...['-device', 'virtio-net-pci,netdev=net,romfile='],
        ...['-chardev', `socket,id=usb0,path=${join(options.folder, 'usb0')},server=on,wait=off`],
        ...['-chardev', `socket,id=usb1,path=${join(options.folder, 'usb1')},server=on,wait=off`],
        // With a faster USB host the guest hangs at the first access to the port.
        ...['-device', 'pci-ohci,id=usb', '-device', 'usb-serial,chardev=usb0,id=serial0,always-plugged=on'],
        // It waits until its console is watched.
        ...['-S', '-serial', `${socket('console')},wait=off`, '-monitor', `${socket('monitor')},wait=off`],
        // What a hand does at the terminals, and a record of what the chip puts out there.
        ...['-qtest', `${socket('hands')},wait=off`, '-qtest-log', 'none'],
        ...['-trace', 'pl061_set_output', '-D', join(options.folder, GPIO_RECORD)],
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  }

  /** Power on. */
  static async start(options: GuestOptions): Promise<Guest> {
    const guest = new Guest(options);
    const record = createWriteStream(join(options.folder, 'console.log'), { flags: 'a' });
    guest.#console = await connect(join(options.folder, 'console'));
    guest.#console.on('data', chunk => {
      record.write(chunk);
      const kept = guest.#log.slice(-LOG_CHARS);
      guest.#seen = Math.max(0, guest.#seen - (guest.#log.length - kept.length));
      guest.#log = kept + chunk.toString('latin1').replaceAll('\r', '');
      for (const look of guest.#waiting.keys()) look();
    });
    guest.#monitor = await connect(join(options.folder, 'monitor'));
    guest.#monitor.on('data', chunk => {
      guest.#monitorLog += chunk.toString('latin1');
      for (const look of guest.#waiting.keys()) look();
    });
    guest.#hands = await connect(join(options.folder, 'hands'));
    guest.#hands.resume();
    await guest.monitor('cont');
    return guest;
  }

  /** Waits for text on the console, after what was waited for before. */
  async until(pattern: RegExp, withinMs = LIMIT_MS): Promise<RegExpExecArray> {
    const match = await this.#wait(
      () => {
        const found = pattern.exec(this.#log.slice(this.#seen));
        if (found !== null) this.#seen += found.index + found[0].length;
        return found;
      },
      `${pattern} on the console`,
      withinMs,
    );
    return match;
  }

  /** Runs a command in the console's shell. Rejects when it fails. @returns what it printed */
  async run(command: string, withinMs = LIMIT_MS): Promise<string> {
    const { code, out } = await this.tell(command, withinMs);
    if (code !== 0) throw new Error(`${command}: ${code}\n${out}`);
    return out;
  }

  /** Runs a command in the console's shell. */
  async tell(command: string, withinMs = LIMIT_MS): Promise<{ code: number; out: string }> {
    const mark = `ended-${++this.#commands}`;
    const from = this.#log.length;
    this.#console?.write(`${command}\necho ${mark}'='$?=\n`);
    const found = await this.#wait(
      () => new RegExp(`${mark}=(\\d+)=`).exec(this.#log.slice(from)),
      `the end of ${command}`,
      withinMs,
    );
    const out = this.#log.slice(from, from + found.index);
    return { code: Number(found[1]), out: out.replaceAll(/^(~ # )+/gm, '').trim() };
  }

  /** The shell of the console, once it is up: without echo, in long lines. */
  async openShell(): Promise<void> {
    await this.until(/~ # /);
    this.#console?.write('stty -echo cols 1000\n');
    await this.run('true');
  }

  /** Seconds since the kernel started. */
  async uptime(): Promise<number> {
    return Guest.uptimes(await this.run('cat /proc/uptime'))[0] ?? Number.NaN;
  }

  /** What `cat /proc/uptime` printed, again and again: seconds since the kernel started, among its own messages. */
  static uptimes(out: string): number[] {
    return [...out.matchAll(/([\d.]+) [\d.]+$/gm)].map(match => Number(match[1]));
  }

  /** What the last line said that is on the console and is like `pattern`. */
  last(pattern: RegExp): RegExpExecArray | undefined {
    return [...this.#log.matchAll(new RegExp(pattern, 'g'))].at(-1);
  }

  /** A command of QEMU's monitor. */
  async monitor(command: string): Promise<string> {
    const from = this.#monitorLog.length;
    this.#monitor?.write(`${command}\n`);
    await this.#wait(() => /\n\(qemu\) $/.exec(this.#monitorLog.slice(from)), `the monitor's answer to ${command}`);
    return this.#monitorLog.slice(from);
  }

  /** The levels of the GPIO chip's lines, as the board sees them. */
  async gpio(): Promise<number> {
    const answer = await this.monitor(`xp /1wx ${GPIO_DATA}`);
    const value = /: (0x[0-9a-f]+)/.exec(answer);
    if (value === null) throw new Error(`no GPIO chip: ${answer}`);
    return Number(value[1]);
  }

  /** What the GPIO chip has put out since power on: one line for each change of a line. */
  gpioRecord(): string[] {
    const lines = readFileSync(join(this.#options.folder, GPIO_RECORD), 'utf8').split('\n');
    return lines.filter(line => line.includes('pl061_set_output'));
  }

  /** Gives a line of the GPIO chip a level from outside. */
  async drive(line: number, high: boolean): Promise<void> {
    const chip = /\/(device\[\d+\]) \(pl061\)/.exec(await this.monitor('info qom-tree'))?.[1];
    if (chip === undefined) throw new Error('no GPIO chip on the board');
    this.#hands?.write(`set_irq_in /machine/unattached/${chip} unnamed-gpio-in ${line} ${Number(high)}\n`);
  }

  /** The other end of a USB serial adapter, `usb0` or `usb1`. */
  usb(name: string): Promise<Socket> {
    return connect(join(this.#options.folder, name));
  }

  /** The power goes, without a word. */
  async cutPower(): Promise<void> {
    if (this.#qemu.exitCode === null && this.#qemu.signalCode === null) {
      const gone = new Promise(resolve => this.#qemu.once('exit', resolve));
      this.#qemu.kill('SIGKILL');
      await gone;
    }
    for (const giveUp of this.#waiting.values()) giveUp('the power was cut');
    this.#console?.destroy();
    this.#monitor?.destroy();
    this.#hands?.destroy();
  }

  #wait<T>(look: () => T | null, what: string, withinMs = LIMIT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(limit);
        this.#waiting.delete(check);
      };
      const giveUp = (why: string): void => {
        end();
        reject(new Error(`${why}: ${what}; the console's end:\n${this.#log.slice(-1500)}`));
      };
      const check = (): void => {
        const found = look();
        if (found === null) return;
        end();
        resolve(found);
      };
      const limit = setTimeout(() => giveUp(`not within ${withinMs / 1000} s`), withinMs);
      this.#waiting.set(check, giveUp);
      check();
    });
  }
}

function readOnlyDisk(file: string): string[] {
  const drive = `if=none,id=cartridge,file=${file},format=raw,readonly=on`;
  return ['-drive', drive, '-device', 'virtio-blk-pci,drive=cartridge,romfile='];
}

/** Connects as soon as the socket is there. */
async function connect(path: string): Promise<Socket> {
  const STEP_MS = 50;
  for (let tries = 0; ; tries++) {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = createConnection(path);
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      });
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise(resume => setTimeout(resume, STEP_MS));
    }
  }
}
