import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { encodeFrame, encodeRegisterAnswer } from '../../../../src/protocols/vedirect/hex-frame.ts';
import { FRAME_CHARS, VeDirectStream } from '../../../../src/protocols/vedirect/text-parser.ts';
import { fixture, jsonFixture } from '../../../support/fixture.ts';
import { block, concat, faultsOf, octets, receive } from './support.ts';

interface TextVectors {
  readonly blocks: readonly { readonly src: string; readonly hex: string; readonly fields: Record<string, string> }[];
}

const vectors = jsonFixture<TextVectors>('vedirect/text-vectors.json');
const bmv = fixture('vedirect/bmv702.dump');
const solar = fixture('vedirect/bluesolar_1.23.dump');

const MPPT = { PID: '0xA05F', FW: '139', V: '12810', I: '-10', CS: '0' };
const HISTORY = { H1: '-149322', H2: '-82854', H7: '11733' };

t.test('every recorded block', async t => {
  for (const { src, hex, fields } of vectors.blocks) {
    const received = receive(Uint8Array.from(Buffer.from(hex, 'hex')));
    t.same(received.blocks, [fields], src);
    t.same(Object.keys(received.blocks[0] ?? {}), Object.keys(fields), 'in order');
    t.same(faultsOf(received), {});
  }
  t.equal(vectors.blocks.length, 16);
});

t.test('the blocks of the fact sheet', async t => {
  const text =
    '\r\nPID\t0xA05F\r\nFW\t139\r\nSER#\tHQ18486U2B4\r\nV\t12810\r\nI\t-10\r\nVPV\t10\r\nPPV\t0\r\nCS\t0\r\nMPPT\t0\r\nERR\t0' +
    '\r\nLOAD\tON\r\nIL\t0\r\nH19\t0\r\nH20\t0\r\nH21\t0\r\nH22\t0\r\nH23\t0\r\nHSDS\t0\r\nChecksum\t\xE4' +
    '\r\nPID\t0xA042\r\nFW\t123\r\nSER#\tHQ1411MYIKN\r\nV\t12530\r\nI\t620\r\nVPV\t33580\r\nPPV\t8\r\nCS\t3\r\nERR\t0' +
    '\r\nLOAD\tON\r\nIL\t0\r\nH19\t8272\r\nH20\t0\r\nH21\t11\r\nH22\t25\r\nH23\t119\r\nHSDS\t274\r\nChecksum\t\xB0' +
    '\r\nPID\t0x203\r\nV\t12065\r\nI\t-7625\r\nP\t-92\r\nCE\t-65473\r\nSOC\t839\r\nTTG\t942\r\nAlarm\tOFF\r\nRelay\tOFF' +
    '\r\nAR\t0\r\nBMV\t700\r\nFW\t0308\r\nChecksum\tq' +
    '\r\nH1\t-149322\r\nH2\t-82854\r\nH3\t0\r\nH4\t0\r\nH5\t0\r\nH6\t-5526294\r\nH7\t11733\r\nH8\t16161\r\nH9\t368003' +
    '\r\nH10\t26\r\nH11\t0\r\nH12\t0\r\nH17\t6843\r\nH18\t8527\r\nChecksum\t\xBC';
  const received = receive(text);
  t.same(
    received.blocks.map(fields => fields['PID'] ?? fields['H1']),
    ['0xA05F', '0xA042', '0x203', '-149322'],
  );
  t.same(faultsOf(received), {});
});

t.test('the recorded streams', async t => {
  const battery = receive(bmv);
  t.equal(battery.blocks.length, 906, 'all blocks of the battery monitor; the last is cut');
  t.same(faultsOf(battery), {});
  t.equal(battery.blocks.filter(fields => fields['PID'] === '0x203').length, 453);
  t.equal(battery.blocks.filter(fields => fields['H1'] !== undefined).length, 453);

  const charger = receive(solar);
  t.equal(charger.blocks.length, 248, 'all blocks of the solar charger, seven of them with a HEX frame in front');
  t.equal(charger.frames.length, 7);
  t.same(faultsOf(charger), {});
  t.ok(charger.blocks.every(fields => Object.keys(fields).length === 17));
});

