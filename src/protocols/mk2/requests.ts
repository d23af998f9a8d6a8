/** Requests of a host, each with how its answer is known: rows for every exchange with an interface. */
import {
  type AcInfo,
  type AcInputInfo,
  type DcInfo,
  type DeviceConfig,
  decodeAc,
  decodeAcInput,
  decodeConfig,
  decodeDc,
  decodePresence,
  INFO,
} from './info-frames.ts';
import {
  COMMAND,
  COMMAND_HEAD,
  decodeAddress,
  decodeHeldMode,
  decodeInterfaceVersion,
  encodeState,
  type InterfaceVersion,
  MK3_LINES,
  type PanelState,
} from './interface.ts';
import { decodeLedStatus, type LedStatus } from './leds.ts';
import { word, word32 } from './octets.ts';
import type { RamInfo, SettingInfo } from './scaling.ts';
import {
  type DeviceState,
  decodeEnergy,
  decodeRamInfo,
  decodeSerialNumber,
  decodeSettingInfo,
  decodeState,
  decodeVersion,
  decodeWinmon,
  decodeWord,
  decodeWords,
  REPLY,
  type Refusal,
  refusalOf,
  WINMON,
  WRITE,
} from './winmon.ts';

/** What came back: a value, or the device's refusal. */
export type Answer<T> = { readonly value: T } | { readonly refused: Refusal };

export interface Request<T> {
  readonly name: string;
  /** The interface answers by itself, whether or not there is a device. */
  readonly ofInterface?: true;
  /** It changes something: it is not sent twice for one answer. */
  readonly acts?: true;
  /** The data of the frames to send; the last one is answered. `letter` is for commands to one device. */
  frames(letter: number): Uint8Array[];
  /** The answer in this frame; undefined when it is none to this request. */
  answer(data: Uint8Array, letter: number): Answer<T> | undefined;
}

/** The value of an answer; undefined for a refusal and for no answer. */
export function answered<T>(answer: Answer<T> | undefined): T | undefined {
  return answer !== undefined && 'value' in answer ? answer.value : undefined;
}

function command<T>(name: string, octets: readonly number[], decode: (data: Uint8Array) => T | undefined): Request<T> {
  return {
    name,
    frames: () => [Uint8Array.of(COMMAND_HEAD, ...octets)],
    answer: data => {
      const value = decode(data);
      return value === undefined ? undefined : { value };
    },
  };
}

/** As `command`, of the interface itself. */
function own<T>(name: string, octets: readonly number[], decode: (data: Uint8Array) => T | undefined): Request<T> {
  return { ...command(name, octets, decode), ofInterface: true };
}

function isCommand(letter: number): (data: Uint8Array) => true | undefined {
  return data => (data[0] === COMMAND_HEAD && data[1] === letter ? true : undefined);
}

export const askVersion: Request<InterfaceVersion> = own('V', [COMMAND.version], decodeInterfaceVersion);
export const askHeldMode: Request<number> = own('D', [COMMAND.settings], decodeHeldMode);
export const askLeds: Request<LedStatus> = command('L', [COMMAND.leds], decodeLedStatus);
export const askDc: Request<DcInfo> = command('F 0', [COMMAND.info, INFO.dc], decodeDc);
export const askAcInput: Request<AcInputInfo> = command('F 5', [COMMAND.info, INFO.acInput], decodeAcInput);
export const setLines: Request<true> = own('H', [COMMAND.lines, MK3_LINES], isCommand(COMMAND.lines));

export function selectAddress(address: number): Request<number> {
  return own('A', [COMMAND.address, 1, address], data => (decodeAddress(data) === address ? address : undefined));
}

/** @param phase 1 to 4 */
export function askAc(phase: number): Request<AcInfo> {
  return command(`F ${phase}`, [COMMAND.info, INFO.acL1 + phase - 1], data => {
    const info = decodeAc(data);
    return info?.phase === phase ? info : undefined;
  });
}

export function askConfig(address: number): Request<DeviceConfig> {
  return command('F 7', [COMMAND.info, INFO.config, address], decodeConfig);
}

/** @param state asked for when it is sent, so that nothing outdated goes out after a wait */
export function setState(state: () => PanelState): Request<true> {
  return { ...own('S', [], isCommand(COMMAND.state)), frames: () => [encodeState(state())] };
}

/** The version of a panel or BMS on the bus. */
export function askPresence(type: number): Request<number> {
  return {
    ...command('presence', [], data => {
      const presence = decodePresence(data);
      return presence?.type === type ? presence.version : undefined;
    }),
    frames: () => [Uint8Array.of(0x21, 0xff, 0xff, 0xff, 0xff, type)],
  };
}

/** Resets one device, by its unique number, or all of them (0). It is not answered: the question after it is. */
export function resetDevice(uniqueNumber: number): Request<InterfaceVersion> {
  const [id0, id1, id2, id3] = word32(uniqueNumber);
  return {
    ...askVersion,
    name: 'F 8',
    acts: true,
    frames: letter => [
      Uint8Array.of(COMMAND_HEAD, COMMAND.info, INFO.reset, id2, id3, id0, id1),
      ...askVersion.frames(letter),
    ],
  };
}

