/** What other nodes ask and tell us by group functions (fact sheet vecan-n2k, section 4: PGN 126208). */
import {
  type Acknowledge,
  encodeGroupFunction,
  GROUP_ERRORS,
  type GroupFunction,
  PARAMETER_ERRORS,
  type Parameter,
} from '../../protocols/nmea2000/group-function.ts';
import { addressClaim } from '../../protocols/nmea2000/tables/network.ts';
import { SENT_PGNS } from './own-identity.ts';

/** Numbers of the fields of PGN 60928. */
const LOWER = fieldNumber('deviceInstanceLower');
const UPPER = fieldNumber('deviceInstanceUpper');
const LOWER_CODES = 8;
const LAST_UPPER = 31;
/** An interval that is not ours is refused, by this. */
const INTERVAL_REFUSED = 1;

export interface GroupEvents {
  /** Our instance shall be another. */
  instance(instance: number): void;
  /** Sends a group function. */
  send(bytes: Uint8Array, destination: number): boolean;
  /** Sends a message of ours now. @returns false when there is nothing to send */
  sendNow(pgn: number): boolean;
}

export class GroupAnswers {
  readonly #events: GroupEvents;
  readonly #instance: () => number;

  /** @param instance ours at present */
  constructor(events: GroupEvents, instance: () => number) {
    this.#events = events;
    this.#instance = instance;
  }

  /** Answers a request or command that was sent to us alone; what was sent to all needs no answer. */
  heard(source: number, message: GroupFunction): void {
    switch (message.function) {
      case 'command':
        this.#acknowledge(source, this.#command(message.pgn, message.parameters, message.count));
        return;
      case 'request':
        this.#acknowledge(source, this.#request(message.pgn, message.intervalMs, message.count));
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
    if (pgn !== addressClaim.pgn) return refusal(pgn, GROUP_ERRORS.notSupported, count);
    let [lower, upper] = [this.#instance() % LOWER_CODES, Math.floor(this.#instance() / LOWER_CODES)];
    const errors = Array.from({ length: Math.min(count, MOST_ERRORS) }, (_, i): number => {
      const one = parameters[i];
      if (one === undefined) return PARAMETER_ERRORS.invalidField;
      if (one.parameter !== LOWER && one.parameter !== UPPER) return PARAMETER_ERRORS.accessDenied;
      const most = one.parameter === LOWER ? LOWER_CODES - 1 : LAST_UPPER;
      if (typeof one.value !== 'number' || one.value > most) return PARAMETER_ERRORS.outOfRange;
      if (one.parameter === LOWER) lower = one.value;
      else upper = one.value;
      return PARAMETER_ERRORS.none;
    });
    if (errors.length > 0 && errors.every(error => error === PARAMETER_ERRORS.none))
      this.#events.instance(upper * LOWER_CODES + lower);
    return { function: 'acknowledge', pgn, pgnError: GROUP_ERRORS.none, intervalError: 0, parameterErrors: errors };
  }

  /** Messages are sent in their own intervals, or now. */
  #request(pgn: number, intervalMs: number | null, count: number): Acknowledge {
    if (!SENT_PGNS.includes(pgn)) return refusal(pgn, GROUP_ERRORS.pgnNotSupported, count);
    if (!this.#events.sendNow(pgn)) return refusal(pgn, GROUP_ERRORS.pgnNotAvailable, count);
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

/** Errors that find room in an answer. */
const MOST_ERRORS = 255;

function refusal(pgn: number, pgnError: number, count: number): Acknowledge {
  return {
    function: 'acknowledge',
    pgn,
    pgnError,
    intervalError: 0,
    parameterErrors: Array.from({ length: Math.min(count, MOST_ERRORS) }, () => PARAMETER_ERRORS.none),
  };
}

function fieldNumber(name: string): number {
  return addressClaim.fields.findIndex(field => field.name === name) + 1;
}
