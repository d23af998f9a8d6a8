/** Relays, buzzer and digital inputs as value files: `/dev/gpio/relay_1/value`, `/dev/gpio/digital_input_1/value`. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { boardInput, type DigitalInput, type DigitalOutput } from '../ports/gpio.ts';
import type { BoardLinesFound } from './board-gpio.ts';
import { ValueFile } from './value-file.ts';

/** Lines of a kind taken of one board at most. */
export const LINE_LIMIT = 32;

export class SysfsGpio implements BoardLinesFound {
  readonly #lines: () => Promise<ReadonlyMap<string, string>>;

  /** @param place where the board's lines are linked by name: `/dev/gpio`; or the folder of each line by its name */
  constructor(place: string | ReadonlyMap<string, string> = '/dev/gpio') {
    this.#lines = async () => (typeof place === 'string' ? linesIn(place) : place);
  }

  async relays(): Promise<readonly DigitalOutput[]> {
    return (await this.#named('relay_')).map(({ folder }) => new ValueFile(folder));
  }

  async buzzer(): Promise<DigitalOutput | undefined> {
    const folder = (await this.#lines()).get('buzzer');
    const buzzer = folder === undefined ? undefined : new ValueFile(folder);
    return (await buzzer?.exists()) === true ? buzzer : undefined;
  }

  async inputs(): Promise<readonly DigitalInput[]> {
    return (await this.#named('digital_input_')).map(({ folder, number }) => {
      const line = new ValueFile(folder);
      return { name: line.name, ...boardInput(number), watch: changed => line.watch(changed) };
    });
  }

  async #named(prefix: string): Promise<{ readonly folder: string; readonly number: number }[]> {
    return numbered(await this.#lines(), prefix).map(({ value, number }) => ({ folder: value, number }));
  }
}

/** `relay_2` → 2, in the order of the numbers; names without a number are left out. */
export function numbered<T>(
  lines: ReadonlyMap<string, T>,
  prefix: string,
): { readonly number: number; readonly value: T }[] {
  const digits = /^[1-9]\d{0,2}$/;
  return [...lines]
    .filter(([name]) => name.startsWith(prefix) && digits.test(name.slice(prefix.length)))
    .map(([name, value]) => ({ number: Number(name.slice(prefix.length)), value }))
    .sort((a, b) => a.number - b.number)
    .slice(0, LINE_LIMIT);
}

async function linesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  return new Map(names.map(name => [name, join(folder, name)]));
}
