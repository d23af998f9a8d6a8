import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { crc32 } from '../../../../src/actors/settings/crc32.ts';
import {
  decodeJournal,
  encodeCommit,
  encodeHeader,
  identityOf,
  type JournalRecord,
  replay,
} from '../../../../src/actors/settings/journal.ts';
import { SettingsTree } from '../../../../src/actors/settings/settings-tree.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';

const HEADER = { extends: { length: 10, crc: 0xfedcba98 }, previous: { length: 8, crc: 7 } };

function record(path: string, value: number | string): JournalRecord {
  const type = typeof value === 'string' ? 's' : Number.isInteger(value) ? 'i' : 'f';
  return { path, setting: { path, type, value, default: value, min: null, max: null, silent: false } };
}

const COMMITS: JournalRecord[][] = [
  [record('/Settings/a', 1), record('/Settings/g/b', 'zuß "<&>" 😀\n')],
  [record('/Settings/c', 1e-9), { path: '/Settings/a', setting: undefined }],
  [record('/Settings/d', -(2 ** 40))],
];

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap(part => [...part]));
}

const WHOLE = join(encodeHeader(HEADER), ...COMMITS.map(encodeCommit));

t.test('CRC-32 check value', async t => {
  t.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
  t.same(identityOf(new Uint8Array()), { length: 0, crc: 0 });
});

t.test('there and back', async t => {
  t.same(decodeJournal(WHOLE), { header: HEADER, commits: COMMITS, torn: false });
  const tree = new SettingsTree();
  const journal = decodeJournal(WHOLE);
  if (journal === null) throw new Error('no journal');
  replay(journal, tree);
  replay(journal, tree);
  t.same([...tree.settings()].map(one => one.path).sort(), ['/Settings/c', '/Settings/d', '/Settings/g/b']);
  t.equal(decodeJournal(encodeHeader({ ...HEADER, previous: null }))?.header.previous, null);
});

t.test('cut at every byte: the whole commits before count, nothing else', async t => {
  const ends = [encodeHeader(HEADER).length];
  for (const commit of COMMITS) ends.push((ends.at(-1) ?? 0) + encodeCommit(commit).length);
  const wrong: string[] = [];
  for (let length = 0; length < WHOLE.length; length++) {
    const whole = ends.filter(end => end <= length).length - 1;
    const wanted = whole < 0 ? undefined : COMMITS.slice(0, whole);
    for (const tail of [new Uint8Array(), new Uint8Array(64), new Uint8Array(64).fill(0xff)]) {
      const journal = decodeJournal(join(WHOLE.slice(0, length), tail));
      const isWhole = tail.length === 0 && ends.includes(length);
      const same = isDeepStrictEqual(journal?.commits, wanted) && (journal === null || journal.torn === !isWhole);
      if (!same) wrong.push(`${length} bytes, then ${tail.length} of ${tail[0]}`);
    }
  }
  t.same(wrong, []);
});

t.test('a flipped bit ends the journal there', async t => {
  const wrong: number[] = [];
  for (let at = encodeHeader(HEADER).length; at < WHOLE.length; at++) {
    const bytes = WHOLE.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    const journal = decodeJournal(bytes);
    if (journal === null || journal.commits.length === COMMITS.length || !journal.torn) wrong.push(at);
  }
  t.same(wrong, []);
});

t.test('garbage never throws', async t => {
  const random = seededRandom(7);
  for (let round = 0; round < 3000; round++) {
    const bytes = WHOLE.slice();
    for (let n = 0; n < 3; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    decodeJournal(bytes.subarray(0, Math.floor(random() * bytes.length)));
  }
  t.equal(decodeJournal(new Uint8Array(1000)), null);
});

t.test('frames with a right sum and a wrong content end it too', async t => {
  const frames: unknown[] = [
    [['/Settings/x', 'i', 'text', 1, null, null, 0]],
    [['no path', 'i', 1, 1, null, null, 0]],
    [['/Settings/x', 'i', {}, 1, null, null, 0]],
    [['/Settings/x', 'i', 1, 1, '0', null, 0]],
    [5],
    { a: 1 },
  ];
  for (const content of frames) {
    const payload = new TextEncoder().encode(JSON.stringify(content));
    const bytes = new Uint8Array(8 + payload.length);
    new DataView(bytes.buffer).setUint32(0, payload.length, true);
    new DataView(bytes.buffer).setUint32(4, crc32(payload), true);
    bytes.set(payload, 8);
    const journal = decodeJournal(join(encodeHeader(HEADER), bytes, encodeCommit(COMMITS[0] ?? [])));
    t.same(journal?.commits, [], JSON.stringify(content));
    t.equal(decodeJournal(bytes), null, 'nor is it a header');
  }
});
