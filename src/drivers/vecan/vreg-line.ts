/**
 * The registers of one node of a CAN bus (fact sheet vecan-n2k, section 6): one reading and one writing at a time, again
 * when there is no answer. A device answers to all, and tells its changes in the same way.
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

/** Questions of one kind: what is read does not keep back what is written. */
interface Lane {
  readonly waiting: Question[];
  current: Question | undefined;
  timer: Timer | undefined;
}

const SILENT: RegisterOutcome = { kind: 'silent' };
const NOTHING = new Uint8Array();

export class VregLine implements RegisterLine {
  speaks = false;
  readonly #clock: Clock;
  readonly #send: (message: VregMessage) => void;
  readonly #reads: Lane = { waiting: [], current: undefined, timer: undefined };
  readonly #writes: Lane = { waiting: [], current: undefined, timer: undefined };
  #closed = false;

  /** @param send puts a message on the bus, to this node alone */
  constructor(clock: Clock, send: (message: VregMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get(register: number): Promise<RegisterOutcome> {
    return this.#ask(this.#reads, 'get', register, NOTHING);
  }

  set(register: number, value: Uint8Array, urgent = false): Promise<RegisterOutcome> {
    return this.#ask(this.#writes, 'set', register, value, urgent);
  }

  /** Whether a value is one that the node was asked for: some answer only to who asks. */
  asks(message: VregMessage): boolean {
    if (message.kind !== 'value') return false;
    return [this.#writes, this.#reads].some(({ current }) => current?.register === message.register);
  }

  /** The node has told a value, or acknowledged something. */
  heard(message: VregMessage): void {
    if (message.kind !== 'value' && message.kind !== 'acknowledge') return;
    this.speaks = true;
    for (const lane of [this.#writes, this.#reads]) {
      const question = lane.current;
      if (question === undefined || question.register !== message.register) continue;
      if (message.kind === 'acknowledge') this.#acknowledged(lane, question, message.code);
      // An old value may cross ours on the way: only ours is an answer at once.
      else if (question.kind === 'get' || startsWith(message.payload, question.value))
        this.#finish(lane, { kind: 'value', value: message.payload });
      else question.other = message.payload;
    }
  }

  /** Settles everything as silent and sends nothing more. */
  close(): void {
    this.#closed = true;
    for (const lane of [this.#writes, this.#reads]) {
      lane.timer?.cancel();
      const { current } = lane;
      lane.current = undefined;
      for (const question of [current, ...lane.waiting.splice(0)]) question?.settle(SILENT);
    }
  }

  #ask(
    lane: Lane,
    kind: Question['kind'],
    register: number,
    value: Uint8Array,
    urgent = false,
  ): Promise<RegisterOutcome> {
    if (this.#closed || lane.waiting.length >= QUEUE_LIMIT) return Promise.resolve(SILENT);
    return new Promise(settle => {
      const question: Question = { kind, register, value, settle, triesLeft: TRIES, other: undefined };
      if (urgent) lane.waiting.unshift(question);
      else lane.waiting.push(question);
      this.#next(lane);
    });
  }

  #next(lane: Lane): void {
    if (this.#closed || lane.current !== undefined) return;
    lane.current = lane.waiting.shift();
    if (lane.current !== undefined) this.#say(lane, lane.current);
  }

  #say(lane: Lane, question: Question): void {
    question.triesLeft--;
    const { register, value } = question;
    lane.timer = this.#clock.after(ANSWER_MS, () => this.#late(lane, question));
    this.#send(
      question.kind === 'get'
        ? { kind: 'request', register, mask: EXACTLY }
        : { kind: 'value', register, payload: value },
    );
  }

  #late(lane: Lane, question: Question): void {
    // The device has taken another value than the one asked for, or has kept its own: it says which by telling it.
    if (question.other !== undefined) this.#finish(lane, { kind: 'value', value: question.other });
    else if (question.triesLeft > 0) this.#say(lane, question);
    else this.#finish(lane, SILENT);
  }

  #acknowledged(lane: Lane, question: Question, code: number): void {
    if (!isRefusal(code)) {
      if (question.kind === 'set') this.#finish(lane, { kind: 'value', value: question.value });
    } else if (code === VREG_CODES.busy || code === VREG_CODES.initialising || code === VREG_CODES.overflow) {
      // It will answer later.
      if (question.triesLeft === 0) this.#finish(lane, SILENT);
    } else {
      const isUnknown = code === VREG_CODES.unknownRequested || code === VREG_CODES.unknownCommanded;
      this.#finish(lane, { kind: 'refused', flags: isUnknown ? FLAG.unknownId : FLAG.parameterError });
    }
  }

  #finish(lane: Lane, outcome: RegisterOutcome): void {
    const question = lane.current;
    lane.current = undefined;
    lane.timer?.cancel();
    question?.settle(outcome);
    this.#next(lane);
  }
}

/** A value is followed by zeros up to the end of its frame. */
function startsWith(payload: Uint8Array, value: Uint8Array): boolean {
  return value.every((octet, i) => payload[i] === octet);
}
