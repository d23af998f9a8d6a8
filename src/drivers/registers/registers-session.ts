/**
 * A published device's registers: read when it comes and again and again, shown as the device tells of changes, written
 * for clients. A path appears with the first answer for it; what the device does not know is not asked for again.
 */
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { sameValue } from '../../bus/value.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { alarmLevels } from '../../protocols/vedirect/codes.ts';
import { FLAG } from '../../protocols/vedirect/hex-frame.ts';
import { decodeRegister, encodeRegister, type Register } from '../../protocols/vedirect/register.ts';
import { COMMON_REGISTERS, LINK_REGISTERS, MONITOR_REGISTERS } from '../../protocols/vedirect/registers.ts';
import { findRow, type Value } from '../../schema/row.ts';
import { HISTORY_RECORDS, isHistoryRecord, showHistory } from './history.ts';
import { LinkControl } from './link-control.ts';
import type { RegisterLine, RegisterOutcome } from './register-line.ts';
import type { RegisterRow, RegisterValue, RegisterWrite } from './register-row.ts';
import { offerVregLink } from './vreg-link.ts';
import { WriteBudget } from './write-budget.ts';

const { warningReason, alarmReason } = COMMON_REGISTERS;
const SLOW_MS = 60_000;
/** The device knows no such register, or cannot write it. */
const CANNOT = FLAG.unknownId | FLAG.notSupported;
const HISTORY_MS = 300_000;
/** A register that gave no answer is asked again after so long. */
const RETRY_MS = 60_000;
/** A control register is read this much later than the device has forgotten it. */
const FORGET_MS = 5_000;
/** What a device makes of its control is read so long after it has begun. */
const STATUS_MS = 2_000;
/** A slow value that could not be read for so long is invalid. */
const STALE_MS = 5 * SLOW_MS;
/** A value that the device tells by itself is invalid when it was neither told nor answered for so many times. */
const TOLD_TIMES = 4;

export interface RegistersOptions {
  readonly service: PublishedService;
  readonly rows: readonly RegisterRow[];
  readonly line: RegisterLine;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs a task beside; what it throws is the driver's failure. */
  readonly spawn: (task: Promise<unknown>) => void;
  /** Whether TEXT shows a path at present: it has the say then. */
  readonly isInText: (path: string) => boolean;
  /** Whether the device keeps days of history. */
  readonly hasHistory: boolean;
  /** Whether clients may clear its history. */
  readonly canClear: boolean;
  /** Without TEXT: what the device tells by itself is asked for when it was not told for so long. Milliseconds. */
  readonly toldMs?: number;
  /** Between two values of one control register, where the line is fast. Milliseconds. */
  readonly linkChangeMs?: number;
  /** From the octets of an answer; `decodeRegister` where they are those of the value alone. */
  readonly decode?: (register: Register, payload: Uint8Array) => RegisterValue | undefined;
  /** Keeps a name for a device that keeps none itself. */
  readonly rename: (name: string) => Promise<boolean>;
}

/** One register in the plan of reading. */
interface Poll {
  readonly register: number;
  /** Infinity: once. */
  readonly everyMs: number;
  dueAt: number;
}

export class RegistersSession {
  readonly #options: RegistersOptions;
  readonly #rowsOf = new Map<number, RegisterRow[]>();
  readonly #polls: Poll[];
  readonly #link: LinkControl;
  readonly #budget: WriteBudget;
  /** Value of each register as the device said last. */
  readonly #known = new Map<number, RegisterValue>();
  /** Path → until when what was read last is valid. */
  readonly #validUntil = new Map<string, number>();
  /** Path → until when it counts as told by its finest register. */
  readonly #fineUntil = new Map<string, number>();
  #reading = false;
  #stopped = false;

