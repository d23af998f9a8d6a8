/** All registers, found by their number. */
import { DERIVED_REGISTERS } from './derived.ts';
import {
  type DerivedRegister,
  type ItemType,
  kindAndSize,
  type Register,
  type RegisterType,
  rangeOf,
} from './register.ts';
import { REGISTER_TABLES } from './tables/all.ts';

/** The registers of all service types, by number. No two share a register. */
export function allRegisters(): Register[] {
  const registers: Register[] = [];
  for (const { service, rows } of REGISTER_TABLES) {
    for (const [register, type, scale = 1, path = '', item = 'float', access] of rows)
      registers.push(registerOf(service, register, type, scale, path, item, access === 'W', undefined));
  }
  for (const derived of DERIVED_REGISTERS) {
    const { service, register, type, scale, item, paths } = derived;
    registers.push(registerOf(service, register, type, scale, paths[0] ?? '', item, false, derived));
  }
  return registers.sort((a, b) => a.register - b.register);
}

/** Always the same shape: a read goes through sixty of them. */
function registerOf(
  service: string,
  register: number,
  type: RegisterType,
  scale: number,
  path: string,
  item: ItemType,
  writable: boolean,
  derived: DerivedRegister | undefined,
): Register {
  const { kind, size } = kindAndSize(type);
  const { min, max } = rangeOf(kind, item);
  return { service, register, size, kind, scale, path, item, min, max, writable, derived };
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
