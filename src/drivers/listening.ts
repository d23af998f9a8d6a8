/** What can be told from a line before anything on it is understood. */

/** So many octets are looked at before they are judged. */
const JUDGED_OCTETS = 48;
/** Part of them that may be no text: the checksum octet of VE.Direct, a disturbance. */
const STRANGE_PART = 0.2;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** Tells lines of text from what text looks like at another baud rate. */
export class TextLikeness {
  #octets = 0;
  #strange = 0;

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const isText = (byte >= 0x20 && byte < 0x7f) || byte === CR || byte === LF || byte === TAB;
      if (!isText) this.#strange++;
    }
    this.#octets += bytes.length;
  }

  /** Enough has come to say that this is no text: the rate is wrong, or it is a device of another kind. */
  get isNoText(): boolean {
    return this.#octets >= JUDGED_OCTETS && this.#strange > this.#octets * STRANGE_PART;
  }
}