  constructor(options: RegistersOptions) {
    this.#options = options;
    const { rows, service, line, clock } = options;
    for (const row of rows) {
      const others = this.#rowsOf.get(row.register.id);
      if (others === undefined) this.#rowsOf.set(row.register.id, [row]);
      else others.push(row);
      if (row.write !== undefined) this.#letWrite(row, row.write);
    }
    this.#polls = planOf(rows, options, clock.monotonic());
    this.#budget = new WriteBudget(clock);
    this.#link = new LinkControl(
      service,
      line,
      clock,
      register => this.#soon(register, FORGET_MS),
      () => this.#soon(LINK_REGISTERS.linkNetworkStatus.id, STATUS_MS),
      options.linkChangeMs,
    );
    for (const row of rows) if (row.link) this.#link.add(row);
    offerVregLink(service, { line, budget: this.#budget, told: (register, value) => this.told(register, value) });
  }

  /** Whether registers tell a path at present. */
  tells(path: string): boolean {
    return this.#validUntil.has(path);
  }

  /** Whether a client controls the device by this register. */
  controls(register: number): boolean {
    return this.#rowsOf.get(register)?.some(row => row.link && this.#link.controls(row.path)) ?? false;
  }

  /** Call it once a second. */
  look(): void {
    const now = this.#options.clock.monotonic();
    this.#link.look(now);
    for (const [path, until] of this.#validUntil) {
      if (now < until) continue;
      this.#validUntil.delete(path);
      if (!this.#options.isInText(path)) this.#set(path, null);
    }
    if (!this.#reading && !this.#stopped) this.#options.spawn(this.#readDue());
  }

  /** A day has ended: all days have moved on by one. */
  dayChanged(): void {
    for (const poll of this.#polls) if (isHistoryRecord(poll.register)) this.#soon(poll.register);
  }

  /** What the device says of a register, asked or not. */
  told(register: number, value: Uint8Array): void {
    if (isHistoryRecord(register)) {
      showHistory(register, value, (path, shown) => this.#set(path, shown));
      return;
    }
    const rows = this.#rowsOf.get(register);
    const first = rows?.[0];
    if (rows === undefined || first === undefined) return;
    const decoded = this.#decode(first.register, value);
    if (decoded === undefined) return;
    this.#heard(register);
    this.#known.set(register, decoded);
    if (register === warningReason.id || register === alarmReason.id) {
      this.#showAlarms();
      return;
    }
    for (const row of rows) {
      const own = row.register === first.register ? decoded : this.#decode(row.register, value);
      if (own !== undefined) this.#show(row, own);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  #decode(register: Register, value: Uint8Array): RegisterValue | undefined {
    return (this.#options.decode ?? decodeRegister)(register, value);
  }

  /** Warnings are in one register, alarms in another; where TEXT tells of them it has the say. */
  #showAlarms(): void {
    const bitsOf = ({ id }: Register): number => Number(this.#known.get(id) ?? 0);
    for (const [alarm, level] of Object.entries(alarmLevels(bitsOf(warningReason), bitsOf(alarmReason))))
      if (!this.#options.isInText(`/Alarms/${alarm}`)) this.#set(`/Alarms/${alarm}`, level);
  }

  /** What the device tells by itself need not be asked for. */
  #heard(register: number): void {
    const { toldMs, clock } = this.#options;
    if (toldMs === undefined) return;
    const poll = this.#polls.find(one => one.register === register);
    if (poll?.everyMs === toldMs) poll.dueAt = clock.monotonic() + toldMs;
  }

  /** Reads what is due, one after the other, until nothing is. */
  async #readDue(): Promise<void> {
    this.#reading = true;
    try {
      for (;;) {
        const poll = this.#nextDue();
        if (poll === undefined) return;
        const outcome = await this.#options.line.get(poll.register);
        if (this.#stopped) return;
        this.#took(poll, outcome);
        if (outcome.kind === 'silent') return;
      }
    } finally {
      this.#reading = false;
    }
  }

  /** What has waited longest; of those that wait as long, the first row. */
  #nextDue(): Poll | undefined {
    const now = this.#options.clock.monotonic();
    const due = this.#polls.filter(poll => poll.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
    for (const poll of due) {
      const rows = this.#rowsOf.get(poll.register);
      // TEXT shows it: the line is left alone.
      if (rows?.every(row => row.poll === 'slow' && row.write === undefined && this.#options.isInText(row.path)))
        poll.dueAt = now + poll.everyMs;
      else return poll;
    }
    return undefined;
  }

  #took(poll: Poll, outcome: RegisterOutcome): void {
    const now = this.#options.clock.monotonic();
    switch (outcome.kind) {
      case 'value':
        poll.dueAt = now + poll.everyMs;
        this.told(poll.register, outcome.value);
        this.#offerClear();
        return;
      case 'refused':
        // Not of this device: never again.
        this.#polls.splice(this.#polls.indexOf(poll), 1);
        return;
      case 'silent':
        for (const other of this.#polls) other.dueAt = Math.max(other.dueAt, now + RETRY_MS);
    }
  }

  #soon(register: number, inMs = 0): void {
    const dueAt = this.#options.clock.monotonic() + inMs;
    for (const poll of this.#polls) if (poll.register === register) poll.dueAt = dueAt;
  }

  #show(row: RegisterRow, value: RegisterValue): void {
    if (row.poll !== 'once' && row.write === undefined && this.#options.isInText(row.path)) return;
    if (row.link && this.#link.controls(row.path)) return;
    if (row.coarse && this.#isToldFinely(row.path)) return;
    this.#set(row.path, row.read === undefined ? value : row.read(value));
    const { toldMs, clock } = this.#options;
    const validMs =
      row.poll === 'slow' ? STALE_MS : row.poll === 'told' && toldMs !== undefined ? TOLD_TIMES * toldMs : 0;
    if (validMs === 0) return;
    this.#validUntil.set(row.path, clock.monotonic() + validMs);
    if (!row.coarse) this.#fineUntil.set(row.path, clock.monotonic() + validMs);
  }

  #isToldFinely(path: string): boolean {
    return (this.#fineUntil.get(path) ?? 0) > this.#options.clock.monotonic();
  }

  #set(path: string, value: Value): void {
    const { service } = this.#options;
    if (!service.has(path) && findRow(service.schema, path) === undefined) return;
    service.setAny(path, value);
    if (path === '/CustomName') service.setAny('/Devices/0/CustomName', value);
  }

  #letWrite(row: RegisterRow, write: RegisterWrite): void {
    this.#options.service.onWriteAny(row.path, value => this.#write(row, write, value));
  }

  /** SetValue by a client: done when the device has taken the value. */
  async #write(row: RegisterRow, write: RegisterWrite, value: Value): Promise<number> {
    const { service, log } = this.#options;
    const meanings = findRow(service.schema, row.path)?.enum;
    if (meanings !== undefined && (typeof value !== 'number' || !Object.hasOwn(meanings, value))) return SET_REFUSED;
    const register: Register = write.register ?? row.register;
    const encoded = write.encode === undefined ? asRegisterValue(value) : write.encode(value);
    const bytes = encoded === undefined ? undefined : encodeRegister(register, encoded);
    if (encoded === undefined || bytes === undefined) return SET_REFUSED;
    if (sameValue(this.#known.get(register.id) ?? null, encoded) && this.#known.has(register.id)) return SET_DONE;
    if (!this.#budget.take(register)) {
      log.warn('written too often: refused to spare the memory of the device', {
        service: service.name,
        path: row.path,
      });
      return SET_REFUSED;
    }
    const outcome = await this.#options.line.set(register.id, bytes);
    if (outcome.kind !== 'value') return this.#keepName(row, value, outcome);
    if (this.#stopped) return SET_DONE;
    const old = this.#known.get(register.id);
    const taken = outcome.value.length === 0 ? encoded : this.#decode(register, outcome.value);
    const isKept = old !== undefined && old !== encoded && taken === old;
    if (isKept) return SET_REFUSED;
    this.#known.set(register.id, encoded);
    // What the device has taken, which may be another value than the one asked for.
    this.told(register.id, outcome.value.length === 0 ? bytes : outcome.value);
    if (register.id !== row.register.id) this.#set(row.path, value);
    return SET_DONE;
  }

  /** A device that knows no names, or no HEX at all, may be named nevertheless. All else has been refused. */
  async #keepName(row: RegisterRow, value: Value, outcome: RegisterOutcome): Promise<number> {
    const knowsNone = outcome.kind === 'refused' ? (outcome.flags & CANNOT) !== 0 : !this.#options.line.speaks;
    if (row.path !== '/CustomName' || typeof value !== 'string' || !knowsNone) return SET_REFUSED;
    if (!(await this.#options.rename(value))) return SET_REFUSED;
    if (!this.#stopped) this.#set(row.path, value);
    return SET_DONE;
  }

  /** Clearing the history is a command without a value, offered once the device is known to speak HEX. */
  #offerClear(): void {
    const { service, canClear, line } = this.#options;
    if (!canClear || service.has('/History/Clear')) return;
    service.setAny('/History/CanBeCleared', 1);
    service.setAny('/History/Clear', null);
    service.onWriteAny('/History/Clear', async value => {
      if (value !== 1 || !this.#budget.take(MONITOR_REGISTERS.clearHistory)) return SET_REFUSED;
      const outcome = await line.set(MONITOR_REGISTERS.clearHistory.id, new Uint8Array());
      return outcome.kind === 'value' ? SET_DONE : SET_REFUSED;
    });
  }
}

/** Each register once, in the order of the rows; then the history. */
function planOf(rows: readonly RegisterRow[], { hasHistory, toldMs }: RegistersOptions, now: number): Poll[] {
  const polls = new Map<number, Poll>();
  for (const { register, poll } of rows) {
    if ((poll === 'told' && toldMs === undefined) || polls.has(register.id)) continue;
    polls.set(register.id, {
      register: register.id,
      everyMs: poll === 'slow' ? SLOW_MS : poll === 'told' && toldMs !== undefined ? toldMs : Number.POSITIVE_INFINITY,
      dueAt: now,
    });
  }
  if (hasHistory)
    for (const { register, changesToday } of HISTORY_RECORDS)
      polls.set(register, { register, everyMs: changesToday ? HISTORY_MS : Number.POSITIVE_INFINITY, dueAt: now });
  return [...polls.values()];
}

function asRegisterValue(value: Value): RegisterValue | undefined {
  return typeof value === 'object' && value !== null ? undefined : value;
}
