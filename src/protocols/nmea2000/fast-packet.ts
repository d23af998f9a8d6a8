/**
 * Messages of up to 223 octets in frames of eight: cut up, and put together again (fact sheet vecan-n2k, section 4).
 * Memory is bounded; never throws. A message is given only when every octet of it came, and only once.
 */
import { MESSAGE_OCTETS } from './message.ts';

/** Frames of one message belong together by this number, which goes around. */
export const SEQUENCES = 8;
/** A message whose next frame does not come for so long is dropped. Milliseconds. */
export const FRAME_GAP_MS = 750;
/** How long a frame may come before the first of its message: frames with one identifier may change places. Milliseconds. */
export const EARLY_MS = 50;
/** Messages that are put together at the same time; beyond, the one begun longest ago is dropped. */
export const SESSION_LIMIT = 256;

const FRAME_OCTETS = 8;
const FIRST_DATA = 6;
const OTHER_DATA = 7;
const FRAME_MASK = 0x1f;
const FRAME_LIMIT = 32;

/** What was dropped, and why; each message counts once. */
export interface FastPacketFaults {
  /** Frames did not come, or not in time. */
  incomplete: number;
  /** Two frames with one number said different things. */
  contradiction: number;
  /** A length of 0 or above 223, a frame beyond the length, or a frame that is not full. */
  frame: number;
  /** Too many messages at the same time. */
  crowded: number;
}

interface Session {
  readonly source: number;
  readonly pgn: number;
  readonly bytes: Uint8Array;
  /** Bit for each frame that came. */
  have: number;
  /** Octets in all; 0 until the first frame came. */
  length: number;
  /** The frame that came last. */
  last: number;
  lastAt: number;
}

export class FastPacketAssembler {
  readonly faults: FastPacketFaults = { incomplete: 0, contradiction: 0, frame: 0, crowded: 0 };
  /** By source, PGN and sequence; the one begun longest ago first. */
  readonly #sessions = new Map<number, Session>();

  /** Messages that are being put together. */
  get pending(): number {
    return this.#sessions.size;
  }

