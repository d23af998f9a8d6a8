import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { decodeFix, type FixUpdate } from '../../../../src/protocols/nmea0183/fix.ts';
import {
  encodeSentence,
  SENTENCE_CHARS,
  type Sentence,
  SentenceParser,
} from '../../../../src/protocols/nmea0183/sentence-parser.ts';
import { jsonFixture } from '../../../support/fixture.ts';

interface Vector {
  readonly source: string;
  readonly sentence: string;
  readonly checksum_ok: boolean;
  readonly decoded: Readonly<Record<string, number>>;
}

const vectors = jsonFixture<Vector[]>('nmea0183/vectors.json');

function octets(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0));
}

function receive(...chunks: Uint8Array[]) {
  const sentences: Sentence[] = [];
  const parser = new SentenceParser(sentence => sentences.push(sentence));
  for (const chunk of chunks) parser.push(chunk);
  return { sentences, faults: parser.faults };
}

/** The update in the one sentence of `text`; undefined also when the sentence is refused. */
function fixOf(text: string): FixUpdate | undefined {
  const [sentence] = receive(octets(text)).sentences;
  return sentence && decodeFix(sentence);
}

const KEYS = {
  '/UtcTime': 'utcTime',
  '/Position/Latitude': 'latitude',
  '/Position/Longitude': 'longitude',
  '/Speed': 'speed',
  '/Course': 'course',
  '/Altitude': 'altitude',
  '/NrOfSatellites': 'satellites',
} as const;

t.test('every vector', async t => {
  for (const { source, sentence, checksum_ok, decoded } of vectors) {
    const { sentences, faults } = receive(octets(`${sentence}\r\n`));
    t.equal(sentences.length, checksum_ok ? 1 : 0, source);
    t.equal(faults.checksum, checksum_ok ? 0 : 1);
    if (sentences[0] === undefined) continue;
    const update = decodeFix(sentences[0]) ?? {};
    t.equal(update.fix, decoded['/Fix'] === 1);
    for (const [path, key] of Object.entries(KEYS)) {
      const expected = decoded[path];
      const actual = update[key];
      if (expected === undefined) t.equal(actual, undefined, `${source}: ${path}`);
      else t.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-6, `${source}: ${path} ${actual}`);
    }
  }
  t.equal(vectors.length, 8);
});

t.test('the course counts only while we move', async t => {
  const still = fixOf('$GNRMC,112258.00,A,3844.24011,N,00908.43828,W,0.0,12.0,110518,,,A*69\r\n');
  t.equal(still?.speed, 0);
  t.equal(still?.course, null);
  const unknown = fixOf(encodeSentence('GPRMC,112258,A,3844.24011,N,00908.43828,W,,12.0,110518,,,A'));
  t.equal(unknown?.course, null);
  t.equal(unknown?.speed, undefined);
});

t.test('any talker, any case of the type', async t => {
  for (const address of ['GPGGA', 'GNGGA', 'BDGGA', 'gpgga']) {
    t.equal(
      fixOf(encodeSentence(`${address},123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,`))?.altitude,
      545.4,
    );
  }
  const [sentence] = receive(octets(encodeSentence('GPGSV,1,1,00'))).sentences;
  t.same(sentence, { talker: 'GP', type: 'GSV', fields: ['GPGSV', '1', '1', '00'] });
  t.equal(sentence && decodeFix(sentence), undefined, 'says that a receiver lives, no more');
  t.equal(receive(octets(encodeSentence(''))).sentences[0]?.type, '');
});

t.test('what cannot be read counts as empty', async t => {
  const cases: [string, FixUpdate][] = [
    ['GPGGA,,,,,,,,,,,,,,', {}],
    ['GPGGA,256199,4807.038,N,01131.000,E,1,,,,,,,,', { fix: true, latitude: 48.1173, longitude: 11 + 31 / 60 }],
    ['GPGGA,123519,9107.038,N,01131.000,E,1,,,,,,,,', { fix: true, utcTime: 45319000 }],
    ['GPGGA,,4860.000,N,01131.000,E,1,x,,y,,,,,', { fix: true }],
    ['GPGGA,,4807.038,X,01131.000,E,1,,,,,,,,', { fix: true }],
    ['GPGGA,,4807.038,N,18100.000,E,1,,,,,,,,', { fix: true }],
    ['GPGGA,123519.25,,,,,1,12,,-19.5,M', { fix: true, utcTime: 45319250, satellites: 12, altitude: -19.5 }],
    ['GPRMC,,A,,,,,99999999,400', { fix: true, course: null }],
    ['GPRMC', { course: null }],
    ['GNGNS,,,,,,NNA', { fix: true }],
    ['GNGNS,,,,,,NNN,05', { fix: false }],
  ];
  for (const [text, expected] of cases) t.same(fixOf(encodeSentence(text)), expected, text);
});

t.test('framing', async t => {
  const good = encodeSentence('GPRMC,,V,,,,,,,,,,N');
  const cases: Record<string, [string, object]> = {
    'no checksum': ['$GPRMC,,V\r\n', { frame: 1 }],
    'half a checksum': ['$GPRMC,,V*5\r\n', { frame: 1 }],
    'more behind the checksum': ['$GPRMC,,V*533\r\n', { frame: 1 }],
    'a sentence broken off': ['$GPRMC,,', { frame: 1 }],
    'a sentence broken off in its checksum': ['$GPRMC,,V*5', { frame: 1 }],
    'lower case checksum': [
      '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6a\r\n',
      { checksum: 1 },
    ],
    'too long': [`$${'x'.repeat(SENTENCE_CHARS + 1)}*00\r\n`, { tooLong: 1 }],
    'noise in between': ['\xff\x00abc*12\r\n', {}],
  };
  for (const [what, [bytes, faults]] of Object.entries(cases)) {
    const received = receive(octets(good + bytes + good));
    t.equal(received.sentences.length, 2, what);
    t.same(received.faults, { checksum: 0, frame: 0, tooLong: 0, ...faults }, what);
  }
  const longest = encodeSentence('x'.repeat(SENTENCE_CHARS));
  t.equal(receive(octets(longest)).sentences.length, 1);
});

t.test('however the stream is cut', async t => {
  const stream = octets(vectors.map(vector => `${vector.sentence}\r\n`).join('noise'));
  const expected = receive(stream);
  t.same(receive(...Array.from(stream, octet => Uint8Array.of(octet))), expected);
  const random = seededRandom(7);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = Math.floor(random() * 30);
    chunks.push(stream.subarray(at, at + length));
    at += length;
  }
  t.same(receive(...chunks), expected);
});
