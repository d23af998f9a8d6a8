/**
 * The registers of one node of a CAN bus (fact sheet vecan-n2k, section 6): one question at a time, asked again when
 * there is no answer. A device answers to all, and tells its changes in the same way.
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { EXACTLY, isRefusal, VREG_CODES, type VregMessage } from '../../protocols/nmea2000/vreg.ts';
import { FLAG } from '../../protocols/vedirect/hex-frame.ts';
import type { RegisterLine, RegisterOutcome } from '../registers/register-line.ts';

/** A device tells one value at most once in a second. */
const ANSWER_MS = 1_300;
const TRIES = 3;
const QUEUE_LIMIT = 64;

interface Question {
  readonly kind: 'get' | 'set';
  readonly register: number;
  readonly value: Uint8Array;
  readonly settle: (outcome: RegisterOutcome) => void;
  triesLeft: number;
  /** What the device told since a value was written, when that is another. */
  other: Uint8Array | undefined;
}

const SILENT: RegisterOutcome = { kind: 'silent' };
const NOTHING = new Uint8Array();

export class VregLine implements RegisterLine {
  speaks = false;
  readonly #clock: Clock;
  readonly #send: (message: VregMessage) => void;
  readonly #reads: Question[] = [];
  readonly #writes: Question[] = [];
  #current: Question | undefined;
  #timer: Timer | undefined;
  #closed = false;

  /** @param send puts a message on the bus, to this node alone */
  constructor(clock: Clock, send: (message: VregMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get(register: number): Promise<RegisterOutcome> {
    return this.#ask(this.#reads, 'get', register, NOTHING);
  }

  set(register: number, value: Uint8Array): Promise<RegisterOutcome> {
    return this.#ask(this.#writes, 'set', register, value);
  }

  /** The node has told a value, or acknowledged something. */
  heard(message: VregMessage): void {
    const question = this.#current;
    if (message.kind === 'value') this.speaks = true;
    if (question === undefined) return;
    if (message.kind === 'acknowledge' && message.register === question.register) {
      this.speaks = true;
      if (isRefusal(message.code)) this.#refused(question, message.code);
      else if (question.kind === 'set') this.#finish({ kind: 'value', value: question.value });
    } else if (message.kind === 'value' && message.register === question.register) {
      // An old value may cross ours on the way: only ours is an answer at once.
      if (question.kind === 'get' || startsWith(message.payload, question.value))
        this.#finish({ kind: 'value', value: message.payload });
      else question.other = message.payload;
    }
  }

  /** Settles everything as silent and sends nothing more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    const current = this.#current;
    this.#current = undefined;
    for (const question of [current, ...this.#writes.splice(0), ...this.#reads.splice(0)]) question?.settle(SILENT);
  }

  #ask(queue: Question[], kind: Question['kind'], register: number, value: Uint8Array): Promise<RegisterOutcome> {
    if (this.#closed || queue.length >= QUEUE_LIMIT) return Promise.resolve(SILENT);
    return new Promise(settle => {
      queue.push({ kind, register, value, settle, triesLeft: TRIES, other: undefined });
      this.#next();
    });
  }

  #next(): void {
    if (this.#closed || this.#current !== undefined) return;
    const question = this.#writes.shift() ?? this.#reads.shift();
    if (question === undefined) return;
    this.#current = question;
    this.#say(question);
  }

  #say(question: Question): void {
    question.triesLeft--;
    const { register, value } = question;
    this.#timer = this.#clock.after(ANSWER_MS, () => this.#late(question));
    this.#send(
      question.kind === 'get'
        ? { kind: 'request', register, mask: EXACTLY }
        : { kind: 'value', register, payload: value },
    );
  }

  #late(question: Question): void {
    // The device has taken another value than the one asked for, or has kept its own: it says which by telling it.
    if (question.other !== undefined) this.#finish({ kind: 'value', value: question.other });
    else if (question.triesLeft > 0) this.#say(question);
    else this.#finish(SILENT);
  }

  #refused(question: Question, code: number): void {
    // It will answer later.
    if (code === VREG_CODES.busy || code === VREG_CODES.initialising || code === VREG_CODES.overflow) {
      if (question.triesLeft === 0) this.#finish(SILENT);
      return;
    }
    const isUnknown = code === VREG_CODES.unknownRequested || code === VREG_CODES.unknownCommanded;
    this.#finish({ kind: 'refused', flags: isUnknown ? FLAG.unknownId : FLAG.parameterError });
  }

  #finish(outcome: RegisterOutcome): void {
    const question = this.#current;
    this.#current = undefined;
    this.#timer?.cancel();
    question?.settle(outcome);
    this.#next();
  }
}

/** A value is followed by zeros up to the end of its frame. */
function startsWith(payload: Uint8Array, value: Uint8Array): boolean {
  return value.every((octet, i) => payload[i] === octet);
}
