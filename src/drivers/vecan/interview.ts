/** Asks a node who it is: its product, its name, and of Victron's devices the registers that tell it (fact sheet vecan-n2k, section 4). */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { decodeMessage, type ValuesOf } from '../../protocols/nmea2000/message.ts';
import { configurationInformation, productInformation } from '../../protocols/nmea2000/tables/network.ts';
import { decodeVregValue, isRefusal, type VregMessage } from '../../protocols/nmea2000/vreg.ts';
import type { Register } from '../../protocols/vedirect/register.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';

/** Asked again when there is no answer after so long, so often in all. */
const ANSWER_MS = 1_500;
const TRIES = 3;
/** A node that did not answer is asked again after so long: it may have been busy with starting. */
const AGAIN_MS = 60_000;

/** What a node said of itself. */
export interface NodeFacts {
  product?: ValuesOf<typeof productInformation>;
  configuration?: ValuesOf<typeof configurationInformation>;
  /** Registers of Victron's devices. */
  productId?: number;
  /** 24 bits: see `firmwareOf24Bits`. */
  firmware?: number;
}

export interface InterviewEvents {
  /** Asks for a message. */
  request(pgn: number): void;
  /** Asks for a register. */
  read(register: number): void;
  /** Something new is known. */
  learnt(): void;
  /** All is known, or will not be told. Called once. */
  done(): void;
}

type Topic = keyof NodeFacts;

export class Interview {
  readonly facts: NodeFacts = {};
  readonly #clock: Clock;
  readonly #events: InterviewEvents;
  readonly #topics: readonly Topic[];
  readonly #untold = new Set<Topic>();
  #timer: Timer | undefined;
  #triesLeft = TRIES;
  #isDone = false;

  constructor(clock: Clock, isVictron: boolean, events: InterviewEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#topics = isVictron ? ['product', 'productId', 'firmware', 'configuration'] : ['product', 'configuration'];
    this.#ask();
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** A message of the node. */
  heard(pgn: number, bytes: Uint8Array): void {
    if (pgn === productInformation.pgn) this.#learn('product', decodeMessage(productInformation, bytes).values);
    else if (pgn === configurationInformation.pgn)
      this.#learn('configuration', decodeMessage(configurationInformation, bytes).values);
  }

  /** A register that the node told, or refused. */
  told(message: VregMessage): void {
    if (message.kind === 'acknowledge' && isRefusal(message.code)) this.#refused(message.register);
    if (message.kind !== 'value') return;
    this.#number('productId', COMMON_REGISTERS.productId, message);
    this.#number('firmware', COMMON_REGISTERS.appVersion, message);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #number(
    topic: 'productId' | 'firmware',
    register: Register,
    { register: id, payload }: VregMessage & { kind: 'value' },
  ): void {
    const value = id === register.id ? decodeVregValue(register, payload) : undefined;
    if (typeof value === 'number') this.#learn(topic, value);
  }

  /** It has no such register: that is an answer too. */
  #refused(register: number): void {
    if (register === COMMON_REGISTERS.productId.id) this.#untold.add('productId');
    else if (register === COMMON_REGISTERS.appVersion.id) this.#untold.add('firmware');
    if (this.#missing().length === 0) this.#finish();
  }

  #learn<T extends Topic>(topic: T, value: NodeFacts[T]): void {
    const isNew = JSON.stringify(this.facts[topic]) !== JSON.stringify(value);
    this.facts[topic] = value;
    if (isNew) this.#events.learnt();
    if (this.#missing().length === 0) this.#finish();
  }

  #missing(): readonly Topic[] {
    return this.#topics.filter(topic => this.facts[topic] === undefined && !this.#untold.has(topic));
  }

  #ask(): void {
    this.#timer?.cancel();
    if (this.#triesLeft === 0) {
      this.#timer = this.#clock.after(AGAIN_MS, () => {
        this.#triesLeft = 1;
        this.#ask();
      });
      this.#finish();
      return;
    }
    this.#triesLeft--;
    for (const topic of this.#missing()) this.#askFor(topic);
    this.#timer = this.#clock.after(ANSWER_MS, () => {
      if (this.#missing().length > 0) this.#ask();
    });
  }

  #askFor(topic: Topic): void {
    if (topic === 'product') this.#events.request(productInformation.pgn);
    else if (topic === 'configuration') this.#events.request(configurationInformation.pgn);
    else if (topic === 'productId') this.#events.read(COMMON_REGISTERS.productId.id);
    else this.#events.read(COMMON_REGISTERS.appVersion.id);
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#events.done();
  }
}
