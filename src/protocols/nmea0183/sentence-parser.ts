/**
 * The stream of an NMEA 0183 talker: `$` address, fields, `*` checksum, CR LF (fact sheet gps-nmea0183, section 2).
 * Takes chunks of any size; memory is bounded; never throws by itself. A sentence without checksum is never accepted.
 */

export interface Sentence {
  /** Two characters in front of the type, upper case: GP, GN, GL … Empty in an address of fewer than five characters. */
  readonly talker: string;
  /** Type of the sentence, upper case: RMC, GGA … */
  readonly type: string;
  /** All between the commas; the first is the address, so that numbers of fields are those of the fact sheet. */
  readonly fields: readonly string[];
}

export interface SentenceFaults {
  checksum: number;
  /** A `$`, CR or LF inside a sentence, or no two digits and a line end behind `*`. */
  frame: number;
  tooLong: number;
}

/** Characters between `$` and `*`. */
export const SENTENCE_CHARS = 80;

const CR = 0x0d;
const LF = 0x0a;
const DOLLAR = 0x24;
const STAR = 0x2a;

type State = 'idle' | 'text' | 'checksum' | 'end';

export class SentenceParser {
  readonly faults: SentenceFaults = { checksum: 0, frame: 0, tooLong: 0 };
  readonly #sentence: (sentence: Sentence) => void;
  #state: State = 'idle';
  #text = '';
  #sum = 0;
  #digits = '';

  /** `sentence` is called, while `push` runs, for every sentence whose checksum is right. */
  constructor(sentence: (sentence: Sentence) => void) {
    this.#sentence = sentence;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.#octet(byte);
  }

  #octet(byte: number): void {
    if (byte === DOLLAR) {
      if (this.#state !== 'idle') this.faults.frame++;
      this.#begin();
      return;
    }
    const isLineEnd = byte === CR || byte === LF;
    switch (this.#state) {
      case 'idle':
        return;
      case 'text':
        if (isLineEnd) this.#drop('frame');
        else if (byte === STAR) this.#state = 'checksum';
        else if (this.#text.length >= SENTENCE_CHARS) this.#drop('tooLong');
        else {
          this.#text += String.fromCharCode(byte);
          this.#sum ^= byte;
        }
        return;
      case 'checksum':
        if (isLineEnd) {
          this.#drop('frame');
          return;
        }
        this.#digits += String.fromCharCode(byte);
        if (this.#digits.length === 2) this.#state = 'end';
        return;
      case 'end':
        if (isLineEnd) this.#end();
        else this.#drop('frame');
    }
  }

  #begin(): void {
    this.#state = 'text';
    this.#text = '';
    this.#digits = '';
    this.#sum = 0;
  }

  #end(): void {
    this.#state = 'idle';
    // Lower case digits are no checksum: the programs in the field have always refused them.
    if (this.#digits !== this.#sum.toString(16).toUpperCase().padStart(2, '0')) {
      this.faults.checksum++;
      return;
    }
    const fields = this.#text.split(',');
    const address = (fields[0] ?? '').toUpperCase();
    this.#sentence({ talker: address.slice(0, -3).slice(0, 2), type: address.slice(2, 5), fields });
  }

  #drop(fault: keyof SentenceFaults): void {
    this.faults[fault]++;
    this.#state = 'idle';
  }
}

/** @param text from the address to the last field @returns the sentence as it goes on the wire */
export function encodeSentence(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum ^= text.charCodeAt(i) & 0xff;
  return `$${text}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}