t.test('however the stream is cut', async t => {
  const whole = concat(solar.subarray(8000, 12000), bmv.subarray(0, 1500), octets(':7D0ED00000091\n'), block(MPPT));
  const expected = receive(whole);
  t.ok(expected.frames.length > 1 && expected.blocks.length > 20);
  t.same(receive(...Array.from(whole, octet => Uint8Array.of(octet))), expected, 'octet by octet');
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < whole.length; ) {
      const length = Math.floor(random() * 100);
      chunks.push(whole.subarray(at, at + length));
      at += length;
    }
    t.same(receive(...chunks), expected, `seed ${seed}`);
  }
});

t.test('a HEX frame at any place of a block', async t => {
  const plain = block({ ...MPPT, V: '12' });
  const frame = encodeRegisterAnswer('async', 0xedd5, 0, Uint8Array.of(0xa4, 0x04));
  for (let at = 0; at <= plain.length; at++) {
    const received = receive(plain.subarray(0, at), frame, plain.subarray(at), block(HISTORY));
    t.equal(received.blocks.length, 2, `before octet ${at}`);
    t.equal(received.frames.length, 1);
    t.same(faultsOf(received), {});
  }
});

t.test('a checksum octet of any value', async t => {
  const seen = new Set<number>();
  for (let n = 0; n < 256; n++) {
    // Five letters whose codes add up to n more.
    const letters = [0, 1, 2, 3, 4].map(i => 0x40 + Math.max(0, Math.min(52, n - 52 * i)));
    const bytes = block({ 'SER#': String.fromCharCode(...letters) });
    seen.add(bytes.at(-1) ?? -1);
    const received = receive(bytes, block(MPPT), encodeFrame(1), block(HISTORY));
    if (received.blocks.length !== 3 || received.frames.length !== 1) t.fail(`checksum ${bytes.at(-1)}`);
  }
  t.equal(seen.size, 256);
});

t.test('the recorded mixtures', async t => {
  const answered = receive(concat(block(MPPT), octets(':7D0ED00000091\n')));
  t.same(answered.blocks, [MPPT]);
  t.same(answered.frames, [{ command: 7, payload: Uint8Array.of(0xd0, 0xed, 0, 0, 0) }]);

  const headless = receive('\x00\r\nSER#\tHQ19499RHC5\r\nV\t11880\r\nChecksum\t :56141AE\n', block(MPPT));
  t.same(headless.blocks, [MPPT], 'a block without its head is dropped');
  t.same(headless.frames, [{ command: 5, payload: Uint8Array.of(0x61, 0x41) }]);
  t.same(faultsOf(headless), { textChecksum: 1 });
});

