/** Frames of the VE.Direct HEX protocol: `:` command octets checksum LF (fact sheet vedirect, section 5.1). */

/** Command nibbles a host sends. 0 (enter boot) is left out on purpose. */
export const COMMAND = { ping: 0x1, appVersion: 0x3, productId: 0x4, restart: 0x6, get: 0x7, set: 0x8 } as const;

/** Command nibbles a device answers with. */
export const ANSWER = {
  done: 0x1,
  unknownCommand: 0x3,
  error: 0x4,
  ping: 0x5,
  get: 0x7,
  set: 0x8,
  async: 0xa,
} as const;

/** Flags of a register answer. Several may be set. */
export const FLAG = { unknownId: 0x01, notSupported: 0x02, parameterError: 0x04 } as const;

/** Command nibble and all octets of a frame add up to this, modulo 256. */
const SUM = 0x55;

export interface HexFrame {
  /** 0 to 15 */
  readonly command: number;
  /** Without the checksum. */
  readonly payload: Uint8Array;
}

export type HexFault =
  | 'hexChecksum'
  | 'hexInvalidCharacter'
  /** No LF before the next frame or TEXT line, or an octet cut in half. */
  | 'hexUnfinished'
  | 'hexTooLong';

/**
 * @param digits ASCII between `:` and LF, either case
 * @returns the frame, or what is wrong with it
 */
export function decodeFrame(digits: Uint8Array): HexFrame | HexFault {
  const values = digits.map(digitValue);
  if (values.includes(NO_DIGIT)) return 'hexInvalidCharacter';
  // One nibble of command and whole octets, of which the last is the checksum.
  if (values.length < 3 || values.length % 2 === 0) return 'hexUnfinished';
  const command = values[0] ?? 0;
  const octets = new Uint8Array((values.length - 1) / 2);
  let sum = command;
  for (let i = 0; i < octets.length; i++) {
    const octet = ((values[1 + 2 * i] ?? 0) << 4) | (values[2 + 2 * i] ?? 0);
    octets[i] = octet;
    sum += octet;
  }
  if ((sum & 0xff) !== SUM) return 'hexChecksum';
  return { command, payload: octets.subarray(0, -1) };
}

/** @returns the frame as it goes on the wire, from `:` to LF */
export function encodeFrame(command: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
  let sum = command & 0xf;
  let text = `:${sum.toString(16).toUpperCase()}`;
  for (const octet of payload) {
    sum += octet;
    text += hexOctet(octet);
  }
  text += `${hexOctet((SUM - sum) & 0xff)}\n`;
  return Uint8Array.from(text, char => char.charCodeAt(0));
}

/** Asks for a register. */
export function encodeGet(register: number): Uint8Array {
  return encodeFrame(COMMAND.get, registerPayload(register, 0, new Uint8Array()));
}

/** Sets a register to `value`, octets as they stand in it. */
export function encodeSet(register: number, value: Uint8Array): Uint8Array {
  return encodeFrame(COMMAND.set, registerPayload(register, 0, value));
}

/** What a device says about a register: asked, set, or on its own. The device's end (a simulator) uses it too. */
export function encodeRegisterAnswer(
  kind: 'get' | 'set' | 'async',
  register: number,
  flags: number,
  value: Uint8Array,
) {
  return encodeFrame(ANSWER[kind], registerPayload(register, flags, value));
}

/** A frame from a device, understood. */
export type HexAnswer =
  | {
      readonly kind: 'get' | 'set' | 'async';
      readonly register: number;
      readonly flags: number;
      readonly value: Uint8Array;
    }
  /** `version` is the word as sent: see `versionOfWord` in firmware.ts. */
  | { readonly kind: 'ping'; readonly version: number }
  /** Product id, application version: the word asked for, null when the answer carries none. */
  | { readonly kind: 'done'; readonly word: number | null }
  | { readonly kind: 'unknownCommand'; readonly command: number | null }
  /** 0xAAAA: the device found our checksum wrong. */
  | { readonly kind: 'error'; readonly code: number | null };

/** @returns undefined when the frame is not one a device sends */
export function parseAnswer({ command, payload }: HexFrame): HexAnswer | undefined {
  switch (command) {
    case ANSWER.get:
      return registerAnswer('get', payload);
    case ANSWER.set:
      return registerAnswer('set', payload);
    case ANSWER.async:
      return registerAnswer('async', payload);
    case ANSWER.ping: {
      const version = word(payload);
      return version === null ? undefined : { kind: 'ping', version };
    }
    case ANSWER.done:
      return { kind: 'done', word: word(payload) };
    case ANSWER.unknownCommand:
      return { kind: 'unknownCommand', command: payload[0] ?? null };
    case ANSWER.error:
      return { kind: 'error', code: word(payload) };
    default:
      return undefined;
  }
}

/** A frame from a host, understood: for a device's end (a simulator). */
export interface HexRequest {
  readonly command: number;
  /** Of get and set. */
  readonly register: number | null;
  readonly value: Uint8Array;
}

export function parseRequest({ command, payload }: HexFrame): HexRequest {
  const register = command === COMMAND.get || command === COMMAND.set ? word(payload) : null;
  return { command, register, value: payload.subarray(3) };
}

function registerAnswer(kind: 'get' | 'set' | 'async', payload: Uint8Array): HexAnswer | undefined {
  const register = word(payload);
  const flags = payload[2];
  if (register === null || flags === undefined) return undefined;
  return { kind, register, flags, value: payload.subarray(3) };
}

function registerPayload(register: number, flags: number, value: Uint8Array): Uint8Array {
  const payload = new Uint8Array(3 + value.length);
  payload.set([register & 0xff, (register >> 8) & 0xff, flags]);
  payload.set(value, 3);
  return payload;
}

/** The first two octets, little endian. */
function word(payload: Uint8Array): number | null {
  const [low, high] = payload;
  return low === undefined || high === undefined ? null : low | (high << 8);
}

function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}

const NO_DIGIT = 0xff;

function digitValue(char: number): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  const lower = char | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : NO_DIGIT;
}
