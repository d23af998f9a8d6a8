/** Relays and buzzer of a board that is only in memory, over the text files of a test. */
import { Fault } from '../../src/kernel/fault.ts';
import type { DigitalOutput, Gpio } from '../../src/ports/gpio.ts';

export class MemoryGpio implements Gpio {
  readonly #files: Map<string, string>;

  /** @param files value files by path: `/dev/gpio/relay_1/value`; changed in place */
  constructor(files: Map<string, string>) {
    this.#files = files;
  }

  async relays(): Promise<readonly DigitalOutput[]> {
    return [...this.#files.keys()]
      .filter(path => path.startsWith('/dev/gpio/relay_'))
      .sort()
      .map(path => this.#output(path));
  }

  async buzzer(): Promise<DigitalOutput | undefined> {
    const path = '/dev/gpio/buzzer/value';
    return this.#files.has(path) ? this.#output(path) : undefined;
  }

  #output(path: string): DigitalOutput {
    const name = path.replace(/\/value$/, '');
    return {
      name,
      read: async () => {
        const text = this.#files.get(path);
        if (text === undefined) throw new Fault('device', `${name} is not there`);
        return text.trim() === '1';
      },
      write: async on => void this.#files.set(path, on ? '1' : '0'),
    };
  }
}
