/**
 * CAN over TCP in the form of socketcand, raw mode: messages of text between `<` and `>`. A server greets with `< hi >`;
 * `< open can0 >` and `< rawmode >` are answered by `< ok >`; then `< frame ID SECONDS DATA >` comes, and
 * `< send ID LENGTH BYTE … >` goes. Identifiers of eight digits have 29 bits.
 */
import type { CanFrame } from '../ports/can.ts';

export type SocketcandMessage =
  | { readonly kind: 'hi' | 'ok' | 'rawmode' | 'other' }
  | { readonly kind: 'open'; readonly bus: string }
  | { readonly kind: 'frame' | 'send'; readonly frame: CanFrame }
  /** An error frame of the bus: its identifier. */
  | { readonly kind: 'error frame'; readonly id: number }
  | { readonly kind: 'refused'; readonly why: string };

/** Longer than any message that we know. */
const MESSAGE_CHARS = 200;
const FRAME_OCTETS = 8;
const EXTENDED_DIGITS = 8;
const STANDARD_LIMIT = 0x7ff;
const EXTENDED_LIMIT = 0x1fff_ffff;

/** Takes what comes apart into messages. */
export class SocketcandReader {
  /** Messages that were too long, or frames that were none. */
  faults = 0;
  #text = '';

  push(bytes: Uint8Array): SocketcandMessage[] {
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const messages: SocketcandMessage[] = [];
    for (let end = this.#text.indexOf('>'); end >= 0; end = this.#text.indexOf('>')) {
      const words = this.#text.slice(this.#text.lastIndexOf('<', end) + 1, end);
      this.#text = this.#text.slice(end + 1);
      const message = words.length > MESSAGE_CHARS ? undefined : parse(words.trim().split(/\s+/));
      if (message === undefined) this.faults++;
      else messages.push(message);
    }
    if (this.#text.length > MESSAGE_CHARS) {
      this.faults++;
      this.#text = '';
    }
    return messages;
  }
}

/** @returns undefined for a frame that is none */
function parse([word = '', ...rest]: readonly string[]): SocketcandMessage | undefined {
  switch (word) {
    case 'hi':
    case 'ok':
    case 'rawmode':
      return { kind: word };
    case 'open':
      return { kind: 'open', bus: rest[0] ?? '' };
    case 'frame':
      return framed('frame', rest[0], rest.slice(2));
    case 'send':
      return Number(rest[1]) === rest.length - 2 ? framed('send', rest[0], rest.slice(2)) : undefined;
    case 'error':
      return /^[0-9A-Fa-f]{1,8}$/.test(rest[0] ?? '') && rest.length > 1
        ? { kind: 'error frame', id: Number.parseInt(rest[0] ?? '0', 16) }
        : { kind: 'refused', why: rest.join(' ') };
    default:
      return { kind: 'other' };
  }
}

function framed(kind: 'frame' | 'send', id = '', octets: readonly string[]): SocketcandMessage | undefined {
  // Servers write the octets together or apart; single digits apart.
  const hex = octets.map(text => (text.length % 2 === 1 ? `0${text}` : text)).join('');
  if (!/^[0-9A-Fa-f]{1,8}$/.test(id) || !/^([0-9A-Fa-f]{2}){0,8}$/.test(hex)) return undefined;
  const number = Number.parseInt(id, 16);
  const extended = id.length === EXTENDED_DIGITS;
  if (number > (extended ? EXTENDED_LIMIT : STANDARD_LIMIT)) return undefined;
  return { kind, frame: { id: number, extended, data: Uint8Array.from(Buffer.from(hex, 'hex')) } };
}

/** @param wallMs when it came, Unix milliseconds */
export function frameText({ id, extended, data }: CanFrame, wallMs: number): string {
  return `< frame ${idText(id, extended)} ${(wallMs / 1000).toFixed(6)} ${Buffer.from(data).toString('hex').toUpperCase()} >`;
}

/** A frame to be sent. Throws nothing: what is beyond eight octets is left out. */
export function sendText({ id, extended, data }: CanFrame): string {
  const octets = [...data.subarray(0, FRAME_OCTETS)].map(octet => octet.toString(16).padStart(2, '0').toUpperCase());
  return `< ${['send', idText(id, extended), octets.length, ...octets].join(' ')} >`;
}

/** `351`, `09F80103` */
export function idText(id: number, extended: boolean): string {
  return id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? EXTENDED_DIGITS : 3, '0');
}
