/** VREG registers of inverter/chargers and inverters with solar inputs: RS devices (list of registers, by their names). */
import type { Register } from './register.ts';

export const INVERTER_CHARGER_REGISTERS = {
  /** 0 AC input 1, 1 AC input 2, 240 none. */
  activeInput: { id: 0x0204, type: 'u8', always: true },
  /** Two bits for each input. */
  inputLimitsAdjustable: { id: 0x020b, type: 'u8', always: true },
  input1Limit: { id: 0x0210, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'flash' },
  /** 1 grid, 2 generator, 3 shore. */
  input1Type: { id: 0x0215, type: 'u8' },
  input2Limit: { id: 0x0220, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'flash' },
  input2Type: { id: 0x0225, type: 'u8' },
  phases: { id: 0x0242, type: 'u8' },
  acInputs: { id: 0x0243, type: 'u8' },
  trackers: { id: 0x0244, type: 'u8' },
  pvInverterAvailable: { id: 0x0245, type: 'u8' },
  realPower: { id: 0x2204, type: 's32', unit: 'W' },
  outputFrequency: { id: 0x2208, type: 'u16', scale: 0.01, unit: 'Hz' },
  dischargeCurrentLimit: { id: 0x2017, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'ram' },
  networkYieldPower: { id: 0x2026, type: 'u32', scale: 0.01, unit: 'W' },
  batteryRipple: { id: 0xed8b, type: 'u16', scale: 0.001, unit: 'V' },
} as const satisfies Readonly<Record<string, Register>>;

/** What is measured at one phase of an input or of the output. */
export interface PhaseRegisters {
  readonly voltage: Register;
  readonly current: Register;
  readonly power: Register;
  readonly apparentPower: Register;
  readonly frequency: Register;
}

const REGISTERS_PER_PHASE = 5;

function phases(first: number): readonly [PhaseRegisters, PhaseRegisters, PhaseRegisters] {
  const phase = (n: number): PhaseRegisters => {
    const id = first + n * REGISTERS_PER_PHASE;
    return {
      voltage: { id, type: 's16', scale: 0.01, unit: 'V' },
      current: { id: id + 1, type: 's16', scale: 0.01, unit: 'A' },
      power: { id: id + 2, type: 's32', unit: 'W' },
      apparentPower: { id: id + 3, type: 's32', unit: 'VA' },
      frequency: { id: id + 4, type: 'u16', scale: 0.01, unit: 'Hz' },
    };
  };
  return [phase(0), phase(1), phase(2)];
}

export const AC_OUTPUT = phases(0x2213);
export const AC_INPUT_1 = phases(0x2250);
export const AC_INPUT_2 = phases(0x2260);

/** A solar input of its own tracker. */
export interface TrackerRegisters {
  readonly mode: Register;
  readonly voltage: Register;
  readonly power: Register;
}

export const TRACKERS: readonly TrackerRegisters[] = [0, 1, 2, 3].map(n => ({
  mode: { id: 0xecc3 + 0x10 * n, type: 'u8' },
  voltage: { id: 0xeccb + 0x10 * n, type: 'u16', scale: 0.01, unit: 'V' },
  power: { id: 0xeccc + 0x10 * n, type: 'u32', scale: 0.01, unit: 'W' },
}));

const energy = (id: number): Register => ({ id, type: 'u32', scale: 0.01, unit: 'kWh' });

/** Energy counters, by the name of their path below `/Energy`. Devices know the first or the second numbers. */
export const ENERGIES: readonly (readonly [name: string, register: Register])[] = [
  ['AcIn1ToInverter', energy(0xeec0)],
  ['AcIn2ToInverter', energy(0xeec1)],
  ['AcIn1ToAcOut', energy(0xeec2)],
  ['AcIn2ToAcOut', energy(0xeec3)],
  ['InverterToAcIn1', energy(0xeec4)],
  ['InverterToAcIn2', energy(0xeec5)],
  ['AcOutToAcIn1', energy(0xeec6)],
  ['AcOutToAcIn2', energy(0xeec7)],
  ['InverterToAcOut', energy(0xeec8)],
  ['OutToInverter', energy(0xeec9)],
  ['AcIn1ToInverter', energy(0xd5c0)],
  ['AcIn2ToInverter', energy(0xd5c1)],
  ['AcIn1ToAcOut', energy(0xd5c2)],
  ['AcIn2ToAcOut', energy(0xd5c3)],
  ['InverterToAcIn1', energy(0xd5c4)],
  ['InverterToAcIn2', energy(0xd5c5)],
  ['AcOutToAcIn1', energy(0xd5c6)],
  ['AcOutToAcIn2', energy(0xd5c7)],
  ['OutToInverter', energy(0xd5c9)],
  ['SolarToBattery', energy(0xd5ca)],
  ['SolarToAcOut', energy(0xd5cb)],
  ['SolarToAcIn1', energy(0xd5cc)],
  ['SolarToAcIn2', energy(0xd5cd)],
];
