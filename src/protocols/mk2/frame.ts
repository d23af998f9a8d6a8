/** Frames between a host and an MK2 or MK3 interface: length, data, checksum (fact sheet mk2-vebus, section 1). */

/** Data octets of one frame at most. No frame that is known of has more than 19. */
export const FRAME_DATA_LIMIT = 32;

/** First data octets: interface commands, info frames, raw requests to panels and BMS, panel frames, AC input frames. */
const HEADS: ReadonlySet<number> = new Set([0xff, 0x20, 0x21, 0x40, 0x41]);

const WITH_LEDS = 0x80;
const LED_OCTETS = 2;

/** What the lights of the device show; bits in leds.ts. */
export interface LedOctets {
  readonly on: number;
  readonly blink: number;
}

export interface Mk2Frame {
  /** Without length, checksum and LED octets. */
  readonly data: Uint8Array;
  /** Only when the host asked to have them in each frame. */
  readonly leds?: LedOctets;
}

/** What was wrong on the line, counted since the start. */
export interface Mk2FaultCounts {
  /** Frames whose octets do not add up to 0. */
  checksum: number;
  /** Octets that cannot begin a frame. */
  noise: number;
  /** Frames that stopped before their end. */
  cut: number;
}

/** The frame as it goes on the wire. `data` has 1 to FRAME_DATA_LIMIT octets. */
export function encodeFrame(data: Uint8Array, leds?: LedOctets): Uint8Array {
  const tail = leds === undefined ? [] : [leds.on, leds.blink];
  const length = data.length + tail.length;
  const body = Uint8Array.of(leds === undefined ? length : length | WITH_LEDS, ...data, ...tail);
  const sum = body.reduce((total, octet) => total + octet, 0);
  return Uint8Array.of(...body, -sum & 0xff);
}

/** Takes octets as they come and gives whole frames. Never throws; after a fault it finds the next frame by itself. */
export class Mk2Stream {
  readonly faults: Mk2FaultCounts = { checksum: 0, noise: 0, cut: 0 };
  readonly #frame: (frame: Mk2Frame) => void;
  readonly #buffer = new Uint8Array(FRAME_DATA_LIMIT + 2);
  #length = 0;

  constructor(frame: (frame: Mk2Frame) => void) {
    this.#frame = frame;
  }

  /** Whether a frame has begun and not ended. */
  get pending(): boolean {
    return this.#length > 0;
  }

  push(octets: Uint8Array): void {
    for (const octet of octets) {
      this.#buffer[this.#length++] = octet;
      this.#scan();
    }
  }

  /** Nothing came for so long that a frame which has begun will not be ended. What stands behind its start is looked at. */
  pause(): void {
    if (this.#length === 0) return;
    this.faults.cut++;
    while (this.#length > 0) {
      this.#drop(1);
      this.#scan();
    }
  }

  #scan(): void {
    while (this.#length > 0) {
      const length = this.#dataLength();
      if (length === undefined) {
        this.faults.noise++;
        this.#drop(1);
        continue;
      }
      if (this.#length < length + 2) return;
      let sum = 0;
      for (let i = 0; i < length + 2; i++) sum += this.#buffer[i] ?? 0;
      if ((sum & 0xff) !== 0) {
        this.faults.checksum++;
        this.#drop(1);
        continue;
      }
      const frame = frameOf(this.#buffer.slice(0, length + 1));
      this.#drop(length + 2);
      this.#frame(frame);
    }
  }

  /** The length of the frame that begins here; undefined when none can. */
  #dataLength(): number | undefined {
    const first = this.#buffer[0] ?? 0;
    const length = first & ~WITH_LEDS;
    const least = first & WITH_LEDS ? 1 + LED_OCTETS : 1;
    if (length < least || length > FRAME_DATA_LIMIT) return undefined;
    if (this.#length > 1 && !HEADS.has(this.#buffer[1] ?? 0)) return undefined;
    return length;
  }

  #drop(octets: number): void {
    this.#buffer.copyWithin(0, octets, this.#length);
    this.#length -= octets;
  }
}

/** @param octets length and data */
function frameOf(octets: Uint8Array): Mk2Frame {
  const first = octets[0] ?? 0;
  if ((first & WITH_LEDS) === 0) return { data: octets.subarray(1) };
  const end = octets.length - LED_OCTETS;
  return { data: octets.subarray(1, end), leds: { on: octets[end] ?? 0, blink: octets[end + 1] ?? 0 } };
}
