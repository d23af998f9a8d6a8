/** The alarms of a device with registers: bits for those that warn and those that alarm, as VE.Direct tells them in TEXT. */
import type { Clock } from '../../kernel/clock.ts';
import { decodeVregValue } from '../../protocols/nmea2000/vreg.ts';
import { alarmLevels } from '../../protocols/vedirect/codes.ts';
import type { Register } from '../../protocols/vedirect/register.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import type { RegisterLine } from '../registers/register-line.ts';

/** Asked for when they were not told for so long. Milliseconds. */
const ASK_MS = 5_000;

const { warningReason, alarmReason } = COMMON_REGISTERS;

export class AlarmRegisters {
  readonly #line: RegisterLine;
  readonly #clock: Clock;
  readonly #show: (path: string, level: number) => void;
  #warnings = 0;
  #alarms: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Registers that the device does not know. */
  readonly #unknown = new Set<number>();

  /** @param show sets an alarm, where the service has it */
  constructor(line: RegisterLine, clock: Clock, show: (path: string, level: number) => void) {
    this.#line = line;
    this.#clock = clock;
    this.#show = show;
  }

  /** A register was told. */
  told(register: number, payload: Uint8Array): void {
    if (register === warningReason.id) this.#warnings = bitsOf(warningReason, payload) ?? this.#warnings;
    else if (register === alarmReason.id) this.#alarms = bitsOf(alarmReason, payload) ?? this.#alarms;
    else return;
    if (this.#alarms === undefined) return;
    this.#askedAt = this.#clock.monotonic();
    for (const [alarm, level] of Object.entries(alarmLevels(this.#warnings, this.#alarms)))
      this.#show(`/Alarms/${alarm}`, level);
  }

  /** Call it now and then. @returns what it asks, which never rejects; undefined when there is nothing to ask */
  look(): Promise<void> | undefined {
    const now = this.#clock.monotonic();
    if (now - this.#askedAt < ASK_MS || this.#unknown.has(alarmReason.id)) return undefined;
    this.#askedAt = now;
    return this.#ask();
  }

  async #ask(): Promise<void> {
    for (const { id } of [warningReason, alarmReason]) {
      if (this.#unknown.has(id)) continue;
      const outcome = await this.#line.get(id);
      if (outcome.kind === 'refused') this.#unknown.add(id);
    }
  }
}

function bitsOf(register: Register, payload: Uint8Array): number | undefined {
  const value = decodeVregValue(register, payload);
  return typeof value === 'number' ? value : undefined;
}
