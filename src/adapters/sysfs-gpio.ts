/** Relays and buzzer as value files: `/dev/gpio/relay_1/value` holds 0 or 1. The kernel's gpio class looks the same. */
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, Fault } from '../kernel/fault.ts';
import type { DigitalOutput, Gpio } from '../ports/gpio.ts';

/** Relays taken of one board at most. */
const RELAY_LIMIT = 32;

export class SysfsGpio implements Gpio {
  readonly #folder: string;

  /** @param folder where the board's outputs are linked: `/dev/gpio` */
  constructor(folder = '/dev/gpio') {
    this.#folder = folder;
  }

  async relays(): Promise<readonly DigitalOutput[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter(name => name.startsWith('relay_'))
      .sort()
      .slice(0, RELAY_LIMIT)
      .map(name => new ValueFile(join(this.#folder, name)));
  }

  async buzzer(): Promise<DigitalOutput | undefined> {
    const buzzer = new ValueFile(join(this.#folder, 'buzzer'));
    return (await buzzer.exists()) ? buzzer : undefined;
  }
}

class ValueFile implements DigitalOutput {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async exists(): Promise<boolean> {
    return access(join(this.name, 'value')).then(
      () => true,
      () => false,
    );
  }

  async read(): Promise<boolean> {
    const text = await this.#fault(readFile(join(this.name, 'value'), 'utf8'));
    const state = text.trim();
    if (state !== '0' && state !== '1')
      throw new Fault('device', `${this.name} holds ${JSON.stringify(state)}, not 0 or 1`);
    return state === '1';
  }

  async write(on: boolean): Promise<void> {
    await this.#fault(writeFile(join(this.name, 'value'), on ? '1' : '0'));
  }

  async #fault<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new Fault('device', `${this.name}: ${describe(error)}`, error);
    }
  }
}