t.test('what is broken costs itself alone', async t => {
  const good = block(MPPT);
  const cases: Record<string, [string | Uint8Array, object]> = {
    'a wrong checksum': [good.map((octet, at) => (at === 8 ? octet ^ 1 : octet)), { textChecksum: 1 }],
    'a label too long': ['\r\nABCDEFGHI\t1', { labelTooLong: 1 }],
    'a value too long': [`\r\nSER#\t${'x'.repeat(33)}`, { valueTooLong: 1 }],
    'an octet that is none of text': ['\r\nV\t12\x80', { badCharacter: 1 }],
    'an empty label': ['\r\n\t12', { badCharacter: 1 }],
    'a TAB in a value': ['\r\nV\t12\t13', { badCharacter: 1 }],
    'a LF alone': ['\r\nV\t12\nI\t13', { badCharacter: 1 }],
    'a label broken off': ['\r\nPID\t0xA053\r\nV', { textUnfinished: 1 }],
    'a block broken off behind a field': ['\r\nPID\t0xA053\r\nV\t12', { textUnfinished: 1 }],
    'a block broken off behind a CR': ['\r\nPID\t0xA053\r\nV\t12\r', { textUnfinished: 1 }],
    'a frame broken off': [':7F0ED', { hexUnfinished: 1 }],
    'a frame with half an octet': [':7F0E\n', { hexUnfinished: 1 }],
    'an empty frame': [':\n', { hexUnfinished: 1 }],
    'a frame upon a frame': [':7F0ED:56141AE\n', { hexUnfinished: 1 }],
    'a frame with a wrong checksum': [':56141AF\n', { hexChecksum: 1 }],
    'a frame with another letter': [':5614xAE\n', { hexInvalidCharacter: 1 }],
    'a frame too long': [`:${'0'.repeat(FRAME_CHARS + 1)}\n`, { hexTooLong: 1 }],
    noise: ['\x00\xff#+*', {}],
  };
  for (const [what, [bytes, faults]] of Object.entries(cases)) {
    const received = receive(good, bytes, good, block(HISTORY));
    t.same(received.blocks, [MPPT, MPPT, HISTORY], what);
    t.same(faultsOf(received), faults, what);
  }
});

t.test('a wrong checksum that is a colon', async t => {
  const bad = octets('\r\nV\t12\r\nChecksum\t:');
  const received = receive(bad, block(MPPT));
  t.same(received.blocks, [MPPT], 'does not swallow the next block');
  t.same(faultsOf(received), { hexUnfinished: 1, textChecksum: 1 });
});

t.test('too many fields', async t => {
  const endless = Array.from({ length: 1000 }, (_, n) => `\r\nX${n}\t${n}`).join('');
  const received = receive(endless, '\r\nChecksum\tx', block(MPPT));
  t.same(received.blocks, [MPPT]);
  t.ok(received.faults.tooManyFields >= 15);
});

t.test('silence in the middle', async t => {
  const blocks: unknown[] = [];
  const stream = new VeDirectStream({ block: fields => blocks.push(fields), frame: () => {} });
  stream.push(octets('\r\nV\t12\r\nI\t:7'));
  stream.reset();
  stream.push(block(MPPT));
  stream.reset();
  t.equal(blocks.length, 1);
  t.equal(stream.faults.textUnfinished, 1);
  t.equal(stream.faults.hexUnfinished, 1);
});

t.test('any damage: no field that was not sent, and in step again', async t => {
  const sources = [bmv.subarray(0, 4000), solar.subarray(0, 4000)];
  const sent = new Set(sources.flatMap(bytes => receive(bytes).blocks.map(fields => JSON.stringify(fields))));
  let survived = 0;
  let wrong = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const source = sources[seed % 2] ?? new Uint8Array();
    let bytes = [...source];
    for (let damage = 0; damage < 3; damage++) {
      const at = Math.floor(random() * bytes.length);
      const length = Math.floor(random() * 300);
      const kind = Math.floor(random() * 4);
      if (kind === 0) bytes[at] = Math.floor(random() * 256);
      else if (kind === 1) bytes.splice(at, length);
      else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + length));
      else
        bytes = [
          ...bytes.slice(0, at),
          ...Array.from({ length }, () => Math.floor(random() * 256)),
          ...bytes.slice(at),
        ];
    }
    const received = receive(Uint8Array.from(bytes), '\r\n', block(MPPT), block(MPPT));
    if (JSON.stringify(received.blocks.at(-1)) !== JSON.stringify(MPPT)) t.fail(`seed ${seed}: not in step again`);
    survived += received.blocks.length;
    wrong += received.blocks.filter(fields => !sent.has(JSON.stringify(fields)) && fields['PID'] !== MPPT.PID).length;
  }
  t.ok(survived > 3000, `${survived} blocks survived`);
  // An 8 bit checksum lets one in 256 broken blocks pass; 600 were broken.
  t.ok(wrong <= 6, `${wrong} wrong blocks passed their checksum`);
});
