/** All registers, found by their number. */
import { DERIVED_REGISTERS } from './derived.ts';
import { kindAndSize, type Register } from './register.ts';
import { REGISTER_TABLES } from './tables/all.ts';

/** The registers of all service types, by number. No two share a register. */
export function allRegisters(): Register[] {
  const registers: Register[] = [];
  for (const { service, rows } of REGISTER_TABLES) {
    for (const [register, type, scale = 1, path = '', item = 'float', access] of rows) {
      const writable = access === 'W';
      registers.push({ service, register, ...kindAndSize(type), scale, path, item, writable, derived: undefined });
    }
  }
  for (const derived of DERIVED_REGISTERS) {
    const { service, register, type, scale, item, paths } = derived;
    const path = paths[0] ?? '';
    registers.push({ service, register, ...kindAndSize(type), scale, path, item, writable: false, derived });
  }
  return registers.sort((a, b) => a.register - b.register);
}

/** Finds the register row that covers an address. */
export class RegisterMap {
  readonly registers: readonly Register[];
  /** Address → position in `registers` plus one; 0: not registered. */
  readonly #at: Uint16Array;

  constructor(registers: readonly Register[] = allRegisters()) {
    this.registers = registers;
    const last = registers.reduce((end, { register, size }) => Math.max(end, register + size), 0);
    this.#at = new Uint16Array(last);
    registers.forEach(({ register, size }, i) => {
      this.#at.fill(i + 1, register, register + size);
    });
  }

  at(address: number): Register | undefined {
    return this.registers[(this.#at[address] ?? 0) - 1];
  }
}
