/** VREG registers that are only met on a CAN bus, beside those of VE.Direct (fact sheet vecan-n2k, section 6). */
import type { Register } from '../vedirect/register.ts';

type Registers = Readonly<Record<string, Register>>;

/** Batteries with a BMS, and what they allow. */
export const BMS_REGISTERS = {
  /** Bits: `BMS_FLAGS`. */
  bmsFlags: { id: 0x0370, type: 'u32', always: true },
  bmsState: { id: 0x0371, type: 'u8' },
  /** Four octets: batteries, cells of each, batteries in parallel and in series. */
  batteryLayout: { id: 0x0380, type: 'u32', always: true },
  /** Two words, the lowest and the highest of all cells: hundredths of a volt, of a kelvin. */
  cellVoltages: { id: 0x0385, type: 'u32', always: true },
  cellTemperatures: { id: 0x0386, type: 'u32', always: true },
  chargeVoltageLimit: { id: 0x0390, type: 'u32', scale: 0.01, unit: 'V' },
  chargeCurrentLimit: { id: 0x0391, type: 'u32', scale: 0.1, unit: 'A' },
  dischargeVoltageLimit: { id: 0x0392, type: 'u32', scale: 0.01, unit: 'V' },
  dischargeCurrentLimit: { id: 0x0393, type: 'u32', scale: 0.1, unit: 'A' },
} as const satisfies Registers;

/** Of register 0x0370. */
export const BMS_FLAGS = { balancing: 0x40, highChargeCurrent: 0x2000, highDischargeCurrent: 0x4000 } as const;

/** Chargers with several outputs, and what they take from AC. */
export const OUTPUT_REGISTERS = {
  outputs: { id: 0xedde, type: 'u8' },
  current2: { id: 0xed7f, type: 's16', scale: 0.1, unit: 'A' },
  voltage2: { id: 0xed7d, type: 's16', scale: 0.01, unit: 'V' },
  current3: { id: 0xed6f, type: 's16', scale: 0.1, unit: 'A' },
  voltage3: { id: 0xed6d, type: 's16', scale: 0.01, unit: 'V' },
} as const satisfies Registers;

/** Chargers with an AC input, and VE.Bus systems. */
export const AC_REGISTERS = {
  acInputLimit: { id: 0x0203, type: 'u16', scale: 0.1, unit: 'A', access: 'rw' },
  vebusError: { id: 0xeeff, type: 'u8', always: true },
} as const satisfies Registers;
