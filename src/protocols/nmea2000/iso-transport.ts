/**
 * Longer messages to everybody by the transport protocol of ISO 11783 (BAM): the commanded address comes by it. Frames
 * follow an announcement, in order, without handshake (fact sheet vecan-n2k, section 3).
 */
import { MESSAGE_OCTETS } from './message.ts';

/** Announcements and handshakes. */
export const TRANSPORT_CONTROL = 60_416;
/** The octets themselves. */
export const TRANSPORT_DATA = 60_160;
/** Without the next frame for so long a message is dropped. Milliseconds. */
export const TRANSPORT_GAP_MS = 750;
/** Messages that are received at the same time; beyond, new ones are not taken. */
export const TRANSPORT_LIMIT = 32;

const ANNOUNCEMENT = 32;
const FRAME_OCTETS = 8;
const DATA_OCTETS = 7;

export interface TransportFaults {
  incomplete: number;
  /** A frame out of its order. */
  order: number;
  /** Nothing that can be announced: no length, or one above 223. */
  announcement: number;
  crowded: number;
}

export interface TransportedMessage {
  readonly pgn: number;
  readonly bytes: Uint8Array;
}

interface Session {
  readonly pgn: number;
  readonly bytes: Uint8Array;
  readonly length: number;
  frames: number;
  lastAt: number;
}

export class TransportAssembler {
  readonly faults: TransportFaults = { incomplete: 0, order: 0, announcement: 0, crowded: 0 };
  /** By source: a node sends one at a time. */
  readonly #sessions = new Map<number, Session>();

  /** @param pgn of the frame: TRANSPORT_CONTROL or TRANSPORT_DATA @param now monotonic milliseconds */
  push(source: number, pgn: number, frame: Uint8Array, now: number): TransportedMessage | undefined {
    if (frame.length !== FRAME_OCTETS) return undefined;
    if (pgn === TRANSPORT_CONTROL) this.#announced(source, frame, now);
    return pgn === TRANSPORT_DATA ? this.#data(source, frame, now) : undefined;
  }

  #announced(source: number, frame: Uint8Array, now: number): void {
    if (frame[0] !== ANNOUNCEMENT) return;
    if (this.#sessions.delete(source)) this.faults.incomplete++;
    const length = wordAt(frame, 1);
    if (length === 0 || length > MESSAGE_OCTETS || frame[3] !== Math.ceil(length / DATA_OCTETS)) {
      this.faults.announcement++;
      return;
    }
    for (const [other, session] of this.#sessions) if (now - session.lastAt > TRANSPORT_GAP_MS) this.#drop(other);
    if (this.#sessions.size >= TRANSPORT_LIMIT) {
      this.faults.crowded++;
      return;
    }
    const pgn = wordAt(frame, 5) + (frame[7] ?? 0) * 0x1_0000;
    this.#sessions.set(source, {
      pgn,
      bytes: new Uint8Array(MESSAGE_OCTETS + DATA_OCTETS),
      length,
      frames: 0,
      lastAt: now,
    });
  }

  #data(source: number, frame: Uint8Array, now: number): TransportedMessage | undefined {
    const session = this.#sessions.get(source);
    if (session === undefined) return undefined;
    if (now - session.lastAt > TRANSPORT_GAP_MS) {
      this.#drop(source);
      return undefined;
    }
    if (frame[0] !== session.frames + 1) {
      this.#sessions.delete(source);
      this.faults.order++;
      return undefined;
    }
    session.bytes.set(frame.subarray(1), session.frames * DATA_OCTETS);
    session.frames++;
    session.lastAt = now;
    if (session.frames * DATA_OCTETS < session.length) return undefined;
    this.#sessions.delete(source);
    return { pgn: session.pgn, bytes: session.bytes.slice(0, session.length) };
  }

  #drop(source: number): void {
    this.#sessions.delete(source);
    this.faults.incomplete++;
  }
}

/** The frames of a message to everybody, each with its PGN. None when it is empty or too long. */
export function splitTransport(
  pgn: number,
  message: Uint8Array,
): { readonly pgn: number; readonly data: Uint8Array }[] {
  if (message.length === 0 || message.length > MESSAGE_OCTETS) return [];
  const count = Math.ceil(message.length / DATA_OCTETS);
  const announcement = Uint8Array.of(
    ANNOUNCEMENT,
    message.length,
    0,
    count,
    0xff,
    pgn & 0xff,
    (pgn >> 8) & 0xff,
    (pgn >> 16) & 0xff,
  );
  const data = Array.from({ length: count }, (_, i) => {
    const frame = new Uint8Array(FRAME_OCTETS).fill(0xff);
    frame[0] = i + 1;
    frame.set(message.subarray(i * DATA_OCTETS, (i + 1) * DATA_OCTETS), 1);
    return { pgn: TRANSPORT_DATA, data: frame };
  });
  return [{ pgn: TRANSPORT_CONTROL, data: announcement }, ...data];
}

function wordAt(frame: Uint8Array, at: number): number {
  return (frame[at] ?? 0) + (frame[at + 1] ?? 0) * 0x100;
}
