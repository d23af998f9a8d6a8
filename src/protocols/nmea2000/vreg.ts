/**
 * Victron registers on a CAN bus: read, written and told to everybody by proprietary messages (fact sheet vecan-n2k,
 * section 6). The registers themselves are those of VE.Direct and vreg-registers.ts.
 */
import { octetsOf } from '../vedirect/hex-values.ts';
import { decodeRegister, encodeRegister, type Register } from '../vedirect/register.ts';
import { MESSAGE_OCTETS } from './message.ts';
import { PROPRIETARY_FAST, PROPRIETARY_SINGLE } from './pgns.ts';

/** All messages of registers have this priority. */
export const VREG_PRIORITY = 7;

/** Maker 358, two reserved bits as ones, industry 4. */
const HEAD = 0x9966;
const HEAD_OCTETS = 4;
const SINGLE_PAYLOAD = 4;

const REQUEST = 0x0001;
const ACKNOWLEDGE = 0x0002;
const PING = 0x0003;

/** Asks for all registers of which `(id & mask) === register`. */
export const EXACTLY = 0xffff;

export const VREG_CODES = {
  ok: 0x0000,
  unknownRequested: 0x8000,
  unknownCommanded: 0x8100,
  busy: 0x8200,
  invalid: 0x8300,
  timeOut: 0x8400,
  overflow: 0x8500,
  initialising: 0x8600,
  panelPresent: 0xc001,
} as const;

export type VregMessage =
  | { readonly kind: 'request'; readonly register: number; readonly mask: number }
  | { readonly kind: 'acknowledge'; readonly register: number; readonly code: number }
  | { readonly kind: 'ping'; readonly payload: Uint8Array }
  /** To everybody: a device tells its value. To one: it is to take it. */
  | { readonly kind: 'value'; readonly register: number; readonly payload: Uint8Array };

/** What goes out: a message, to be sent by fast packet when `pgn` is `PROPRIETARY_FAST`. */
export interface VregOutput {
  readonly pgn: number;
  readonly message: Uint8Array;
}

/** @returns undefined for messages of other makers, or too short ones */
export function decodeVreg(message: Uint8Array): VregMessage | undefined {
  if (message.length < HEAD_OCTETS || wordAt(message, 0) !== HEAD) return undefined;
  const register = wordAt(message, 2);
  const payload = message.slice(HEAD_OCTETS);
  if (register === PING) return { kind: 'ping', payload };
  if (register !== REQUEST && register !== ACKNOWLEDGE) return { kind: 'value', register, payload };
  if (payload.length < SINGLE_PAYLOAD) return undefined;
  const about = wordAt(payload, 0);
  return register === REQUEST
    ? { kind: 'request', register: about, mask: wordAt(payload, 2) }
    : { kind: 'acknowledge', register: about, code: wordAt(payload, 2) };
}

/** @returns undefined when the payload is too long for a message */
export function encodeVreg(vreg: VregMessage): VregOutput | undefined {
  switch (vreg.kind) {
    case 'request':
      return output(REQUEST, words(vreg.register, vreg.mask));
    case 'acknowledge':
      return output(ACKNOWLEDGE, words(vreg.register, vreg.code));
    case 'ping':
      return output(PING, vreg.payload);
    case 'value':
      return output(vreg.register, vreg.payload);
  }
}

/** Whether an acknowledgement says that something was refused. */
export function isRefusal(code: number): boolean {
  return (code & 0x8000) !== 0;
}

/**
 * The value in the payload of a message, which is filled up with zeros: only the octets of the register's type count.
 *
 * @returns in the register's unit; null when the device says "not available", undefined when the payload is too short
 */
export function decodeVregValue(register: Register, payload: Uint8Array): number | string | null | undefined {
  if (register.type === 'string') return decodeRegister(register, payload);
  const octets = (register.skip ?? 0) + octetsOf(register.type);
  return payload.length < octets ? undefined : decodeRegister(register, payload.subarray(0, octets));
}

/** The message that sets or tells a value. @returns undefined when it does not fit the register */
export function encodeVregValue(register: Register, value: number | string | null): VregOutput | undefined {
  const octets = encodeRegister(register, value);
  return octets === undefined ? undefined : encodeVreg({ kind: 'value', register: register.id, payload: octets });
}

function output(register: number, payload: Uint8Array): VregOutput | undefined {
  const isSingle = payload.length <= SINGLE_PAYLOAD;
  if (HEAD_OCTETS + payload.length > MESSAGE_OCTETS) return undefined;
  const message = new Uint8Array(HEAD_OCTETS + (isSingle ? SINGLE_PAYLOAD : payload.length));
  message.set(words(HEAD, register));
  message.set(payload, HEAD_OCTETS);
  return { pgn: isSingle ? PROPRIETARY_SINGLE : PROPRIETARY_FAST, message };
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap(value => [value & 0xff, (value >> 8) & 0xff]));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100;
}