  /**
   * @param pgn of a message that goes by fast packet
   * @param frame its 8 octets
   * @param now monotonic milliseconds
   * @returns the whole message when this was the last of its frames
   */
  push(source: number, pgn: number, frame: Uint8Array, now: number): Uint8Array | undefined {
    const head = frame[0];
    if (head === undefined || frame.length !== FRAME_OCTETS) {
      this.faults.frame++;
      return undefined;
    }
    const number = head & FRAME_MASK;
    const key = keyOf(source, pgn, head >> 5);
    const session = this.#sessionFor(key, source, pgn, number, frame, now);
    if (session === undefined || !this.#take(key, session, number, frame)) return undefined;
    session.last = number;
    session.lastAt = now;
    if (session.length === 0 || session.have !== maskOf(session.length)) return undefined;
    this.#sessions.delete(key);
    this.#dropOlder(source, pgn);
    return session.bytes.slice(0, session.length);
  }

  /** Drops what is too old. To be called now and then: memory is bounded without it too. */
  expire(now: number): void {
    for (const [key, session] of this.#sessions) if (now - session.lastAt > FRAME_GAP_MS) this.#drop(key, 'incomplete');
  }

  #sessionFor(
    key: number,
    source: number,
    pgn: number,
    number: number,
    frame: Uint8Array,
    now: number,
  ): Session | undefined {
    const known = this.#sessions.get(key);
    if (known !== undefined && !this.#isOver(known, number, frame, now)) return known;
    if (known !== undefined) this.#drop(key, 'incomplete');
    if (this.#sessions.size >= SESSION_LIMIT) this.#dropFirst();
    const session: Session = {
      source,
      pgn,
      bytes: new Uint8Array(MESSAGE_OCTETS + OTHER_DATA),
      have: 0,
      length: 0,
      last: -1,
      lastAt: now,
    };
    this.#sessions.set(key, session);
    return session;
  }

  /** Whether a frame belongs to a later message than the one that is known by its sequence. */
  #isOver(session: Session, number: number, frame: Uint8Array, now: number): boolean {
    if (now - session.lastAt > FRAME_GAP_MS) return true;
    if (number !== 0) return session.length === 0 && now - session.lastAt > EARLY_MS;
    if (session.length === 0) return now - session.lastAt > EARLY_MS;
    // The first frame once more: the same again when it follows itself at once, else of the next message.
    return session.last !== 0 || !sameAt(session.bytes, 0, frame.subarray(2)) || session.length !== frame[1];
  }

  /** Takes the octets of a frame. @returns whether something new came */
  #take(key: number, session: Session, number: number, frame: Uint8Array): boolean {
    const isFirst = number === 0;
    const data = frame.subarray(isFirst ? 2 : 1);
    const at = isFirst ? 0 : FIRST_DATA + (number - 1) * OTHER_DATA;
    if ((session.have & (1 << number)) !== 0) {
      // Repeated by the sender's controller when an acknowledgement was lost.
      if (!sameAt(session.bytes, at, data)) this.#drop(key, 'contradiction');
      return false;
    }
    if (isFirst) {
      const length = frame[1] ?? 0;
      if (length === 0 || length > MESSAGE_OCTETS) {
        this.#drop(key, 'frame');
        return false;
      }
      session.length = length;
    }
    session.bytes.set(data, at);
    session.have |= 1 << number;
    // Frames that came before the first one are looked at again: now the length is known.
    if (session.length !== 0 && (session.have & ~maskOf(session.length)) !== 0) {
      this.#drop(key, 'frame');
      return false;
    }
    return true;
  }

  /** What a node began before a message that is whole now will not be continued. */
  #dropOlder(source: number, pgn: number): void {
    for (let sequence = 0; sequence < SEQUENCES; sequence++) {
      const key = keyOf(source, pgn, sequence);
      const session = this.#sessions.get(key);
      if (session !== undefined && session.length !== 0) this.#drop(key, 'incomplete');
    }
  }

  #dropFirst(): void {
    for (const key of this.#sessions.keys()) {
      this.#drop(key, 'crowded');
      return;
    }
  }

  #drop(key: number, why: keyof FastPacketFaults): void {
    if (this.#sessions.delete(key)) this.faults[why]++;
  }
}

/**
 * The frames of a message.
 *
 * @param sequence counts the messages of one PGN; its low three bits are sent
 * @returns no frames when the message is empty or too long
 */
export function splitFastPacket(message: Uint8Array, sequence: number): Uint8Array[] {
  if (message.length === 0 || message.length > MESSAGE_OCTETS) return [];
  const head = (sequence % SEQUENCES) << 5;
  const frames: Uint8Array[] = [];
  for (let at = 0; at < message.length; ) {
    const frame = new Uint8Array(FRAME_OCTETS).fill(0xff);
    frame[0] = head | frames.length;
    const isFirst = frames.length === 0;
    if (isFirst) frame[1] = message.length;
    const octets = isFirst ? FIRST_DATA : OTHER_DATA;
    frame.set(message.subarray(at, at + octets), FRAME_OCTETS - octets);
    frames.push(frame);
    at += octets;
  }
  return frames;
}

function keyOf(source: number, pgn: number, sequence: number): number {
  return (pgn * 0x100 + source) * SEQUENCES + sequence;
}

/** A bit for every frame of a message of so many octets. */
function maskOf(length: number): number {
  const frames = 1 + Math.ceil(Math.max(0, length - FIRST_DATA) / OTHER_DATA);
  return frames >= FRAME_LIMIT ? -1 : ~(-1 << frames);
}

function sameAt(bytes: Uint8Array, at: number, data: Uint8Array): boolean {
  return data.every((octet, i) => bytes[at + i] === octet);
}
