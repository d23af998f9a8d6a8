/**
 * Modbus TCP framing (MODBUS Messaging on TCP/IP V1.0b): a header of transaction, protocol, length and unit before
 * each PDU. Bytes come in any portions; what they say of their length is not believed beyond the limit.
 */
import { PDU_LIMITS, putWord, word } from './pdu.ts';

/** Transaction, protocol and length: what is not counted by the length. */
const PREFIX_BYTES = 6;
const HEADER_BYTES = 7;

export const MBAP_LIMITS = {
  /** Value of the length field: unit id and function code at least. */
  leastLength: 2,
  /** Value of the length field at most: unit id and the longest PDU. */
  mostLength: 1 + PDU_LIMITS.bytes,
  /** Bytes held for frames that nobody has taken yet; more than one read of a socket brings. */
  heldBytes: 128 * 1024,
} as const;

export interface Frame {
  /** 0 to 65535, chosen by the client, echoed by the server. */
  readonly transaction: number;
  /** 0 for Modbus; echoed, not checked, as servers in the field do. */
  readonly protocol: number;
  readonly unit: number;
  /** Function code and data; a view, valid until more bytes are fed. */
  readonly pdu: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Cuts a byte stream into frames. After a fault the stream cannot be trusted any more (there is no mark to find the
 * next frame by): it gives no more frames and holds nothing.
 */
export class MbapStream {
  #bytes: Uint8Array = NO_BYTES;
  #at = 0;
  #fault: string | undefined;

  /** What is wrong with the stream, in words. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Bytes held. */
  get held(): number {
    return this.#bytes.length - this.#at;
  }

  feed(bytes: Uint8Array): void {
    if (this.#fault !== undefined) return;
    const held = this.held;
    if (held + bytes.length > MBAP_LIMITS.heldBytes) {
      this.#fail(`more than ${MBAP_LIMITS.heldBytes} bytes wait to be read`);
      return;
    }
    if (held === 0) this.#bytes = bytes;
    else {
      const joined = new Uint8Array(held + bytes.length);
      joined.set(this.#bytes.subarray(this.#at));
      joined.set(bytes, held);
      this.#bytes = joined;
    }
    this.#at = 0;
  }

  /** The next whole frame; undefined when there is none yet, or no more after a fault. */
  next(): Frame | undefined {
    const held = this.held;
    if (held < PREFIX_BYTES) return undefined;
    const { leastLength, mostLength } = MBAP_LIMITS;
    const length = word(this.#bytes, this.#at + 4);
    if (length < leastLength || length > mostLength) {
      this.#fail(`a frame claims a length of ${length}; ${leastLength} to ${mostLength} are possible`);
      return undefined;
    }
    if (held < PREFIX_BYTES + length) return undefined;
    const start = this.#at;
    this.#at += PREFIX_BYTES + length;
    return {
      transaction: word(this.#bytes, start),
      protocol: word(this.#bytes, start + 2),
      unit: this.#bytes[start + PREFIX_BYTES] ?? 0,
      pdu: this.#bytes.subarray(start + HEADER_BYTES, this.#at),
    };
  }

  /** Whether a whole frame, or a fault, is there for `next`. */
  get ready(): boolean {
    const held = this.held;
    if (held < PREFIX_BYTES) return false;
    const length = word(this.#bytes, this.#at + 4);
    return length < MBAP_LIMITS.leastLength || length > MBAP_LIMITS.mostLength || held >= PREFIX_BYTES + length;
  }

  #fail(fault: string): void {
    this.#fault = fault;
    this.#bytes = NO_BYTES;
    this.#at = 0;
  }
}

/** The longest frame, bytes. */
export const FRAME_BYTES = HEADER_BYTES + PDU_LIMITS.bytes;

/** Puts a frame to the beginning of `out`, which has room for FRAME_BYTES. @returns its length */
export function putFrame(
  out: Uint8Array,
  transaction: number,
  protocol: number,
  unit: number,
  pdu: Uint8Array,
): number {
  putWord(out, 0, transaction);
  putWord(out, 2, protocol);
  putWord(out, 4, 1 + pdu.length);
  out[PREFIX_BYTES] = unit;
  out.set(pdu, HEADER_BYTES);
  return HEADER_BYTES + pdu.length;
}

/** A frame as bytes. */
export function encodeFrame(transaction: number, protocol: number, unit: number, pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + pdu.length);
  putFrame(bytes, transaction, protocol, unit, pdu);
  return bytes;
}
