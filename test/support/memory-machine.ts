/** The machine as actors see it in a test: doubles for all that is outside. */
import type { Machine } from '../../src/appliance.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import { UNKNOWN_BOARD } from '../../src/ports/board.ts';
import type { MemoryBus } from './memory-bus.ts';
import { MemoryCan } from './memory-can.ts';
import { MemoryGpio } from './memory-gpio.ts';
import { MemoryLinks } from './memory-links.ts';
import { MemoryNet } from './memory-net.ts';
import { PowerCutFiles } from './power-cut-files.ts';

export interface MemoryMachine extends Machine {
  readonly can: MemoryCan;
  readonly gpio: MemoryGpio;
  /** The text of a simulated file, undefined when there is none. */
  readFile(path: string): string | undefined;
  /** Changes it, or takes it away. */
  writeFile(path: string, text: string | undefined): void;
}

/** @param files text files that the program sees, by path: GPIO values */
export function memoryMachine(
  clock: VirtualClock,
  bus: MemoryBus,
  files: Readonly<Record<string, string>> = {},
): MemoryMachine {
  const texts = new Map(Object.entries(files));
  const links = new MemoryLinks();
  const gpio = new MemoryGpio(texts);
  return {
    clock,
    bus,
    links,
    serialPorts: links,
    can: new MemoryCan(clock),
    gpio,
    board: UNKNOWN_BOARD,
    files: new PowerCutFiles(),
    net: new MemoryNet(),
    random: seededRandom(1),
    readFile: path => texts.get(path),
    writeFile: (path, text) => {
      if (text === undefined) texts.delete(path);
      else texts.set(path, text);
      gpio.fileChanged(path);
    },
  };
}
