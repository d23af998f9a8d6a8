/** A small mutation fuzzer: one seed repeats a whole run. */
import { type Random, seededRandom } from '../../src/kernel/random.ts';

/** Something that takes bytes from strangers. */
export interface FuzzTarget {
  /** As on the command line. */
  readonly name: string;
  /** Inputs that are good, to start from. */
  corpus(): Uint8Array[];
  /** Pieces that are put in beside random octets. */
  dictionary?(): Uint8Array[];
  /** Throws when something is wrong; must be done within RUN_LIMIT_MS. */
  run(bytes: Uint8Array): void;
}

/** Longer than this for one input counts as a hang, milliseconds. */
export const RUN_LIMIT_MS = 1000;
/** No input is longer, octets. */
export const INPUT_LIMIT = 16_384;

const CORPUS_INPUTS = 512;
const MUTATIONS = 6;
/** Octets that are the edge of something in one protocol or another. */
const EDGES = [0x00, 0x01, 0x09, 0x0a, 0x0d, 0x20, 0x24, 0x2a, 0x2c, 0x30, 0x3a, 0x7f, 0x80, 0xfe, 0xff];

/** Endless inputs made from a corpus, always the same for the same seed. */
export class Mutator {
  readonly #random: Random;
  readonly #corpus: readonly Uint8Array[];
  readonly #words: readonly Uint8Array[];

  constructor(target: FuzzTarget, seed: number) {
    this.#random = seededRandom(seed);
    this.#words = [...(target.dictionary?.() ?? []), ...EDGES.map(octet => Uint8Array.of(octet))];
    const corpus = target.corpus().slice(0, CORPUS_INPUTS);
    this.#corpus = corpus.length > 0 ? corpus.map(input => input.subarray(0, INPUT_LIMIT)) : [new Uint8Array()];
  }

  next(): Uint8Array {
    let bytes = this.#pick(this.#corpus);
    for (let left = this.#below(MUTATIONS); left >= 0; left--) bytes = this.#mutate(bytes);
    return bytes.slice(0, INPUT_LIMIT);
  }

  #mutate(bytes: Uint8Array): Uint8Array {
    const at = this.#below(bytes.length + 1);
    const to = Math.min(bytes.length, at + this.#below(64));
    switch (this.#below(8)) {
      case 0: // a bit flips
        return this.#change(bytes, at, octet => octet ^ (1 << this.#below(8)));
      case 1: // another octet
        return this.#change(bytes, at, () => this.#below(256));
      case 2: // cut off
        return bytes.subarray(0, at);
      case 3: // a piece is lost
        return join(bytes.subarray(0, at), bytes.subarray(to));
      case 4: // a piece comes twice
        return join(bytes.subarray(0, to), bytes.subarray(at));
      case 5: // a word is put in
        return join(bytes.subarray(0, at), this.#pick(this.#words), bytes.subarray(at));
      case 6: // random octets are put in
        return join(bytes.subarray(0, at), this.#noise(), bytes.subarray(at));
      default: {
        // the tail of another input
        const other = this.#pick(this.#corpus);
        return join(bytes.subarray(0, at), other.subarray(this.#below(other.length + 1)));
      }
    }
  }

  #change(bytes: Uint8Array, at: number, to: (octet: number) => number): Uint8Array {
    const changed = bytes.slice();
    const octet = changed[at];
    if (octet !== undefined) changed[at] = to(octet);
    return changed;
  }

  #noise(): Uint8Array {
    return Uint8Array.from({ length: this.#below(32) }, () => this.#below(256));
  }

  #pick(from: readonly Uint8Array[]): Uint8Array {
    return from[this.#below(from.length)] ?? new Uint8Array();
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export interface FuzzResult {
  readonly executions: number;
  /** Of the heap and buffers above what stood there after the first runs, octets. */
  readonly maxGrowth: number;
  readonly failure?: { readonly input: Uint8Array; readonly reason: string };
}

/** What the fuzzer needs from the machine it runs on. */
export interface FuzzMachine {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Octets in use after a garbage collection. */
  memory(): number;
  /** Told of every input before it is run, so that a watcher can say which one hung. */
  running?(input: Uint8Array): void;
}

const EXECUTIONS_BETWEEN_LOOKS = 20_000;

/** Runs the corpus, then mutations of it until the time is over or an input fails. */
export function fuzz(target: FuzzTarget, seed: number, seconds: number, machine: FuzzMachine): FuzzResult {
  const mutator = new Mutator(target, seed);
  const corpus = target.corpus();
  const end = machine.now() + seconds * 1000;
  let executions = 0;
  let base: number | undefined;
  let maxGrowth = 0;
  for (let before = machine.now(); before < end || executions < corpus.length; ) {
    const input = corpus[executions] ?? mutator.next();
    machine.running?.(input);
    const reason = failureOf(target, input);
    const after = machine.now();
    executions++;
    if (reason !== undefined) return { executions, maxGrowth, failure: { input, reason } };
    if (after - before > RUN_LIMIT_MS) {
      // A machine with other work may have let us wait: it counts when it takes as long again.
      failureOf(target, input);
      const took = machine.now() - after;
      if (took > RUN_LIMIT_MS)
        return { executions, maxGrowth, failure: { input, reason: `took ${Math.round(took)} ms` } };
    }
    if (executions === 1000 || executions % EXECUTIONS_BETWEEN_LOOKS === 0) {
      const memory = machine.memory();
      base ??= memory;
      maxGrowth = Math.max(maxGrowth, memory - base);
    }
    before = machine.now();
  }
  return { executions, maxGrowth };
}

function failureOf(target: FuzzTarget, input: Uint8Array): string | undefined {
  try {
    target.run(input.slice());
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
