import t from 'tap';
import {
  COMMAND,
  decodeFrame,
  encodeFrame,
  encodeGet,
  encodeRegisterAnswer,
  encodeSet,
  FLAG,
  type HexAnswer,
  parseAnswer,
  parseRequest,
} from '../../../../src/protocols/vedirect/hex-frame.ts';
import {
  decodeNumber,
  decodeRaw,
  decodeText,
  encodeNumber,
  encodeText,
  type NumberType,
  notAvailable,
  octetsOf,
} from '../../../../src/protocols/vedirect/hex-values.ts';
import { jsonFixture } from '../../../support/fixture.ts';
import { octets, receive } from './support.ts';

interface HexVectors {
  readonly vectors: readonly { readonly req: string; readonly resp: string; readonly note: string }[];
}

const { vectors } = jsonFixture<HexVectors>('vedirect/hex-vectors.json');

/** The answer in a line of text. */
function answer(line: string): HexAnswer | undefined {
  const [frame] = receive(`${line}\n`).frames;
  return frame === undefined ? undefined : parseAnswer(frame);
}

/** The one number that a note says: `GetInt(0xEDF2) = -1620`. */
function noted(note: string): { kind: string; value: string } | undefined {
  const match = /^Get(Uint|Int|String)\(0x[0-9A-F]+\) = (.*)$/i.exec(note);
  return match === null ? undefined : { kind: match[1] ?? '', value: match[2] ?? '' };
}

t.test('every recorded request and answer', async t => {
  let values = 0;
  for (const { req, resp, note } of vectors) {
    for (const line of [req, resp]) {
      const frame = decodeFrame(octets(line.slice(1)));
      if (typeof frame === 'string') {
        t.fail(`${line}: ${frame}`);
        continue;
      }
      t.equal(new TextDecoder().decode(encodeFrame(frame.command, frame.payload)), `${line}\n`);
    }
    const said = noted(note);
    const got = answer(resp);
    if (said === undefined || got?.kind !== 'get') continue;
    const request = parseRequest(receive(`${req}\n`).frames[0] ?? { command: 0, payload: new Uint8Array() });
    t.equal(got.register, request.register, note);
    t.equal(got.flags, 0);
    const value =
      said.kind === 'String' ? decodeText(got.value) : decodeRaw(said.kind === 'Int' ? 's32' : 'u32', got.value);
    t.equal(String(value), said.value, note);
    values++;
  }
  t.equal(vectors.length, 133);
  t.equal(values, 126);
});

t.test('the frames of the fact sheet', async t => {
  t.equal(new TextDecoder().decode(encodeFrame(COMMAND.ping)), ':154\n');
  t.equal(new TextDecoder().decode(encodeFrame(COMMAND.productId)), ':451\n');
  t.equal(new TextDecoder().decode(encodeGet(0xedf0)), ':7F0ED0071\n');
  t.equal(new TextDecoder().decode(encodeSet(0xedf0, Uint8Array.of(0x96, 0))), ':8F0ED009600DA\n');
  t.same(answer(':51641F9'), { kind: 'ping', version: 0x4116 });
  t.same(answer(':156A05E'), { kind: 'done', word: 0xa056 });
  t.same(answer(':77777015F'), {
    kind: 'get',
    register: 0x7777,
    flags: FLAG.unknownId,
    value: new Uint8Array(),
  });
  t.same(answer(':4AAAAFD'), { kind: 'error', code: 0xaaaa }, 'our checksum was wrong');
  t.same(answer(':30250'), { kind: 'unknownCommand', command: 2 });
  t.same(answer(':154'), { kind: 'done', word: null });
  t.equal(answer(':253'), undefined, 'no answer of a device');
  t.equal(answer(':7D0ED91'), undefined, 'a register answer without flags');
  t.same(answer(':7f0ed009600db'), answer(':7F0ED009600DB'), 'either case');
  const [async] = receive(encodeRegisterAnswer('async', 0x0201, 0, Uint8Array.of(3))).frames;
  t.same(async && parseAnswer(async), { kind: 'async', register: 0x0201, flags: 0, value: Uint8Array.of(3) });
  t.equal(decodeFrame(octets('7F0ZD0071')), 'hexInvalidCharacter');
});

t.test('numbers of every type', async t => {
  const cases: [NumberType, number, number[]][] = [
    ['u8', 0xfe, [0xfe]],
    ['s8', -128, [0x80]],
    ['u16', 0x1234, [0x34, 0x12]],
    ['s16', -1620, [0xac, 0xf9]],
    ['u24', 0x0208ff, [0xff, 0x08, 0x02]],
    ['u32', 0xfffffffe, [0xfe, 0xff, 0xff, 0xff]],
    ['s32', -150, [0x6a, 0xff, 0xff, 0xff]],
    ['s32', -(2 ** 31), [0, 0, 0, 0x80]],
  ];
  for (const [type, value, bytes] of cases) {
    t.same(encodeNumber(type, value), Uint8Array.from(bytes), `${type} ${value}`);
    t.equal(decodeNumber(type, Uint8Array.from(bytes)), value);
    const none = encodeNumber(type, null);
    t.equal(none?.length, octetsOf(type));
    t.equal(decodeNumber(type, none ?? new Uint8Array()), null, `${type} not available`);
    t.equal(decodeRaw(type, none ?? new Uint8Array()), notAvailable(type));
    t.equal(encodeNumber(type, 2 ** 33), undefined);
    t.equal(encodeNumber(type, 0.5), undefined);
    t.equal(encodeNumber(type, Number.NaN), undefined);
  }
  t.equal(encodeNumber('u8', -1), undefined);
  t.equal(encodeNumber('s8', 128), undefined);
  t.equal(decodeNumber('u16', Uint8Array.of(0xff, 0xff, 0, 0)), 0xffff, 'the width is that of the frame');
  t.equal(decodeNumber('u16', Uint8Array.of(0xff, 0xff, 0xff, 0xff)), null);
  t.equal(decodeNumber('u16', new Uint8Array()), undefined);
  t.equal(decodeNumber('u16', new Uint8Array(5)), undefined);
});

t.test('texts', async t => {
  t.equal(decodeText(octets('HQ2117NTVX4\0\0\0')), 'HQ2117NTVX4');
  t.equal(decodeText(octets('HQ\xff\xff')), 'HQ');
  t.equal(decodeText(octets('')), '');
  t.same(encodeText('Dach'), octets('Dach\0'));
  t.equal(decodeText(encodeText('Süd') ?? new Uint8Array()), 'Süd');
  t.equal(encodeText('x'.repeat(64)), undefined);
  t.equal(encodeText('x\0y'), undefined);
});
