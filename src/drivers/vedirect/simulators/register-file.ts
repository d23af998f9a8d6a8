/** The registers of a simulated device: what stands in them, and what becomes of a write. */

import type { Clock } from '../../../kernel/clock.ts';
import { FLAG } from '../../../protocols/vedirect/hex-frame.ts';
import {
  decodeRegister,
  encodeRegister,
  LINK_TIMEOUT_MS,
  type Register,
} from '../../../protocols/vedirect/register.ts';

type RegisterValue = number | string | null;

interface Cell {
  readonly read: () => Uint8Array;
  /** @returns the flags of the answer, 0 when the value was taken */
  readonly write: (bytes: Uint8Array) => number;
}

export interface RegisterAnswer {
  readonly flags: number;
  readonly value: Uint8Array;
}

const NOTHING = new Uint8Array();

export class RegisterFile {
  readonly #clock: Clock;
  readonly #cells = new Map<number, Cell>();
  /** How often each register was written with success: flash that wears out. */
  readonly written = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: number): RegisterAnswer {
    const cell = this.#cells.get(id);
    return cell === undefined ? { flags: FLAG.unknownId, value: NOTHING } : { flags: 0, value: cell.read() };
  }

  /** The answer holds the value as it stands now. */
  set(id: number, value: Uint8Array): RegisterAnswer {
    const cell = this.#cells.get(id);
    if (cell === undefined) return { flags: FLAG.unknownId, value: NOTHING };
    const flags = cell.write(value);
    if (flags === 0) this.written.set(id, (this.written.get(id) ?? 0) + 1);
    return { flags, value: cell.read() };
  }

  /** A register that shows a value of the device. */
  shows(register: Register, read: () => RegisterValue): void {
    this.#cells.set(register.id, { read: () => octets(register, read()), write: () => FLAG.notSupported });
  }

  /** A record of octets. */
  record(id: number, read: () => Uint8Array): void {
    this.#cells.set(id, { read, write: () => FLAG.notSupported });
  }

  /** A register that is kept. @param takes whether a value is in range @returns reads it */
  keeps<T extends RegisterValue>(register: Register, initial: T, takes: (value: T) => boolean = () => true): () => T {
    let kept = initial;
    this.#cells.set(register.id, {
      read: () => octets(register, kept),
      write: bytes => {
        const value = decodeRegister(register, bytes);
        if (value === undefined || typeof value !== typeof initial || !takes(value as T)) return FLAG.parameterError;
        kept = value as T; // of the same type as the first one
        return 0;
      },
    });
    return () => kept;
  }

  /** A control register, forgotten when it is not written for a while. @returns reads it; null when forgotten */
  forgets(register: Register, forgotten: number | null = null): () => number | null {
    let value: number | null = forgotten;
    let at = Number.NEGATIVE_INFINITY;
    const read = (): number | null => (this.#clock.monotonic() - at < LINK_TIMEOUT_MS ? value : forgotten);
    this.#cells.set(register.id, {
      read: () => octets(register, read()),
      write: bytes => {
        const written = decodeRegister(register, bytes);
        if (written === undefined || typeof written === 'string') return FLAG.parameterError;
        value = written;
        at = this.#clock.monotonic();
        return 0;
      },
    });
    return read;
  }

  /** A command: written without a value, never read. */
  does(register: Register, act: () => void): void {
    this.#cells.set(register.id, {
      read: () => NOTHING,
      write: () => {
        act();
        return 0;
      },
    });
  }
}

function octets(register: Register, value: RegisterValue): Uint8Array {
  const bytes = encodeRegister(register, value) ?? NOTHING;
  // In front of the value of these registers stands an identifier.
  return register.skip === undefined ? bytes : Uint8Array.of(0, ...bytes, 0xff);
}
