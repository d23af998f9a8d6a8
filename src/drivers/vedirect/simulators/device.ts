/** The device's end of a VE.Direct line: TEXT once a second, HEX when it is asked, the one in the middle of the other. */
import type { Owned } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import {
  ANSWER,
  COMMAND,
  encodeFrame,
  encodeRegisterAnswer,
  type HexFrame,
  parseRequest,
} from '../../../protocols/vedirect/hex-frame.ts';
import type { Register } from '../../../protocols/vedirect/register.ts';
import { VeDirectStream } from '../../../protocols/vedirect/text-parser.ts';
import { type SimulatedFields, textBlock } from '../simulator.ts';
import type { RegisterFile } from './register-file.ts';

/** Fact sheet vedirect, section 1. */
const PERIOD_MS = 1_000;
const ANSWER_MS = 20;
/** TEXT takes a while on the line; in its middle HEX may come. */
const HALF_TEXT_MS = 60;

/** What a kind of device is, apart from its line. */
export interface SimulatedDevice {
  readonly registers: RegisterFile;
  /** Lives on for so many seconds. */
  step(seconds: number): void;
  /** The blocks of this second. */
  text(): readonly SimulatedFields[];
  readonly productId: number;
  /** Registers that the device tells of by itself when they change. */
  readonly announces: readonly Register[];
}

export interface EndOptions {
  /** Does not know HEX, as the oldest ones. */
  readonly deaf?: boolean;
  /** TEXT stays away so long after a request. Milliseconds. */
  readonly suspendsMs?: number;
  /** Knows HEX alone. */
  readonly textless?: boolean;
}

/** A device on a line. Releasing unplugs it. */
export class VeDirectEnd implements Owned {
  readonly device: SimulatedDevice;
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #options: EndOptions;
  readonly #stream: VeDirectStream;
  readonly #beat: Owned;
  /** Register → what was told of it last, or stood there first. */
  readonly #told = new Map<number, string>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #silent = false;
  #released = false;

  /** @param write takes what the device sends */
  constructor(clock: Clock, device: SimulatedDevice, write: (bytes: Uint8Array) => void, options: EndOptions = {}) {
    this.device = device;
    this.#clock = clock;
    this.#write = write;
    this.#options = options;
    this.#stream = new VeDirectStream({ block: () => {}, frame: frame => this.#frame(frame) });
    const timer = clock.every(PERIOD_MS, () => this.#second());
    this.#beat = { release: () => timer.cancel() };
  }

  /** Takes what the host sends. */
  receive(bytes: Uint8Array): void {
    this.#stream.push(bytes);
  }

  /** Stops speaking, or begins again: a device that hangs. */
  set silent(silent: boolean) {
    this.#silent = silent;
  }

  release(): void {
    this.#released = true;
    void this.#beat.release();
  }

  #second(): void {
    this.device.step(PERIOD_MS / 1000);
    this.#announce();
    if (this.#silent || this.#options.textless) return;
    if (this.#clock.monotonic() - this.#askedAt < (this.#options.suspendsMs ?? 0)) return;
    const text = Uint8Array.from(this.device.text().flatMap(fields => [...textBlock(fields)]));
    const middle = text.length >> 1;
    this.#send(text.subarray(0, middle));
    this.#clock.after(HALF_TEXT_MS, () => this.#send(text.subarray(middle)));
  }

  /** TEXT may be suspended, this is not. */
  #announce(): void {
    if (this.#options.deaf) return;
    for (const { id } of this.device.announces) {
      const { value } = this.device.registers.get(id);
      const now = value.join();
      const before = this.#told.get(id);
      this.#told.set(id, now);
      if (before !== undefined && before !== now) this.#send(encodeRegisterAnswer('async', id, 0, value));
    }
  }

  #send(bytes: Uint8Array): void {
    if (!this.#released && !this.#silent) this.#write(bytes);
  }

  #frame(frame: HexFrame): void {
    if (this.#options.deaf || this.#silent) return;
    this.#askedAt = this.#clock.monotonic();
    const answer = this.#answer(frame);
    this.#clock.after(ANSWER_MS, () => this.#send(answer));
  }

  #answer(frame: HexFrame): Uint8Array {
    const { command, register, value } = parseRequest(frame);
    const { registers, productId } = this.device;
    switch (command) {
      case COMMAND.ping:
        return encodeFrame(ANSWER.ping, Uint8Array.of(0x16, 0x41));
      case COMMAND.productId:
        return encodeFrame(ANSWER.done, Uint8Array.of(productId & 0xff, productId >> 8));
      case COMMAND.get:
      case COMMAND.set: {
        if (register === null) break;
        const isGet = command === COMMAND.get;
        const answer = isGet ? registers.get(register) : registers.set(register, value);
        return encodeRegisterAnswer(isGet ? 'get' : 'set', register, answer.flags, answer.value);
      }
    }
    return encodeFrame(ANSWER.unknownCommand, Uint8Array.of(command));
  }
}
