/** Serial ports without wires: a test plugs devices in, and sees what is written to them. */
import { Fault } from '../../src/kernel/fault.ts';
import type { ControlLines, Link, LinkOptions, Links } from '../../src/ports/link.ts';
import type { SerialPorts } from '../../src/ports/serial-ports.ts';

/** The device's end of a port. */
export class MemoryDevice {
  readonly written: Uint8Array[] = [];
  baudRate: number | undefined;
  lines: ControlLines | undefined;
  /** The program has the port open, and does not read. */
  paused = false;
  /** How often it was opened. */
  openings = 0;
  /** Hears what the program writes, as it writes it. */
  onWrite: ((bytes: Uint8Array) => void) | undefined;
  #data: ((bytes: Uint8Array) => void) | undefined;
  #closed: ((reason: Error) => void) | undefined;

  /** Whether the program has the port open. */
  get open(): boolean {
    return this.#data !== undefined || this.#closed !== undefined;
  }

  /** The device sends; what nobody reads is lost. */
  send(bytes: Uint8Array): void {
    if (!this.paused) this.#data?.(bytes);
  }

  /** The port gives an I/O error. */
  break(reason = 'EIO'): void {
    const closed = this.#closed;
    this.#data = undefined;
    this.#closed = undefined;
    closed?.(new Fault('device', reason));
  }

  link(name: string, options: LinkOptions): Link {
    this.baudRate = options.baudRate;
    this.openings++;
    this.paused = false;
    return {
      name,
      queued: 0,
      onData: listener => {
        this.#data = listener;
      },
      onClose: listener => {
        this.#closed = listener;
      },
      write: async bytes => {
        this.written.push(bytes);
        this.onWrite?.(bytes);
      },
      baudRate: options.baudRate,
      setBaudRate: async baud => {
        this.baudRate = baud;
      },
      setLines: async lines => {
        this.lines = lines;
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
      close: async () => {
        this.#data = undefined;
        this.#closed = undefined;
      },
    };
  }
}

export class MemoryLinks implements Links, SerialPorts {
  readonly #devices = new Map<string, MemoryDevice>();

  plug(path: string): MemoryDevice {
    const device = new MemoryDevice();
    this.#devices.set(path, device);
    return device;
  }

  device(path: string): MemoryDevice | undefined {
    return this.#devices.get(path);
  }

  unplug(path: string): void {
    this.#devices.get(path)?.break('unplugged');
    this.#devices.delete(path);
  }

  async open(name: string, options: LinkOptions): Promise<Link> {
    const device = this.#devices.get(name);
    if (device === undefined) throw new Fault('configuration', `cannot open ${name}: no such port`);
    if (device.open) throw new Fault('device', `cannot open ${name}: busy`);
    return device.link(name, options);
  }

  async find(): Promise<string[]> {
    return [...this.#devices.keys()].sort();
  }
}
