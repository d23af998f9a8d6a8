/**
 * The control registers of a charger: written by the system again and again, kept by the device for a minute.
 *
 * The rule: what a client writes goes to the device when it is new, and again every REFRESH_MS for as long as the client
 * goes on writing, also the same value. We never repeat it by ourselves, so a client that stops loses its control within
 * LINK_TIMEOUT_MS in the device; the path becomes invalid at the same time.
 */
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { sameValue } from '../../bus/value.ts';
import type { Clock } from '../../kernel/clock.ts';
import { encodeRegister, LINK_TIMEOUT_MS } from '../../protocols/vedirect/register.ts';
import { LINK_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { Value } from '../../schema/row.ts';
import type { RegisterLine } from './register-line.ts';
import type { RegisterRow } from './register-row.ts';

/** An unchanged value goes to the device again after so long. */
const REFRESH_MS = 20_000;
/** On a slow line a value that changes all the time (sensed voltage, battery current) goes to the device so often at most. */
const CHANGE_MS = 3_000;

/** Limits protect a battery: a new one goes out at once, before all else that waits. */
const LIMITS: ReadonlySet<number> = new Set([
  LINK_REGISTERS.linkChargeVoltage.id,
  LINK_REGISTERS.linkChargeCurrentLimit.id,
]);

interface Control {
  readonly row: RegisterRow;
  /** When a client wrote last; undefined while nobody controls. */
  clientAt: number | undefined;
  wanted: Value;
  sentAt: number;
  /** What was sent last, and what came of it. */
  sent: Value;
  code: number;
  sending: boolean;
}

export class LinkControl {
  readonly #service: PublishedService;
  readonly #line: RegisterLine;
  readonly #clock: Clock;
  readonly #readAgain: (register: number) => void;
  readonly #begun: () => void;
  readonly #changeMs: number;
  readonly #controls = new Map<string, Control>();

  /**
   * @param readAgain has a register read that nobody controls any more, once the device has forgotten it too
   * @param begun called when the device has taken a value that nobody controlled before
   * @param changeMs between two values of one register
   */
  constructor(
    service: PublishedService,
    line: RegisterLine,
    clock: Clock,
    readAgain: (register: number) => void,
    begun: () => void,
    changeMs = CHANGE_MS,
  ) {
    this.#changeMs = changeMs;
    this.#begun = begun;
    this.#service = service;
    this.#line = line;
    this.#clock = clock;
    this.#readAgain = readAgain;
  }

  add(row: RegisterRow): void {
    const control: Control = {
      row,
      clientAt: undefined,
      wanted: null,
      sentAt: Number.NEGATIVE_INFINITY,
      sent: null,
      code: SET_DONE,
      sending: false,
    };
    this.#controls.set(row.path, control);
    this.#service.onWriteAny(row.path, value => this.#write(control, value));
    this.#service.hearsEveryWrite(row.path);
  }

  /** Whether a client controls a path: what the device says of it is an echo then. */
  controls(path: string): boolean {
    return this.#controls.get(path)?.clientAt !== undefined;
  }

  /** Call it once a second. @param now monotonic milliseconds */
  look(now: number): void {
    for (const control of this.#controls.values()) {
      if (control.clientAt === undefined) continue;
      if (now - control.clientAt >= LINK_TIMEOUT_MS) {
        control.clientAt = undefined;
        control.sent = null;
        control.sentAt = Number.NEGATIVE_INFINITY;
        this.#service.setAny(control.row.path, null);
        this.#readAgain(control.row.register.id);
      } else if (this.#isLate(control, now)) void this.#send(control);
    }
  }

  #write(control: Control, value: Value): number | Promise<number> {
    if (bytesOf(control.row, value) === undefined) return SET_REFUSED;
    const now = this.#clock.monotonic();
    const isNew = control.clientAt === undefined;
    control.clientAt = now;
    control.wanted = value;
    this.#service.setAny(control.row.path, value);
    // A repetition follows a client's, never our own clock.
    const mustRepeat = !control.sending && now - control.sentAt >= REFRESH_MS;
    return isNew || mustRepeat || this.#isLate(control, now) ? this.#send(control) : control.code;
  }

  /** A new value that was held back has waited long enough. */
  #isLate(control: Control, now: number): boolean {
    if (control.sending || sameValue(control.wanted, control.sent)) return false;
    return isLimit(control.row) || now - control.sentAt >= this.#changeMs;
  }

  /** Never rejects: the line does not. */
  async #send(control: Control): Promise<number> {
    const value = control.wanted;
    const bytes = bytesOf(control.row, value);
    if (bytes === undefined || control.sending) return control.code;
    const isFirst = control.sentAt === Number.NEGATIVE_INFINITY;
    const isUrgent = isLimit(control.row) && !sameValue(value, control.sent);
    control.sending = true;
    control.sentAt = this.#clock.monotonic();
    control.sent = value;
    const outcome = await this.#line.set(control.row.register.id, bytes, isUrgent);
    control.sending = false;
    control.code = outcome.kind === 'value' ? SET_DONE : SET_REFUSED;
    if (control.code === SET_DONE && isFirst) this.#begun();
    if (control.code !== SET_DONE) {
      // It does not stand in the device, so it does not stand here.
      control.clientAt = undefined;
      control.sent = null;
      control.sentAt = Number.NEGATIVE_INFINITY;
      this.#service.setAny(control.row.path, null);
    } else if (this.#isLate(control, this.#clock.monotonic())) void this.#send(control);
    return control.code;
  }
}

function isLimit({ register }: RegisterRow): boolean {
  return LIMITS.has(register.id);
}

/** Null is "not available", and for a register of bits none of them. */
function bytesOf({ register }: RegisterRow, value: Value): Uint8Array | undefined {
  if (typeof value === 'number') return encodeRegister(register, value);
  return value === null ? encodeRegister(register, register.always ? 0 : null) : undefined;
}
