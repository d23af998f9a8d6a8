/** The two kinds of text in NMEA 2000 messages. */

/** What a fixed text is padded with, besides the blanks at its end. */
const PADDING: ReadonlySet<number> = new Set([0x00, 0xff, 0x40]);
/** Behind the length: how the characters stand. */
const UTF16 = 0;
const UTF8 = 1;
/** Of a text that we send, so that three of them find room in a message. */
export const COUNTED_TEXT_OCTETS = 70;

/** @returns null for a text of nothing but padding */
export function decodeFixedText(bytes: Uint8Array): string | null {
  let end = bytes.findIndex(octet => octet === 0x00 || octet === 0xff);
  if (end < 0) end = bytes.length;
  while (end > 0 && PADDING.has(bytes[end - 1] ?? 0)) end--;
  const text = new TextDecoder().decode(bytes.subarray(0, end)).trimEnd();
  return text === '' ? null : text;
}

/** The text in so many octets, padded with 0xFF as most devices do; cut off at a character that does not fit. */
export function encodeFixedText(text: string, octets: number): Uint8Array {
  const bytes = new Uint8Array(octets).fill(0xff);
  new TextEncoder().encodeInto(text, bytes);
  return bytes;
}

export interface CountedText {
  /** Null for one without characters. */
  readonly text: string | null;
  /** Octets of it all. */
  readonly octets: number;
}

/** A text that begins at `at` with its length. @returns undefined when the length is impossible or `bytes` end before */
export function decodeCountedText(bytes: Uint8Array, at: number): CountedText | undefined {
  const octets = bytes[at];
  const form = bytes[at + 1];
  if (octets === undefined || form === undefined || octets < 2 || at + octets > bytes.length) return undefined;
  const characters = bytes.subarray(at + 2, at + octets);
  if (form === UTF8) return { text: decodeFixedText(characters), octets };
  if (form !== UTF16) return undefined;
  const text = new TextDecoder('utf-16le').decode(characters).replace(/[\0\uffff]+$/, '');
  return { text: text === '' ? null : text, octets };
}

/** As UTF-8; cut off at the character with which it would be too long. */
export function encodeCountedText(text: string): Uint8Array {
  const characters = new Uint8Array(COUNTED_TEXT_OCTETS);
  const { written } = new TextEncoder().encodeInto(text, characters);
  return Uint8Array.of(written + 2, UTF8, ...characters.subarray(0, written));
}