/** A command to the selected device, answered with `code`, or refused. */
function winmon<T>(
  name: string,
  codes: readonly number[],
  octets: readonly (readonly number[])[],
  decode: (body: Uint8Array, code: number) => T | undefined,
): Request<T> {
  return {
    name,
    frames: letter => octets.map(one => Uint8Array.of(COMMAND_HEAD, letter, ...one)),
    answer: (data, letter) => {
      const reply = decodeWinmon(data);
      if (reply === undefined || reply.letter !== letter) return undefined;
      const refused = refusalOf(reply.code);
      if (refused !== undefined) return { refused };
      const value = codes.includes(reply.code) ? decode(reply.body, reply.code) : undefined;
      return value === undefined ? undefined : { value };
    },
  };
}

export const askDeviceVersion = winmon('version', [REPLY.version], [[WINMON.version]], decodeVersion);
/** The upper half, from older devices. */
export const askDeviceVersionHigh: Request<number> = winmon(
  'version',
  [REPLY.versionHigh],
  [[WINMON.versionHigh]],
  decodeWord,
);
export const askEnergy = winmon('energy', [REPLY.energy], [[WINMON.energy]], decodeEnergy);
export const askSerialNumber = winmon(
  'serial number',
  [REPLY.serialNumber],
  [[WINMON.serialNumber]],
  decodeSerialNumber,
);

/** Orders of `askState`; that they are the parameter of the state command is inferred. */
export const CHARGER_ORDER = { none: 0, equalise: 1, absorption: 2, float: 3 } as const;

/** The state; an order makes the charger change it. */
export function askState(order: number = CHARGER_ORDER.none): Request<DeviceState> {
  const ask = winmon('state', [REPLY.state], [[WINMON.state, order]], decodeState);
  return order === CHARGER_ORDER.none ? ask : { ...ask, acts: true };
}

export function readRam(id: number): Request<number> {
  return winmon(`RAM ${id}`, [REPLY.ram], [[WINMON.readRam, ...word(id)]], decodeWord);
}

export function readSetting(id: number): Request<number> {
  return winmon(`setting ${id}`, [REPLY.setting], [[WINMON.readSetting, ...word(id)]], decodeWord);
}

export function askRamInfo(id: number): Request<RamInfo> {
  return winmon(`RAM info ${id}`, [REPLY.ramInfo], [[WINMON.ramInfo, ...word(id)]], decodeRamInfo);
}

export function askSettingInfo(id: number): Request<SettingInfo> {
  return winmon(`setting info ${id}`, [REPLY.settingInfo], [[WINMON.settingInfo, ...word(id)]], decodeSettingInfo);
}

/** Has all devices note these variables at one instant, then reads those of the selected one. */
export function readSnapshot(ids: readonly number[], take: boolean): Request<number[]> {
  const read = winmon('snapshot', [REPLY.snapshot], [[WINMON.readSnapshot]], body => {
    const words = decodeWords(body);
    return words !== undefined && words.length >= ids.length ? words : undefined;
  });
  if (!take) return read;
  const shot = Uint8Array.of(COMMAND_HEAD, COMMAND.info, INFO.snapshot, ...ids);
  return { ...read, frames: letter => [shot, ...read.frames(letter)] };
}

/** What a write did: settings may need a reset of the device to have effect. */
export interface Written {
  readonly resetRequired: boolean;
}

export type Writes = 'ram' | 'setting' | 'setting in RAM only';

const WRITE_FLAGS: Readonly<Record<Writes, number>> = {
  ram: 0,
  setting: WRITE.setting,
  'setting in RAM only': WRITE.setting | WRITE.ramOnly,
};

function written(name: string, what: Writes, octets: readonly (readonly number[])[]): Request<Written> {
  const code = what === 'ram' ? REPLY.ramWritten : REPLY.settingWritten;
  const write = winmon(name, [code], octets, body => ({
    resetRequired: what !== 'ram' && ((body[0] ?? 0) & 1) === 1,
  }));
  return { ...write, acts: true };
}

/** The write of newer firmware. */
export function writeById(what: Writes, id: number, value: number): Request<Written> {
  const octets = [WINMON.writeById, WRITE_FLAGS[what], id & 0xff, ...word(value)];
  return written(`write ${what} ${id}`, what, [octets]);
}

/** The write of older firmware. Settings are kept in its EEPROM, so it must not be repeated often. */
export function writeOld(what: 'ram' | 'setting', id: number, value: number): Request<Written> {
  const select = what === 'ram' ? WINMON.writeRam : WINMON.writeSetting;
  return written(`write ${what} ${id}`, what, [
    [select, ...word(id)],
    [WINMON.writeData, ...word(value)],
  ]);
}
