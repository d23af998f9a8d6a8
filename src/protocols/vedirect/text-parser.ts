/**
 * The stream of a VE.Direct line: TEXT blocks with HEX frames anywhere between and inside them (fact sheet vedirect,
 * section 2). Takes chunks of any size; memory is bounded by the limits below; never throws by itself.
 */
import { decodeFrame, type HexFault, type HexFrame } from './hex-frame.ts';

/** A block whose checksum is right: label → value as on the wire, in the order of arrival. */
export type TextBlock = ReadonlyMap<string, string>;

export type TextFault =
  /** The sum of a block was not 0. Also what a block gives whose head was missed. */
  | 'textChecksum'
  /** A label broken off by a new line, or a block whose end never came. */
  | 'textUnfinished'
  | 'labelTooLong'
  | 'valueTooLong'
  /** An octet that cannot stand in a label or a value. */
  | 'badCharacter'
  | 'tooManyFields';

export type StreamFault = TextFault | HexFault;
export type FaultCounts = Record<StreamFault, number>;

/** What the stream gives. Called while `push` runs. */
export interface StreamSink {
  block(fields: TextBlock): void;
  frame(frame: HexFrame): void;
}

export const LABEL_CHARS = 8;
export const VALUE_CHARS = 32;
/** The longest block seen has 31 fields (a BMV that sends all in one). */
export const BLOCK_FIELDS = 64;
/** Characters of a HEX frame between `:` and LF: command, 256 octets, checksum. The longest register holds 65 octets. */
export const FRAME_CHARS = 1 + 2 * 256 + 2;

const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const COLON = 0x3a;
const CHECKSUM = 'Checksum';

type State = 'idle' | 'lineFeed' | 'label' | 'value' | 'checksum';

/** Splits a VE.Direct line into TEXT blocks and HEX frames. */
export class VeDirectStream {
  readonly faults: FaultCounts = {
    textChecksum: 0,
    textUnfinished: 0,
    labelTooLong: 0,
    valueTooLong: 0,
    badCharacter: 0,
    tooManyFields: 0,
    hexChecksum: 0,
    hexInvalidCharacter: 0,
    hexUnfinished: 0,
    hexTooLong: 0,
  };
  readonly #sink: StreamSink;

  #state: State = 'idle';
  /** Sum of the block's octets modulo 256, HEX frames left out. */
  #sum = 0;
  /** The same from the CR of the field that is being read. */
  #fieldSum = 0;
  #fields = new Map<string, string>();
  #firstLabel = '';
  #label = '';
  #text = '';

