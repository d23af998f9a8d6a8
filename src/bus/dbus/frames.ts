/**
 * Cuts the stream of a connection into messages. A message longer than we take is passed on without its body, which
 * is thrown away as it arrives; only a stream that cannot be followed any more is a fault.
 */
import { BUS_LIMITS } from '../bus.ts';
import { type Malformed, measure } from './message.ts';

const FIXED_BYTES = 16;
/** A header longer than this is thrown away with its body. */
const HEADER_LIMIT = 64 * 1024;

export class Frames {
  /** What has arrived and was not yet taken; the first chunk from `#at` on. */
  #chunks: Buffer[] = [];
  #at = 0;
  #length = 0;
  /** Bytes still to throw away. */
  #discard = 0;
  /** Messages that were longer than we take. */
  oversized = 0;

  /** Takes bytes that arrived. They must hold until `keep`. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Copies what was pushed last and not yet taken, so that its bytes may change. */
  keep(): void {
    const last = this.#chunks.length - 1;
    const chunk = this.#chunks[last];
    if (chunk === undefined) return;
    const from = last === 0 ? this.#at : 0;
    if (last === 0) this.#at = 0;
    this.#chunks[last] = Buffer.from(chunk.subarray(from));
  }

  /**
   * @returns the bytes of the next message (of one that is too long: its header); undefined when it is not here
   * yet; a fault when the stream makes no sense any more
   */
  next(): Buffer | Malformed | undefined {
    if (this.#discard > 0 && !this.#throwAway()) return undefined;
    if (this.#length < FIXED_BYTES) return undefined;
    const head = this.#joined(FIXED_BYTES);
    const measured = measure(head, this.#at);
    if ('fault' in measured) return measured;
    const { header, total } = measured;
    if (total <= BUS_LIMITS.messageBytes) return this.#length < total ? undefined : this.#take(total);
    if (header > HEADER_LIMIT) {
      this.oversized++;
      this.#discard = total;
      return this.next();
    }
    if (this.#length < header) return undefined;
    this.oversized++;
    const bytes = this.#take(header);
    this.#discard = total - header;
    return bytes;
  }

  #throwAway(): boolean {
    const now = Math.min(this.#discard, this.#length);
    this.#discard -= now;
    for (let left = now; left > 0; ) {
      const first = this.#chunks[0];
      if (first === undefined) break;
      const here = Math.min(left, first.length - this.#at);
      this.#advance(here);
      left -= here;
    }
    return this.#discard === 0;
  }

  #take(size: number): Buffer {
    const bytes = this.#joined(size).subarray(this.#at, this.#at + size);
    this.#advance(size);
    return bytes;
  }

  /** The first chunk, made to hold `size` bytes from `#at` on. They are known to be here. */
  #joined(size: number): Buffer {
    let first = this.#chunks[0] ?? Buffer.alloc(0);
    if (first.length - this.#at < size) {
      const parts: Buffer[] = [];
      let held = -this.#at;
      let count = 0;
      while (held < size) {
        const chunk = this.#chunks[count++];
        if (chunk === undefined) break;
        parts.push(chunk);
        held += chunk.length;
      }
      first = Buffer.concat(parts).subarray(this.#at);
      this.#at = 0;
      this.#chunks.splice(0, count, first);
    }
    return first;
  }

  /** Steps over bytes of the first chunk. */
  #advance(size: number): void {
    this.#at += size;
    this.#length -= size;
    if (this.#at >= (this.#chunks[0]?.length ?? 0)) {
      this.#chunks.shift();
      this.#at = 0;
    }
  }
}
