/** VREG registers that are only met on a CAN bus, beside those of VE.Direct (fact sheet vecan-n2k, section 6). */
import type { Register } from '../vedirect/register.ts';

type Registers = Readonly<Record<string, Register>>;

/** What a device says of itself, beside `COMMON_REGISTERS`. */
export const NODE_REGISTERS = {
  deviceInstance: { id: 0x0105, type: 'u8', always: true, access: 'rw', storage: 'flash' },
  uniqueNumber: { id: 0x0107, type: 'u32' },
  systemInstance: { id: 0x0109, type: 'u8', always: true },
  secondDescription: { id: 0x010d, type: 'string', access: 'rw', storage: 'flash' },
  /** 1 has the device show itself. */
  identify: { id: 0x010e, type: 'u8', access: 'rw', storage: 'ram' },
} as const satisfies Registers;

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

/** Inverters and chargers with AC inputs. */
export const AC_REGISTERS = {
  /** Bits: 0 current limit of input 1, 1 on and off, 2 current limit of input 2, 3 LEDs, 4 cell voltage. */
  remoteControlUsed: { id: 0x0202, type: 'u8', always: true },
  acInputLimit: { id: 0x0203, type: 'u16', scale: 0.1, unit: 'A', access: 'rw' },
  acInput1Limit: { id: 0x0210, type: 'u16', scale: 0.1, unit: 'A', access: 'rw' },
  /** 0 is the least that the device can do. */
  acInput1LimitRemote: { id: 0x0214, type: 'u16', scale: 0.1, unit: 'A', access: 'rw' },
} as const satisfies Registers;
