/**
 * Info frames: what the device measures, raw (section 3). An answer does not name its question: it is told by its type
 * octet. Both directions, for the driver and for the device's end.
 */
import { s16, u16, u24, u32, word, word24, word32 } from './octets.ts';

/** Numbers of the frames a host asks for. */
export const INFO = { dc: 0, acL1: 1, acInput: 5, snapshot: 6, config: 7, reset: 8 } as const;

const HEAD = 0x20;
const AC_INPUT_HEAD = 0x41;
const TYPE = 5;
const DC_TYPE = 0x0c;
const INFO_OCTETS = 15;

/** Type octet of a phase: L1 also says how many phases there are. */
const L1_TYPES: readonly number[] = [0x08, 0x09, 0x0a, 0x0b];
const PHASE_TYPES: Readonly<Record<number, number>> = { 7: 2, 6: 3, 5: 4 };
const FIRST_AC_TYPE = 0x05;
const LAST_AC_TYPE = 0x0b;

/** Of the whole system. */
export interface DcInfo {
  readonly voltage: number;
  readonly inverterCurrent: number;
  readonly chargerCurrent: number;
  readonly inverterPeriod: number;
}

export function decodeDc(data: Uint8Array): DcInfo | undefined {
  if (data.length < INFO_OCTETS || data[0] !== HEAD || data[TYPE] !== DC_TYPE) return undefined;
  return {
    voltage: u16(data, 6),
    inverterCurrent: u24(data, 8),
    chargerCurrent: u24(data, 11),
    inverterPeriod: data[14] ?? 0,
  };
}

export function encodeDc(info: DcInfo): Uint8Array {
  return Uint8Array.of(
    HEAD,
    ...[0, 0, 0, 0],
    DC_TYPE,
    ...word(info.voltage),
    ...word24(info.inverterCurrent),
    ...word24(info.chargerCurrent),
    info.inverterPeriod,
  );
}

/** One phase. Currents are to be multiplied by their factors, and signed whatever the device says of them. */
export interface AcInfo {
  /** 1 to 4. */
  readonly phase: number;
  /** Told with L1 only. */
  readonly phases?: number;
  readonly mainsFactor: number;
  readonly inverterFactor: number;
  readonly state: number;
  readonly mainsVoltage: number;
  readonly mainsCurrent: number;
  readonly inverterVoltage: number;
  readonly inverterCurrent: number;
  readonly mainsPeriod: number;
}

export function decodeAc(data: Uint8Array): AcInfo | undefined {
  const type = data[TYPE] ?? 0;
  if (data.length < INFO_OCTETS || data[0] !== HEAD || type < FIRST_AC_TYPE || type > LAST_AC_TYPE) return undefined;
  const phases = L1_TYPES.indexOf(type) + 1;
  return {
    phase: PHASE_TYPES[type] ?? 1,
    ...(phases === 0 ? {} : { phases }),
    mainsFactor: data[1] ?? 0,
    inverterFactor: data[2] ?? 0,
    state: data[4] ?? 0,
    mainsVoltage: u16(data, 6),
    mainsCurrent: s16(data, 8),
    inverterVoltage: u16(data, 10),
    inverterCurrent: s16(data, 12),
    mainsPeriod: data[14] ?? 0,
  };
}

export function encodeAc(info: AcInfo): Uint8Array {
  const type = info.phase === 1 ? L1_TYPES[(info.phases ?? 1) - 1] : LAST_AC_TYPE - 2 - info.phase;
  return Uint8Array.of(
    HEAD,
    info.mainsFactor,
    info.inverterFactor,
    0,
    info.state,
    type ?? 0,
    ...word(info.mainsVoltage),
    ...word(info.mainsCurrent),
    ...word(info.inverterVoltage),
    ...word(info.inverterCurrent),
    info.mainsPeriod,
  );
}

/** AC input and its limits, in tenths of an ampere. */
export interface AcInputInfo {
  /** 0 AC input 1, 1 AC input 2; 3 none (single source). */
  readonly active: number;
  /** A host or panel may set the limit. */
  readonly adjustable: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly limit: number;
}

const ADJUSTABLE = 0x04;
const AC_INPUT_OCTETS = 12;

export function decodeAcInput(data: Uint8Array): AcInputInfo | undefined {
  if (data.length < AC_INPUT_OCTETS || data[0] !== AC_INPUT_HEAD) return undefined;
  const config = data[TYPE] ?? 0;
  return {
    active: config & 0x03,
    adjustable: (config & ADJUSTABLE) !== 0,
    minimum: u16(data, 6),
    maximum: u16(data, 8),
    limit: u16(data, 10),
  };
}

export function encodeAcInput(info: AcInputInfo): Uint8Array {
  const config = info.active | (info.adjustable ? ADJUSTABLE : 0);
  return Uint8Array.of(
    AC_INPUT_HEAD,
    ...[0, 0, 0, 0],
    config,
    ...word(info.minimum),
    ...word(info.maximum),
    ...word(info.limit),
  );
}

export interface DeviceConfig {
  readonly uniqueNumber: number;
  readonly type: number;
  /** Bit n: there is a device with address n. */
  readonly present: number;
}

const CONFIG_OCTETS = 12;

export function decodeConfig(data: Uint8Array): DeviceConfig | undefined {
  const type = data[TYPE] ?? 0;
  const known = (type >= 0x02 && type <= 0x04) || (type >= 0x20 && type <= 0x2f);
  if (data.length < CONFIG_OCTETS || data[0] !== HEAD || !known) return undefined;
  return { uniqueNumber: u32(data, 1), type, present: u32(data, 8) };
}

export function encodeConfig(config: DeviceConfig): Uint8Array {
  return Uint8Array.of(HEAD, ...word32(config.uniqueNumber), config.type, 0, 0, ...word32(config.present));
}

/** A panel or BMS on the bus tells its version. */
export interface Presence {
  readonly type: number;
  readonly version: number;
}

export const PRESENCE = { panel: 0x80, bms: 0x83 } as const;

const PRESENCE_OCTETS = 10;

export function decodePresence(data: Uint8Array): Presence | undefined {
  const type = data[TYPE] ?? 0;
  if (data.length < PRESENCE_OCTETS || data[0] !== HEAD) return undefined;
  if (type !== PRESENCE.panel && type !== PRESENCE.bms) return undefined;
  return { type, version: u32(data, 6) };
}

export function encodePresence({ type, version }: Presence): Uint8Array {
  return Uint8Array.of(HEAD, 0, 0, 0, 0, type, ...word32(version));
}
