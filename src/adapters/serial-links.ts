/** Serial ports and ptys, by the package `serialport`. */
import type { SerialPort } from 'serialport';
import { Fault, type Whose } from '../kernel/fault.ts';
import type { ControlLines, Link, LinkOptions, Links } from '../ports/link.ts';

/** Bytes that may wait for a device that does not take them. */
const WRITE_QUEUE_BYTES = 4096;
const READ_CHUNK_BYTES = 1024;

export class SerialLinks implements Links {
  async open(name: string, options: LinkOptions): Promise<Link> {
    // Loaded when there is a port: it brings an addon, and memory is scarce.
    const { SerialPort } = await import('./serial-port.ts');
    const port = new SerialPort({
      path: name,
      baudRate: options.baudRate,
      highWaterMark: READ_CHUNK_BYTES,
      autoOpen: false,
      lock: true,
    });
    await new Promise<void>((resolve, reject) =>
      port.open(error => (error === null ? resolve() : reject(openFault(name, error)))),
    );
    return new SerialLink(name, port);
  }
}

class SerialLink implements Link {
  readonly name: string;
  readonly #port: SerialPort;
  #closed: ((reason: Error) => void) | undefined;
  #gone: Error | undefined;
  #paused = false;

  constructor(name: string, port: SerialPort) {
    this.name = name;
    this.#port = port;
    // Whichever comes first tells that the port is gone; an error leaves it open, so it is closed here.
    port.on('error', error => {
      this.#lost(error);
      if (port.isOpen) port.close(() => {});
    });
    port.on('close', (error: Error | null) => this.#lost(error ?? new Error('closed')));
  }

  get baudRate(): number {
    return this.#port.baudRate;
  }

  get queued(): number {
    return this.#port.writableLength;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#port.on('data', (bytes: Buffer) => {
      if (!this.#paused) listener(bytes);
    });
  }

  onClose(listener: (reason: Error) => void): void {
    this.#closed = listener;
    if (this.#gone !== undefined) listener(this.#gone);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    if (this.queued + bytes.length > WRITE_QUEUE_BYTES)
      return Promise.reject(new Fault('device', `${this.name} does not take what is written to it`));
    return new Promise((resolve, reject) =>
      this.#port.write(bytes, error =>
        error ? reject(new Fault('device', `${this.name}: ${error.message}`)) : resolve(),
      ),
    );
  }

  setBaudRate(baudRate: number): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#port.update({ baudRate }, error => (error ? reject(openFault(this.name, error)) : resolve())),
    );
  }

  setLines(lines: ControlLines): Promise<void> {
    // What fails has no such lines, or has gone, which is heard of anyway.
    return new Promise(resolve => this.#port.set(lines, () => resolve()));
  }

  pause(): void {
    this.#paused = true;
    this.#port.pause();
  }

  resume(): void {
    // What was read ahead and what the kernel holds is old.
    this.#port.read();
    this.#port.flush(() => {
      this.#paused = false;
      this.#port.resume();
    });
  }

  close(): Promise<void> {
    this.#closed = undefined;
    if (!this.#port.isOpen) return Promise.resolve();
    // A port that vanishes while it is closed is as closed as it can be.
    return new Promise(resolve => this.#port.close(() => resolve()));
  }

  #lost(error: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = new Fault('device', `${this.name}: ${error.message}`);
    this.#closed?.(this.#gone);
  }
}

function openFault(name: string, error: Error): Fault {
  const whose: Whose = /permission|no such file|cannot open/i.test(error.message) ? 'configuration' : 'device';
  return new Fault(
    whose,
    `cannot open ${name}: ${error.message.replace(/^Error:?\s*/i, '').replace(/, cannot open.*$/, '')}`,
  );
}
