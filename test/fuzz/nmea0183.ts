/** NMEA 0183 sentences and the fixes in them. */
import { decodeFix } from '../../src/protocols/nmea0183/fix.ts';
import { encodeSentence, SENTENCE_CHARS, SentenceParser } from '../../src/protocols/nmea0183/sentence-parser.ts';
import { jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

function outcome(chunks: readonly Uint8Array[]): string {
  const seen: unknown[] = [];
  const parser = new SentenceParser(sentence => {
    if (sentence.fields.join(',').length > SENTENCE_CHARS) throw new Error('too long');
    const update = decodeFix(sentence);
    const { latitude = 0, longitude = 0, utcTime = 0, speed = 0 } = update ?? {};
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw new Error(`at ${latitude}, ${longitude}`);
    if (!(utcTime >= 0 && utcTime < 86_401_000 && speed >= 0)) throw new Error(`${utcTime} ms, ${speed} m/s`);
    seen.push(sentence.fields, update);
  });
  for (const chunk of chunks) parser.push(chunk);
  return JSON.stringify([seen, parser.faults]);
}

export const target: FuzzTarget = {
  name: 'nmea0183',
  corpus: () =>
    jsonFixture<{ sentence: string }[]>('nmea0183/vectors.json').map(
      ({ sentence }) => new Uint8Array(Buffer.from(`${sentence}\r\n`)),
    ),
  dictionary: () =>
    ['$GPRMC', '$GPGGA', '$GNGNS', ',', '*', '\r\n', '000000.000', '9000.000'].map(text => Buffer.from(text)),
  run(bytes) {
    const whole = outcome([bytes]);
    const half = bytes.length >> 1;
    if (outcome([bytes.subarray(0, half), bytes.subarray(half)]) !== whole)
      throw new Error('depends on how it was cut');
    // A mutation hardly ever has a right checksum: the same text with one.
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/[$*\r\n]/g, '');
    outcome([Buffer.from(encodeSentence(text.slice(0, SENTENCE_CHARS)), 'latin1')]);
  },
};
