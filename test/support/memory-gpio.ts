/** Relays, buzzer and digital inputs of a board that is only in memory, over the text files of a test. */
import type { Owned } from '../../src/kernel/actor.ts';
import { Fault } from '../../src/kernel/fault.ts';
import { boardInput, type DigitalInput, type DigitalOutput, extenderInput, type Gpio } from '../../src/ports/gpio.ts';

const INPUT = /^\/dev\/gpio\/digital_input_(\d+)\/value$/;
const EXTENDER_INPUT = /^\/run\/io-ext\/(\w+)\/(input_(\d+))\/value$/;

export class MemoryGpio implements Gpio {
  readonly #files: Map<string, string>;
  readonly #watchers = new Set<(path: string) => void>();
  /** What was written to the outputs, in order: `/dev/gpio/relay_1 1`. */
  readonly writes: string[] = [];

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

  async inputs(): Promise<readonly DigitalInput[]> {
    return [...this.#files.keys()]
      .filter(path => INPUT.test(path))
      .sort()
      .map(path => ({
        name: path.replace(/\/value$/, ''),
        ...boardInput(Number(INPUT.exec(path)?.[1])),
        watch: changed => this.#watch(path, changed),
      }));
  }

  watchExtenders(changed: (inputs: readonly DigitalInput[]) => void): Owned {
    const tell = (): void => changed([...this.#files.keys()].flatMap(path => this.#extenderInput(path)));
    const watcher = (path: string): void => {
      if (EXTENDER_INPUT.test(path)) tell();
    };
    this.#watchers.add(watcher);
    tell();
    return { release: () => void this.#watchers.delete(watcher) };
  }

  #extenderInput(path: string): DigitalInput[] {
    const [, tag, line, label] = EXTENDER_INPUT.exec(path) ?? [];
    if (tag === undefined || line === undefined || label === undefined) return [];
    const name = path.replace(/\/value$/, '');
    return [{ name, ...extenderInput(tag, line, label), watch: changed => this.#watch(path, changed) }];
  }

  /** Tells those who watch that the test has changed a file. */
  fileChanged(path: string): void {
    for (const watcher of this.#watchers) watcher(path);
  }

  #watch(path: string, changed: (high: boolean | null) => void): Owned {
    const tell = (): void => {
      const text = this.#files.get(path);
      changed(text === undefined ? null : text.trim() === '1');
    };
    const watcher = (changedPath: string): void => {
      if (changedPath === path) tell();
    };
    this.#watchers.add(watcher);
    tell();
    return { release: () => void this.#watchers.delete(watcher) };
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
      write: async on => {
        this.#files.set(path, on ? '1' : '0');
        this.writes.push(`${name} ${on ? '1' : '0'}`);
      },
    };
  }
}