  /** While a HEX frame is read the TEXT state above stands still. */
  #inFrame = false;
  #frameBad = false;
  #frameLength = 0;
  readonly #frame = new Uint8Array(FRAME_CHARS);

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  /** Takes the next octets of the line, however they were cut. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#inFrame) this.#frameOctet(byte);
      else this.#textOctet(byte);
    }
  }

  /** Drops what is unfinished: the line was silent for longer than any pause inside a block, or was opened anew. */
  reset(): void {
    if (this.#inFrame) this.faults.hexUnfinished++;
    this.#inFrame = false;
    if (this.#state !== 'idle') this.faults.textUnfinished++;
    this.#state = 'idle';
    this.#fields = new Map();
  }

  #textOctet(byte: number): void {
    if (byte === COLON && !this.#isChecksum(byte)) {
      this.#beginFrame();
      return;
    }
    this.#sum = (this.#sum + byte) & 0xff;
    this.#fieldSum = (this.#fieldSum + byte) & 0xff;
    switch (this.#state) {
      case 'idle':
        if (byte === CR) this.#beginBlock();
        return;
      case 'lineFeed':
        if (byte === LF) {
          this.#state = 'label';
          this.#text = '';
        } else if (byte === CR) {
          if (this.#fields.size > 0) this.faults.textUnfinished++;
          this.#beginBlock();
        } else this.#drop('badCharacter');
        return;
      case 'label':
        this.#labelOctet(byte);
        return;
      case 'value':
        this.#valueOctet(byte);
        return;
      case 'checksum':
        this.#endBlock();
    }
  }

  /**
   * The checksum octet may be any octet, also a colon. A colon that does not make the sum right is taken for a HEX
   * frame that slipped in between `Checksum` TAB and its octet.
   */
  #isChecksum(byte: number): boolean {
    return this.#state === 'checksum' && ((this.#sum + byte) & 0xff) === 0;
  }

  #labelOctet(byte: number): void {
    if (byte === TAB && this.#text !== '') {
      this.#label = this.#text;
      this.#text = '';
      if (this.#label === CHECKSUM) this.#state = 'checksum';
      else {
        this.#state = 'value';
        if (this.#label === this.#firstLabel && this.#fields.size > 0) this.#restartAtField();
      }
    } else if (byte === CR) {
      this.faults.textUnfinished++;
      this.#beginBlock();
    } else if (byte <= 0x20 || byte > 0x7e) this.#drop('badCharacter');
    else if (this.#text.length >= LABEL_CHARS) this.#drop('labelTooLong');
    else this.#text += String.fromCharCode(byte);
  }

  #valueOctet(byte: number): void {
    if (byte === CR) this.#endField();
    else if (byte < 0x20 || byte > 0x7e) this.#drop('badCharacter');
    else if (this.#text.length >= VALUE_CHARS) this.#drop('valueTooLong');
    else this.#text += String.fromCharCode(byte);
  }

  #endField(): void {
    if (this.#fields.size === 0) this.#firstLabel = this.#label;
    if (this.#fields.size >= BLOCK_FIELDS && !this.#fields.has(this.#label)) {
      this.faults.tooManyFields++;
      this.#beginBlock();
      return;
    }
    this.#fields.set(this.#label, this.#text);
    this.#state = 'lineFeed';
    this.#fieldSum = CR;
  }

  #endBlock(): void {
    const fields = this.#fields;
    const good = this.#sum === 0;
    this.#state = 'idle';
    this.#fields = new Map();
    if (good) this.#sink.block(fields);
    else this.faults.textChecksum++;
  }

  /** At the CR in front of the first label. */
  #beginBlock(): void {
    this.#state = 'lineFeed';
    this.#sum = CR;
    this.#fieldSum = CR;
    this.#fields = new Map();
  }

  /**
   * The first label comes again: the device broke its block off (it does so when it is spoken to in HEX) and has begun
   * a new one with this field.
   */
  #restartAtField(): void {
    this.faults.textUnfinished++;
    this.#sum = this.#fieldSum;
    this.#fields = new Map();
  }

  #drop(fault: TextFault): void {
    this.faults[fault]++;
    this.#state = 'idle';
    this.#fields = new Map();
  }

  #beginFrame(): void {
    this.#inFrame = true;
    this.#frameBad = false;
    this.#frameLength = 0;
  }

  #frameOctet(byte: number): void {
    if (byte === LF) this.#endFrame();
    else if (byte === COLON) {
      if (!this.#frameBad) this.faults.hexUnfinished++;
      this.#beginFrame();
    } else if (byte === CR) this.#breakFrame();
    else if (this.#frameBad) return;
    else if (!isHexDigit(byte)) this.#spoilFrame('hexInvalidCharacter');
    else if (this.#frameLength >= FRAME_CHARS) this.#spoilFrame('hexTooLong');
    else this.#frame[this.#frameLength++] = byte;
  }

  #endFrame(): void {
    this.#inFrame = false;
    if (this.#frameBad) return;
    const frame = decodeFrame(this.#frame.subarray(0, this.#frameLength));
    if (typeof frame === 'string') this.faults[frame]++;
    else this.#sink.frame(frame);
  }

  /** A CR belongs to TEXT: the frame has lost its end. */
  #breakFrame(): void {
    this.#inFrame = false;
    if (!this.#frameBad) this.faults.hexUnfinished++;
    if (this.#state === 'checksum') {
      // The colon was a wrong checksum after all, and this is the next block.
      this.faults.textChecksum++;
      this.#beginBlock();
    } else this.#textOctet(CR);
  }

  /** Counts, and skips to the end of the line. */
  #spoilFrame(fault: HexFault): void {
    this.faults[fault]++;
    this.#frameBad = true;
  }
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}
