/**
 * The HEX side of a VE.Direct line: one request outstanding, answers awaited for a while and asked for again, and a pace
 * that leaves the line to TEXT (fact sheet vedirect, sections 5.1 and 7).
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { COMMAND, encodeFrame, encodeGet, encodeSet, type HexAnswer } from '../../protocols/vedirect/hex-frame.ts';
import type { RegisterLine, RegisterOutcome } from '../registers/register-line.ts';

/** An answer takes 100 ms at most; a device that is busy with flash takes longer. */
const ANSWER_MS = 450;
/** How often a request is sent in all before the device counts as silent. */
const TRIES = 3;
/** Between the starts of two requests. */
const PACE_MS = 500;
/** The same for a device that sends no TEXT, which could suffer. */
const TEXTLESS_PACE_MS = 200;
/** Requests that may wait. */
const QUEUE_LIMIT = 64;
/** Reading requests that each TEXT block pays for: a device suspends TEXT while it is spoken to. */
const READS_PER_BLOCK = 2;
/** Requests in a row without an answer after which the device counts as one without HEX … */
const SILENT_LIMIT = 2;
/** … for so long, when it is tried again: it may have been busy. */
const DEAF_MS = 60_000;

interface Request {
  readonly kind: 'get' | 'set' | 'ping';
  readonly register: number;
  readonly bytes: Uint8Array;
  readonly settle: (outcome: RegisterOutcome) => void;
  triesLeft: number;
}

const SILENT: RegisterOutcome = { kind: 'silent' };

export class HexLine implements RegisterLine {
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #reads: Request[] = [];
  readonly #writes: Request[] = [];
  #current: Request | undefined;
  #timer: Timer | undefined;
  /** When the last request was sent, monotonic milliseconds. */
  #sentAt = Number.NEGATIVE_INFINITY;
  #credit = 0;
  #unanswered = 0;
  #deafUntil = 0;
  #closed = false;
  #speaks = false;
  #isTextless = false;

  /** @param write puts bytes on the line; it must not throw */
  constructor(clock: Clock, write: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Whether the device has ever answered. */
  get speaks(): boolean {
    return this.#speaks;
  }

  /** Nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#current === undefined && this.#reads.length === 0 && this.#writes.length === 0;
  }

  /** Reads a register when the TEXT leaves time for it. Never rejects. */
  get(register: number, tries = TRIES): Promise<RegisterOutcome> {
    if (this.#clock.monotonic() < this.#deafUntil) return Promise.resolve(SILENT);
    return this.#queue(this.#reads, 'get', register, encodeGet(register), tries);
  }

  /**
   * Writes a register, before anything is read. Never rejects; a value is what the device has taken.
   *
   * @param urgent goes before what else waits to be written
   */
  set(register: number, value: Uint8Array, urgent = false): Promise<RegisterOutcome> {
    return this.#queue(this.#writes, 'set', register, encodeSet(register, value), TRIES, urgent);
  }

  /** Asks whether anybody is there, at once. Never rejects. */
  ping(): Promise<RegisterOutcome> {
    return this.#queue(this.#writes, 'ping', 0, encodeFrame(COMMAND.ping));
  }

  /** The device is known to send no TEXT: there is always time to read registers, until TEXT comes after all. */
  expectNoText(): void {
    this.#isTextless = true;
    this.#next();
  }

  /** A TEXT block has come: there is time to read registers. */
  textCame(): void {
    this.#isTextless = false;
    this.#credit = READS_PER_BLOCK;
    this.#next();
  }

  /** @returns whether this was the answer to the request under way */
  answer(answer: HexAnswer): boolean {
    const request = this.#current;
    if (answer.kind !== 'async') this.#heard();
    if (request === undefined) return false;
    switch (answer.kind) {
      case 'get':
      case 'set':
        if (answer.kind !== request.kind || answer.register !== request.register) return false;
        this.#finish(
          answer.flags === 0 ? { kind: 'value', value: answer.value } : { kind: 'refused', flags: answer.flags },
        );
        return true;
      case 'ping':
        if (request.kind !== 'ping') return false;
        this.#finish({ kind: 'value', value: new Uint8Array() });
        return true;
      case 'unknownCommand':
        this.#finish({ kind: 'refused', flags: 0 });
        return true;
      case 'error':
        // The device could not read our frame: once more, in time.
        return true;
      case 'async':
      case 'done':
        return false;
    }
  }

  /** Settles everything as silent and sends nothing more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    const current = this.#current;
    this.#current = undefined;
    for (const request of [current, ...this.#writes.splice(0), ...this.#reads.splice(0)]) request?.settle(SILENT);
  }

  #queue(
    queue: Request[],
    kind: Request['kind'],
    register: number,
    bytes: Uint8Array,
    tries = TRIES,
    urgent = false,
  ): Promise<RegisterOutcome> {
    if (this.#closed || queue.length >= QUEUE_LIMIT) return Promise.resolve(SILENT);
    return new Promise(settle => {
      const request = { kind, register, bytes, settle, triesLeft: tries };
      if (urgent) queue.unshift(request);
      else queue.push(request);
      this.#next();
    });
  }

  #next(): void {
    if (this.#closed || this.#current !== undefined || this.#timer !== undefined) return;
    const canRead = (this.#credit > 0 || this.#isTextless) && this.#reads.length > 0;
    if (this.#writes.length === 0 && !canRead) return;
    const wait = this.#sentAt + (this.#isTextless ? TEXTLESS_PACE_MS : PACE_MS) - this.#clock.monotonic();
    if (wait > 0) {
      this.#timer = this.#clock.after(wait, () => {
        this.#timer = undefined;
        this.#next();
      });
      return;
    }
    const request = this.#writes.shift() ?? this.#reads.shift();
    if (request === undefined) return;
    if (request.kind === 'get') this.#credit--;
    this.#current = request;
    this.#send(request);
  }

  #send(request: Request): void {
    request.triesLeft--;
    this.#sentAt = this.#clock.monotonic();
    this.#timer = this.#clock.after(ANSWER_MS, () => {
      this.#timer = undefined;
      if (request.triesLeft > 0) this.#send(request);
      else this.#unheard();
    });
    this.#write(request.bytes);
  }

  #heard(): void {
    this.#speaks = true;
    this.#unanswered = 0;
    this.#deafUntil = 0;
  }

  #unheard(): void {
    this.#unanswered++;
    this.#finish(SILENT);
    if (this.#unanswered < SILENT_LIMIT) return;
    this.#unanswered = 0;
    this.#deafUntil = this.#clock.monotonic() + DEAF_MS;
    for (const request of this.#reads.splice(0)) request.settle(SILENT);
  }

  #finish(outcome: RegisterOutcome): void {
    const request = this.#current;
    this.#current = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    request?.settle(outcome);
    this.#next();
  }
}
