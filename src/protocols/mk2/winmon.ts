/** Commands to one device, sent with the letter W, X, Y or Z, by which its answer is known again (section 5). */
import { s16, toSigned, u16, u32 } from './octets.ts';
import type { RamInfo, SettingInfo } from './scaling.ts';

export const LETTERS = [0x57, 0x58, 0x59, 0x5a] as const;

export const WINMON = {
  version: 0x05,
  versionHigh: 0x06,
  state: 0x0e,
  energy: 0x0f,
  readRam: 0x30,
  readSetting: 0x31,
  writeRam: 0x32,
  writeSetting: 0x33,
  writeData: 0x34,
  settingInfo: 0x35,
  ramInfo: 0x36,
  writeById: 0x37,
  readSnapshot: 0x38,
  serialNumber: 0x3b,
} as const;

export const REPLY = {
  unknownCommand: 0x80,
  version: 0x82,
  versionHigh: 0x83,
  ram: 0x85,
  setting: 0x86,
  ramWritten: 0x87,
  settingWritten: 0x88,
  settingInfo: 0x89,
  ramInfo: 0x8e,
  ramInfoOffset: 0x8f,
  noSuchRam: 0x90,
  noSuchSetting: 0x91,
  state: 0x94,
  energy: 0x98,
  snapshot: 0x99,
  accessLevel: 0x9b,
  serialNumber: 0x9d,
} as const;

/** Flags of writeById. */
export const WRITE = { setting: 0x01, ramOnly: 0x02 } as const;

export type Refusal = 'unknown command' | 'not supported' | 'access level';

const REFUSALS: Readonly<Record<number, Refusal>> = {
  [REPLY.unknownCommand]: 'unknown command',
  [REPLY.noSuchRam]: 'not supported',
  [REPLY.noSuchSetting]: 'not supported',
  [REPLY.accessLevel]: 'access level',
};

export interface WinmonReply {
  readonly letter: number;
  readonly code: number;
  /** Behind the code. */
  readonly body: Uint8Array;
}

export function decodeWinmon(data: Uint8Array): WinmonReply | undefined {
  const [head, letter = 0, code] = data;
  if (head !== 0xff || code === undefined || letter < LETTERS[0] || letter > LETTERS[3]) return undefined;
  return { letter, code, body: data.subarray(3) };
}

export function refusalOf(code: number): Refusal | undefined {
  return REFUSALS[code];
}

/** The whole version number from one frame, its lower half from an older device. */
export function decodeVersion(body: Uint8Array): { readonly number: number; readonly whole: boolean } | undefined {
  if (body.length >= 4) return { number: u32(body, 0), whole: true };
  return body.length >= 2 ? { number: u16(body, 0), whole: false } : undefined;
}

/** Of newer firmware `8E scale offset`, of older or when asked so `8E scale 8F offset`. */
export function decodeRamInfo(body: Uint8Array): RamInfo | undefined {
  if (body.length >= 5 && body[2] === REPLY.ramInfoOffset) return { scale: s16(body, 0), offset: s16(body, 3) };
  return body.length === 4 ? { scale: s16(body, 0), offset: s16(body, 2) } : undefined;
}

const SETTING_WORDS = 5;

/** Five words in one go and perhaps the access level, or each word but the first behind a code of its own. */
export function decodeSettingInfo(body: Uint8Array): SettingInfo | undefined {
  const split = body.length >= 14 && [0x8a, 0x8b, 0x8c, 0x8d].every((code, i) => body[2 + 3 * i] === code);
  if (!split && body.length !== 2 * SETTING_WORDS && body.length !== 2 * SETTING_WORDS + 1) return undefined;
  const stride = split ? 3 : 2;
  const [scale = 0, offset = 0, preset = 0, min = 0, max = 0] = Array.from({ length: SETTING_WORDS }, (_, i) =>
    u16(body, stride * i),
  );
  const level = split ? undefined : body[2 * SETTING_WORDS];
  return {
    scale: toSigned(scale),
    offset: toSigned(offset),
    default: preset,
    min,
    max,
    ...(level === undefined ? {} : { accessLevel: level }),
  };
}

export function decodeWord(body: Uint8Array): number | undefined {
  return body.length >= 2 ? u16(body, 0) : undefined;
}

/** One word for each id of the snapshot. */
export function decodeWords(body: Uint8Array): number[] | undefined {
  if (body.length < 2) return undefined;
  return Array.from({ length: body.length >> 1 }, (_, i) => u16(body, 2 * i));
}

export interface DeviceState {
  readonly state: number;
  readonly substate: number;
}

export function decodeState(body: Uint8Array): DeviceState | undefined {
  const [state, substate = 0] = body;
  return state === undefined ? undefined : { state, substate };
}

/** Energy counters in their order on the wire, named as on D-Bus. */
export const ENERGY_COUNTERS = [
  'AcIn1ToInverter',
  'AcIn2ToInverter',
  'AcIn1ToAcOut',
  'AcIn2ToAcOut',
  'InverterToAcIn1',
  'InverterToAcIn2',
  'AcOutToAcIn1',
  'AcOutToAcIn2',
  'InverterToAcOut',
  'OutToInverter',
] as const;

export type EnergyCounter = (typeof ENERGY_COUNTERS)[number];

/** The counters, each rolling over at 256. */
export function decodeEnergy(body: Uint8Array): readonly number[] | undefined {
  return body.length >= ENERGY_COUNTERS.length ? [...body.subarray(0, ENERGY_COUNTERS.length)] : undefined;
}

const SERIAL_CHARS = 11;

/** Printable characters only; undefined when there are none. */
export function decodeSerialNumber(body: Uint8Array): string | undefined {
  const text = String.fromCharCode(...body.subarray(0, SERIAL_CHARS).filter(octet => octet > 0x20 && octet < 0x7f));
  return text === '' ? undefined : text;
}
