/** What other nodes ask and tell a node by group functions (fact sheet vecan-n2k, section 4: PGN 126208). */
import {
  type Acknowledge,
  encodeGroupFunction,
  GROUP_ERRORS,
  type GroupFunction,
  PARAMETER_ERRORS,
  type Parameter,
  type Request,
} from '../../protocols/nmea2000/group-function.ts';
import type { FieldValue } from '../../protocols/nmea2000/message.ts';
import { messageOf } from '../../protocols/nmea2000/pgns.ts';

/** A field that a node is told to set, by its name. */
export interface FieldOrder {
  readonly name: string;
  readonly value: FieldValue;
}

export interface GroupEvents {
  /** Sets fields of a message. @returns `PARAMETER_ERRORS`, one for each; undefined when the message cannot be set */
  command(pgn: number, orders: readonly FieldOrder[]): readonly number[] | undefined;
  /** Sends a message now. @returns false when there is nothing to send, undefined when it is none that is sent */
  request(pgn: number, source: number): boolean | undefined;
  /** Sends a group function. */
  send(bytes: Uint8Array, destination: number): void;
}

const LOWER_CODES = 8;
const LAST_UPPER = 31;
/** An interval that is not ours is refused, by this. */
const INTERVAL_REFUSED = 1;
/** Errors that find room in an answer. */
const MOST_ERRORS = 255;

export class GroupAnswers {
  readonly #events: GroupEvents;

  constructor(events: GroupEvents) {
    this.#events = events;
  }

  /** Answers a request or command that was sent to this node alone; what was sent to all needs no answer. */
  heard(source: number, message: GroupFunction): void {
    switch (message.function) {
      case 'command':
        this.#acknowledge(source, this.#command(message.pgn, message.parameters, message.count));
        return;
      case 'request':
        this.#acknowledge(source, this.#request(source, message));
        return;
      case 'read':
      case 'write':
        this.#acknowledge(source, refusal(message.pgn, GROUP_ERRORS.readOrWriteNotSupported, message.count));
        return;
      case 'acknowledge':
      case 'read reply':
      case 'write reply':
        return;
    }
  }

  #command(pgn: number, parameters: readonly Parameter[], count: number): Acknowledge {
    const fields = messageOf(pgn)?.fields ?? [];
    const orders = parameters.map(({ parameter, value }) => ({ name: fields[parameter - 1]?.name ?? '', value }));
    const isWhole = parameters.length === count && count > 0;
    const errors = isWhole ? this.#events.command(pgn, orders) : undefined;
    if (errors === undefined) return refusal(pgn, isWhole ? GROUP_ERRORS.notSupported : GROUP_ERRORS.none, count);
    return { function: 'acknowledge', pgn, pgnError: GROUP_ERRORS.none, intervalError: 0, parameterErrors: errors };
  }

  /** Messages are sent in their own intervals, or now. */
  #request(source: number, { pgn, intervalMs, count }: Request): Acknowledge {
    const sent = this.#events.request(pgn, source);
    if (sent === undefined) return refusal(pgn, GROUP_ERRORS.pgnNotSupported, count);
    if (!sent) return refusal(pgn, GROUP_ERRORS.pgnNotAvailable, count);
    return {
      function: 'acknowledge',
      pgn,
      pgnError: GROUP_ERRORS.none,
      intervalError: intervalMs === null ? 0 : INTERVAL_REFUSED,
      parameterErrors: [],
    };
  }

  #acknowledge(destination: number, answer: Acknowledge): void {
    const bytes = encodeGroupFunction(answer);
    if (bytes !== undefined) this.#events.send(bytes, destination);
  }
}

/** What comes of a command to change the instance in a NAME (PGN 60928). */
export interface InstanceOrder {
  readonly instance: number;
  readonly errors: readonly number[];
  /** No field was wrong: the instance is to be set. */
  readonly isTaken: boolean;
}

/** @param current the instance as it is: a command may name half of it */
export function instanceOrder(current: number, orders: readonly FieldOrder[]): InstanceOrder {
  let lower = current % LOWER_CODES;
  let upper = Math.floor(current / LOWER_CODES);
  const errors = orders.map(({ name, value }) => {
    const isLower = name === 'deviceInstanceLower';
    if (!isLower && name !== 'deviceInstanceUpper') return PARAMETER_ERRORS.accessDenied;
    if (typeof value !== 'number' || value > (isLower ? LOWER_CODES - 1 : LAST_UPPER))
      return PARAMETER_ERRORS.outOfRange;
    if (isLower) lower = value;
    else upper = value;
    return PARAMETER_ERRORS.none;
  });
  const isTaken = errors.length > 0 && errors.every(error => error === PARAMETER_ERRORS.none);
  return { instance: upper * LOWER_CODES + lower, errors, isTaken };
}

function refusal(pgn: number, pgnError: number, count: number): Acknowledge {
  // A field that could not be read is invalid, and nothing was set.
  const error = pgnError === GROUP_ERRORS.none ? PARAMETER_ERRORS.invalidField : PARAMETER_ERRORS.none;
  return {
    function: 'acknowledge',
    pgn,
    pgnError,
    intervalError: 0,
    parameterErrors: Array.from({ length: Math.min(count, MOST_ERRORS) }, () => error),
  };
}
