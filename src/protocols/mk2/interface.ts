/** What the interface itself says, the MK2 or MK3 (section 2). */
import { u16, u32, word } from './octets.ts';

export const COMMAND = {
  address: 0x41,
  settings: 0x44,
  info: 0x46,
  lines: 0x48,
  leds: 0x4c,
  state: 0x53,
  version: 0x56,
} as const;

/** First octet of what the interface is told and tells. */
export const COMMAND_HEAD = 0xff;
/** First octet of a frame of another panel on the bus. */
export const PANEL_HEAD = 0x40;

/** Devices have the addresses 0 to 31; 0 is the master. */
export const ADDRESSES = 32;

export interface InterfaceVersion {
  readonly number: number;
  /** The selected address; undefined as long as none was selected. */
  readonly address?: number;
}

/** The version, which an interface also sends by itself: this is how it is recognised. */
export function decodeInterfaceVersion(data: Uint8Array): InterfaceVersion | undefined {
  if (data.length < 7 || data[0] !== COMMAND_HEAD || data[1] !== COMMAND.version) return undefined;
  const address = data[6] ?? 0;
  return { number: u32(data, 2), ...(address < ADDRESSES ? { address } : {}) };
}

/** The selected address, as the interface repeats it. */
export function decodeAddress(data: Uint8Array): number | undefined {
  if (data.length < 4 || data[0] !== COMMAND_HEAD || data[1] !== COMMAND.address || data[2] !== 1) return undefined;
  return data[3];
}

/** Switch positions, as on D-Bus. */
export const MODE = { chargerOnly: 1, inverterOnly: 2, on: 3, off: 4 } as const;

export function isMode(value: number): boolean {
  return Number.isInteger(value) && value >= MODE.chargerOnly && value <= MODE.off;
}

/** Flags of the state command. */
const STATE_FLAG = { silent: 0x10, forwardPanels: 0x40, newFormat: 0x80 } as const;
/** Flags of its second octet: all answers about devices are passed on. */
const FORWARD_CONFIGS = 0x04;
/** A limit that leaves the present one alone. */
export const LIMIT_UNCHANGED = 0x8000;

export interface PanelState {
  readonly mode: number;
  /** Tenths of an ampere, or LIMIT_UNCHANGED. */
  readonly limit: number;
  /** Sets flags only: the devices hear nothing. */
  readonly silent: boolean;
}

export function encodeState({ mode, limit, silent }: PanelState): Uint8Array {
  const flags = STATE_FLAG.newFormat | STATE_FLAG.forwardPanels | (silent ? STATE_FLAG.silent : 0);
  return Uint8Array.of(COMMAND_HEAD, COMMAND.state, mode, ...word(limit), 1, flags, 0, FORWARD_CONFIGS);
}

/** What a host tells, for the device's end. */
export function decodeState(data: Uint8Array): PanelState | undefined {
  if (data.length < 5 || data[0] !== COMMAND_HEAD || data[1] !== COMMAND.state) return undefined;
  return { mode: data[2] ?? 0, limit: u16(data, 3), silent: ((data[6] ?? 0) & STATE_FLAG.silent) !== 0 };
}

/** The switch of another panel on the bus; undefined when the frame is none. */
export function decodePanel(data: Uint8Array): number | undefined {
  if (data.length < 4 || data[0] !== PANEL_HEAD) return undefined;
  const position = (data[1] ?? 0) & 0x0f;
  // The old form counts from 0, below a bit of its own.
  const mode = position & 0x08 ? (position & 0x03) + 1 : position;
  return isMode(mode) ? mode : undefined;
}

/** The mode that the interface holds; undefined when it holds none (its form is inferred). */
export function decodeHeldMode(data: Uint8Array): number | undefined {
  if (data.length < 3 || data[0] !== COMMAND_HEAD || data[1] !== COMMAND.settings) return undefined;
  return data[2];
}

/** Lines of the MK3 (single source): the switch obeys the remote state, and a device that is off stays reachable. */
export const MK3_LINES = 0x07;
