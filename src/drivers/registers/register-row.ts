/** How a row of the register tables is written: where a register stands on D-Bus, when it is read, how it is written. */

import type { Register } from '../../protocols/vedirect/register.ts';
import { celsius } from '../../protocols/vedirect/scale.ts';
import type { Value } from '../../schema/row.ts';

/** A value in the unit of its register; null is "not available". */
export type RegisterValue = number | string | null;

export interface RegisterRow {
  readonly register: Register;
  readonly path: string;
  /**
   * `once` when the device comes; `slow` again and again; `told`: only heard of when the device tells by itself, or
   * after it was written, for TEXT shows it once a second.
   */
  readonly poll: 'once' | 'slow' | 'told';
  /** From the register's value to the one of the path. Without it they are the same. */
  readonly read?: (value: RegisterValue) => Value;
  /** Clients may write the path. */
  readonly write?: RegisterWrite;
  /** Another register tells the path more finely: this one only counts while that one is not told. */
  readonly coarse?: true;
  /** Written by the control of a system again and again: see link-control.ts. */
  readonly link?: true;
}

export interface RegisterWrite {
  /** Where it goes, when not to the register that is read. */
  readonly register?: Register;
  /** From the value of the path to the register's; undefined for one that is not taken. */
  readonly encode?: (value: Value) => RegisterValue | undefined;
}

/** Read when the device comes. */
export function once(register: Register, path: string, read?: RegisterRow['read']): RegisterRow {
  return { register, path, poll: 'once', ...(read === undefined ? {} : { read }) };
}

/** Read again and again. */
export function slow(register: Register, path: string, read?: RegisterRow['read']): RegisterRow {
  return { register, path, poll: 'slow', ...(read === undefined ? {} : { read }) };
}

/** Shown when the device tells of it. */
export function told(register: Register, path: string, read?: RegisterRow['read']): RegisterRow {
  return { register, path, poll: 'told', ...(read === undefined ? {} : { read }) };
}

/** Only counts while no finer register tells the path. */
export function coarse(row: RegisterRow): RegisterRow {
  return { ...row, coarse: true };
}

export function writable(row: RegisterRow, write: RegisterWrite = {}): RegisterRow {
  return { ...row, write };
}

/** A control register that the system keeps fresh. */
export function link(register: Register, path: string): RegisterRow {
  return { register, path, poll: 'once', link: true };
}

/** 1 when any of `bits` is set. */
export function bits(mask: number): (value: RegisterValue) => Value {
  return value => (typeof value === 'number' ? ((value & mask) !== 0 ? 1 : 0) : null);
}

/** 1 when the value is `code`. */
export function is(code: number): (value: RegisterValue) => Value {
  return value => (typeof value === 'number' ? (value === code ? 1 : 0) : null);
}

export function fromKelvin(value: RegisterValue): Value {
  return typeof value === 'number' ? celsius(value) : null;
}
