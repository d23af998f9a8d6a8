/** The VE.Direct line: TEXT blocks and HEX frames in one stream. */

import { decodeText, textField } from '../../src/protocols/vedirect/text-fields.ts';
import { BLOCK_FIELDS, LABEL_CHARS, VALUE_CHARS, VeDirectStream } from '../../src/protocols/vedirect/text-parser.ts';
import { fixture, jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Everything a stream gave, as one text. */
function outcome(chunks: readonly Uint8Array[]): string {
  const seen: unknown[] = [];
  const stream = new VeDirectStream({
    block: fields => {
      if (fields.size > BLOCK_FIELDS) throw new Error(`${fields.size} fields`);
      for (const [label, text] of fields) {
        if (label.length > LABEL_CHARS || text.length > VALUE_CHARS) throw new Error(`${label}: too long`);
        const field = textField(label);
        const value = field === undefined ? null : decodeText(field, text);
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${label} ${text} is ${value}`);
      }
      seen.push([...fields]);
    },
    frame: frame => seen.push([frame.command, ...frame.payload]),
  });
  for (const chunk of chunks) stream.push(chunk);
  return JSON.stringify([seen, stream.faults]);
}

export const target: FuzzTarget = {
  name: 'vedirect-text',
  corpus: () => [
    ...jsonFixture<{ blocks: { hex: string }[] }>('vedirect/text-vectors.json').blocks.map(
      block => new Uint8Array(Buffer.from(block.hex, 'hex')),
    ),
    fixture('vedirect/bmv702.dump').subarray(0, 1000),
    fixture('vedirect/bluesolar_1.23.dump').subarray(8000, 9500),
  ],
  dictionary: () =>
    ['\r\n', '\r\nChecksum\t', '\r\nPID\t0xA053', '\t', ':7D0ED00000091\n', ':', '---', '-1'].map(text =>
      Buffer.from(text),
    ),
  run(bytes) {
    const whole = outcome([bytes]);
    const half = bytes.length >> 1;
    if (outcome([bytes.subarray(0, half), bytes.subarray(half)]) !== whole)
      throw new Error('depends on how it was cut');
  },
};
