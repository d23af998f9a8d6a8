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
  bmsState: { id: 0x0371, type: 'u8' },
  chargeVoltageLimit: { id: 0x0390, type: 'u32', scale: 0.01, unit: 'V' },
  chargeCurrentLimit: { id: 0x0391, type: 'u32', scale: 0.1, unit: 'A' },
  dischargeVoltageLimit: { id: 0x0392, type: 'u32', scale: 0.01, unit: 'V' },
  dischargeCurrentLimit: { id: 0x0393, type: 'u32', scale: 0.1, unit: 'A' },
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

/** Register 0x0380: how the batteries are put together. */
export interface BatteryLayout {
  readonly batteries: number;
  readonly cellsPerBattery: number;
  readonly parallel: number;
  readonly series: number;
}
export const BATTERY_LAYOUT = 0x0380;

/** @returns undefined when the payload is too short */
export function decodeBatteryLayout(payload: Uint8Array): BatteryLayout | undefined {
  const [batteries, cellsPerBattery, parallel, series] = payload;
  if (series === undefined) return undefined;
  return { batteries: batteries ?? 0, cellsPerBattery: cellsPerBattery ?? 0, parallel: parallel ?? 0, series };
}

/** Registers 0x0385 (V) and 0x0386 (K): the lowest and the highest of all cells, in hundredths. */
export const CELL_VOLTAGES = 0x0385;
export const CELL_TEMPERATURES = 0x0386;

/** @returns null where the device does not know; undefined when the payload is too short */
export function decodeExtremes(
  payload: Uint8Array,
): { readonly lowest: number | null; readonly highest: number | null } | undefined {
  const [low, lowHigh, high, highHigh] = payload;
  if (low === undefined || lowHigh === undefined || high === undefined || highHigh === undefined) return undefined;
  return { lowest: hundredths(low + lowHigh * 0x100), highest: hundredths(high + highHigh * 0x100) };
}

function hundredths(raw: number): number | null {
  return raw === 0xffff ? null : raw / 100;
}
