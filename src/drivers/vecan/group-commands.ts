/** Telling other nodes to set fields of their messages, and hearing what came of it (fact sheet vecan-n2k, section 4: PGN 126208). */
import type { Clock, Timer } from '../../kernel/clock.ts';
import {
  type Acknowledge,
  encodeGroupFunction,
  GROUP_ERRORS,
  PARAMETER_ERRORS,
  type Parameter,
  PRIORITY_UNCHANGED,
} from '../../protocols/nmea2000/group-function.ts';
import type { FieldValue, Message, Values } from '../../protocols/nmea2000/message.ts';

const ANSWER_MS = 1_500;
const TRIES = 2;
/** Commands that wait, for all nodes. */
const WAITING_LIMIT = 64;

interface Waiting {
  readonly destination: number;
  readonly pgn: number;
  readonly bytes: Uint8Array;
  readonly settle: (done: boolean) => void;
  triesLeft: number;
  timer: Timer | undefined;
}

export class GroupCommands {
  readonly #clock: Clock;
  readonly #send: (bytes: Uint8Array, destination: number) => boolean;
  readonly #waiting = new Set<Waiting>();

  /** @param send puts a group function on the bus; false while that is not possible */
  constructor(clock: Clock, send: (bytes: Uint8Array, destination: number) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  /**
   * Tells a node to set fields.
   *
   * @param fields by their names; those that say which of several is meant go first
   * @returns false when it refuses, does not answer, or too many commands wait
   */
  command(destination: number, message: Message, fields: Values): Promise<boolean> {
    const parameters = parametersOf(message, fields);
    const bytes = encodeGroupFunction({
      function: 'command',
      pgn: message.pgn,
      priority: PRIORITY_UNCHANGED,
      parameters,
      count: parameters.length,
    });
    if (bytes === undefined || this.#waiting.size >= WAITING_LIMIT) return Promise.resolve(false);
    return new Promise(settle => {
      const waiting: Waiting = { destination, pgn: message.pgn, bytes, settle, triesLeft: TRIES, timer: undefined };
      this.#waiting.add(waiting);
      this.#say(waiting);
    });
  }

  /** A node has acknowledged a command. */
  acknowledged(source: number, { pgn, pgnError, intervalError, parameterErrors }: Acknowledge): void {
    const waiting = [...this.#waiting].find(one => one.destination === source && one.pgn === pgn);
    if (waiting === undefined) return;
    const isDone =
      pgnError === GROUP_ERRORS.none &&
      intervalError === 0 &&
      parameterErrors.every(error => error === PARAMETER_ERRORS.none);
    this.#settle(waiting, isDone);
  }

  stop(): void {
    for (const waiting of [...this.#waiting]) this.#settle(waiting, false);
  }

  #say(waiting: Waiting): void {
    waiting.triesLeft--;
    waiting.timer = this.#clock.after(ANSWER_MS, () => {
      if (waiting.triesLeft > 0) this.#say(waiting);
      else this.#settle(waiting, false);
    });
    this.#send(waiting.bytes, waiting.destination);
  }

  #settle(waiting: Waiting, done: boolean): void {
    waiting.timer?.cancel();
    if (this.#waiting.delete(waiting)) waiting.settle(done);
  }
}

/** The fields with their numbers, which count from 1 and count gaps too. */
function parametersOf(message: Message, fields: Values): readonly Parameter[] {
  return Object.entries(fields).flatMap(([name, value]: [string, FieldValue]) => {
    const index = message.fields.findIndex(field => field.name === name);
    return index < 0 ? [] : [{ parameter: index + 1, value }];
  });
}
