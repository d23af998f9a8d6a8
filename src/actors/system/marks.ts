/** Which slots must run. A byte for each, in their order: most do not have to, and looking them all through is cheap. */
import type { Slot } from './slot.ts';

const MARKED = 1;

export class Marks {
  readonly #bytes: Uint8Array;

  /** @param slots how many there are */
  constructor(slots: number) {
    this.#bytes = new Uint8Array(slots);
  }

  add({ place }: Slot): void {
    this.#bytes[place] = MARKED;
  }

  addAll(slots: readonly Slot[]): void {
    for (const { place } of slots) this.#bytes[place] = MARKED;
  }

  /** Takes the first mark at or behind a place away. @returns its place; undefined when there is none */
  take(from: number): number | undefined {
    const bytes = this.#bytes;
    for (let place = from; place < bytes.length; place++) {
      if (bytes[place] !== MARKED) continue;
      bytes[place] = 0;
      return place;
    }
    return undefined;
  }
}
