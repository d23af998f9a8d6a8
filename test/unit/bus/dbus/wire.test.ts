import t from 'tap';
import type { TypedData } from '../../../../src/bus/bus.ts';
import { encodeMessage, MESSAGE_TYPE, type Message, parseMessage } from '../../../../src/bus/dbus/message.ts';
import { WireReader } from '../../../../src/bus/dbus/wire-reader.ts';
import { parseSignature, WIRE_LIMITS, type WireType } from '../../../../src/bus/dbus/wire-types.ts';
import { WireWriter } from '../../../../src/bus/dbus/wire-writer.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { target } from '../../../fuzz/dbus-wire.ts';

function written(signature: string, values: readonly TypedData[]): Buffer {
  const writer = new WireWriter();
  writer.body(signature, values);
  if (writer.fault !== undefined) throw new Error(writer.fault);
  return writer.taken();
}

function faultOf(signature: string, values: readonly TypedData[]): string | undefined {
  const writer = new WireWriter();
  writer.body(signature, values);
  return writer.fault;
}

function readBack(signature: string, bytes: Buffer): readonly TypedData[] | undefined {
  return new WireReader(bytes, 0, bytes.length, true).body(signature);
}

t.test('every type there and back', async t => {
  const cases: readonly (readonly [string, TypedData])[] = [
    ['y', 255],
    ['b', true],
    ['b', false],
    ['n', -32768],
    ['q', 65535],
    ['i', -2147483648],
    ['u', 4294967295],
    ['x', -(2n ** 63n)],
    ['x', 2n ** 63n - 1n],
    ['x', -5_000_000_000],
    ['t', 2n ** 64n - 1n],
    ['t', Number.MAX_SAFE_INTEGER],
    ['d', 1e300],
    ['d', Number.NaN],
    ['d', Number.NEGATIVE_INFINITY],
    ['s', ''],
    ['s', 'Größe 日本 😀'],
    ['o', '/Dc/0/Voltage'],
    ['g', 'a{sa{sv}}'],
    ['ai', []],
    ['ad', [1.5]],
    ['ay', [0, 1, 255]],
    ['aas', [['a'], [], ['b', 'c']]],
    ['(is)', [1, 'x']],
    [
      'a(yd)',
      [
        [1, 2.5],
        [3, 4.5],
      ],
    ],
    ['a{sv}', new Map()],
    ['a{us}', new Map([['4294967295', 'last']])],
    ['a{xs}', new Map([['-9223372036854775808', 'first']])],
    ['a{sa{sv}}', new Map([['/A', new Map([['Value', { signature: 'v', value: { signature: 'i', value: 1 } }]])]])],
  ];
  for (const [signature, value] of cases)
    t.same(readBack(signature, written(signature, [value])), [value], `${signature} ${String(value)}`);
});

t.test('big-endian messages are read', async t => {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(7, 0);
  bytes.writeUInt16BE(258, 4);
  bytes.writeDoubleBE(12.5, 8);
  bytes.writeBigInt64BE(-3n, 16);
  bytes.writeUInt32BE(2, 24);
  bytes.write('ab\0', 28);
  const reader = new WireReader(bytes, 0, 31, false);
  t.same(reader.body('uqdxs'), [7, 258, 12.5, -3, 'ab']);
});

t.test('what does not fit is a fault, and nothing throws', async t => {
  const bad: readonly (readonly [string, TypedData])[] = [
    ['y', 256],
    ['y', -1],
    ['i', 1.5],
    ['i', Number.NaN],
    ['i', 2 ** 31],
    ['u', -1],
    ['x', 2n ** 63n],
    ['t', -1],
    ['t', Number.POSITIVE_INFINITY],
    ['d', 'x'],
    ['s', 1],
    ['o', 'no/path'],
    ['o', '/a//b'],
    ['g', '('],
    ['v', 5],
    ['ai', 5],
    ['ai', ['x']],
    ['a{sv}', [1]],
    ['(ii)', [1]],
    ['h', 1],
  ];
  for (const [signature, value] of bad) t.type(faultOf(signature, [value]), 'string', `${signature} ${String(value)}`);
  t.type(faultOf('ii', [1]), 'string', 'a value is missing');
  t.type(faultOf('a', [1]), 'string', 'no signature');
});

t.test('a string loses its NULs, a lone surrogate becomes the replacement character', async t => {
  t.same(readBack('s', written('s', ['a\0b\0'])), ['ab']);
  t.same(readBack('s', written('s', ['a\ud800b'])), ['a\ufffdb']);
  t.same(readBack('ss', written('ss', ['ä\0', 'next'])), ['ä', 'next'], 'what follows is not shifted');
});

t.test('signatures', async t => {
  for (const good of ['', 'a{sv}', 'a(ii)', '(a{s(ii)}v)', 'aaaai', 'a{ys}'])
    t.ok(parseSignature(good), `"${good}" is valid`);
  for (const bad of ['a', '(', ')', '()', '{sv}', 'a{vs}', 'a{s}', 'a{sii}', 'z', 'a{(i)s}', 'ii)', 'a{sv'])
    t.equal(parseSignature(bad), undefined, `"${bad}" is not`);
  t.ok(parseSignature(`${'a'.repeat(32)}i`));
  t.equal(parseSignature(`${'a'.repeat(33)}i`), undefined);
  t.equal(parseSignature(`${'('.repeat(33)}i${')'.repeat(33)}`), undefined);
  t.equal(parseSignature('i'.repeat(256)), undefined);
});

t.test('variants in variants end', async t => {
  const depth = WIRE_LIMITS.valueDepth + 10;
  const bytes = Buffer.from([...Array(depth).fill([1, 0x76, 0]).flat(), 1, 0x79, 0, 5]);
  const reader = new WireReader(bytes, 0, bytes.length, true);
  t.equal(reader.body('v'), undefined);
  t.match(reader.fault, /deep/);
  let value: TypedData = { signature: 'y', value: 1 };
  for (let i = 0; i < depth; i++) value = { signature: 'v', value };
  t.match(faultOf('v', [value]), /deep/);
});

t.test('a length that is told is not believed', async t => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(0x03ffffff, 0);
  for (const signature of ['ay', 'ai', 's', 'a{sv}', 'aai']) {
    const reader = new WireReader(bytes, 0, bytes.length, true);
    t.equal(reader.body(signature), undefined, signature);
    t.type(reader.fault, 'string');
  }
  // An element that runs over the end of its array.
  const crooked = Buffer.alloc(16);
  crooked.writeUInt32LE(2, 0);
  t.equal(new WireReader(crooked, 0, 16, true).body('aii'), undefined);
});

t.test('too many values', async t => {
  const bytes = Buffer.alloc(4 + 4 * (WIRE_LIMITS.values + 1));
  bytes.writeUInt32LE(bytes.length - 4, 0);
  const reader = new WireReader(bytes, 0, bytes.length, true);
  t.equal(reader.body('ai'), undefined);
  t.match(reader.fault, /too many/);
});

t.test('random values of random types, there and back', async t => {
  const random = seededRandom(20260302);
  let failures = 0;
  for (let round = 0; round < 3000; round++) {
    const types = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomType(random, 0));
    const signature = types.join('');
    const parsed = parseSignature(signature) ?? [];
    const values = parsed.map(type => randomValue(type, random, 0));
    const back = readBack(signature, written(signature, values));
    if (JSON.stringify(shown(back)) !== JSON.stringify(shown(values))) failures++;
  }
  t.equal(failures, 0);
});

t.test('cut and damaged messages', async t => {
  const random = seededRandom(42);
  let runs = 0;
  for (const whole of target.corpus()) {
    for (let length = 0; length <= whole.length; length++, runs++) target.run(whole.subarray(0, length));
    for (let i = 0; i < 3000; i++, runs++) {
      const damaged = Buffer.from(whole);
      for (let k = 0; k <= i % 4; k++) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      target.run(damaged);
    }
  }
  t.ok(runs > 18_000, `${runs} messages, none threw`);
});

t.test('a header there and back', async t => {
  const header = {
    type: MESSAGE_TYPE.call,
    flags: 2,
    path: '/Dc/0/Voltage',
    interface: 'com.victronenergy.BusItem',
    member: 'SetValue',
    destination: 'com.victronenergy.battery.x',
    signature: 'v',
  };
  const bytes = encodeMessage(header, 9, writer => writer.variant({ signature: 'd', value: 1.5 }));
  if ('fault' in bytes) throw new Error(bytes.fault);
  const message = parseMessage(bytes) as Message; // it has just been checked to be one
  t.match(message, { type: 1, flags: 2, serial: 9, path: '/Dc/0/Voltage', member: 'SetValue', signature: 'v' });
  t.same(message.body?.body('v'), [{ signature: 'd', value: 1.5 }]);
});

t.test('names that would end the connection are not sent', async t => {
  const good = { type: MESSAGE_TYPE.signal, path: '/', interface: 'a.b', member: 'C' };
  t.notOk('fault' in encodeMessage(good, 1));
  for (const bad of [
    { path: '/a b' },
    { path: '/a/' },
    { interface: 'nodots' },
    { interface: 'a..b' },
    { member: '1x' },
    { member: 'a.b' },
  ])
    t.ok('fault' in encodeMessage({ ...good, ...bad }, 1), JSON.stringify(bad));
});

t.test('a message within the writing of another', async t => {
  let inner: unknown;
  const header = { type: MESSAGE_TYPE.signal, path: '/', interface: 'a.b', member: 'C', signature: 's' };
  const outer = encodeMessage(header, 1, writer => {
    inner = encodeMessage(header, 2, nested => nested.string('inner'));
    writer.string('outer');
  });
  t.same((parseMessage(outer as Buffer) as Message).body?.string(), 'outer');
  t.same((parseMessage(inner as Buffer) as Message).body?.string(), 'inner');
});

const BASIC = 'ybnqiuxtdsog';

function randomType(random: () => number, depth: number): string {
  const pick = random();
  if (depth > 3 || pick < 0.6) return BASIC[Math.floor(random() * BASIC.length)] ?? 'i';
  if (pick < 0.7) return 'v';
  if (pick < 0.8) return `a${randomType(random, depth + 1)}`;
  if (pick < 0.9) return `(${randomType(random, depth + 1)}${randomType(random, depth + 1)})`;
  return `a{s${randomType(random, depth + 1)}}`;
}

function randomValue(type: WireType, random: () => number, depth: number): TypedData {
  const below = (n: number): number => Math.floor(random() * n);
  const [first, second] = type.inner;
  switch (type.code) {
    case 'y':
      return below(256);
    case 'b':
      return random() < 0.5;
    case 'n':
      return below(65536) - 32768;
    case 'q':
      return below(65536);
    case 'i':
      return below(2 ** 32) - 2 ** 31;
    case 'u':
      return below(2 ** 32);
    case 'x':
      return random() < 0.5 ? below(1e15) - 5e14 : -(2n ** 62n) - BigInt(below(1000));
    case 't':
      return random() < 0.5 ? below(1e15) : 2n ** 63n + BigInt(below(1000));
    case 'd':
      return (random() - 0.5) * 10 ** below(30);
    case 's':
      return ['', 'a', 'Öl', '😀'.repeat(below(5)), 'x'.repeat(below(300))][below(5)] ?? '';
    case 'o':
      return ['/', '/a', '/Dc/0/V_1'][below(3)] ?? '/';
    case 'g':
      return ['', 'i', 'a{sv}'][below(3)] ?? '';
    case 'v': {
      const signature = randomType(random, depth + 2);
      const inner = parseSignature(signature)?.[0];
      return { signature, value: inner === undefined ? 0 : randomValue(inner, random, depth + 2) };
    }
    case 'a': {
      if (first === undefined) return [];
      if (first.code !== '{') return Array.from({ length: below(4) }, () => randomValue(first, random, depth + 1));
      const [, valueType] = first.inner;
      const entries = Array.from({ length: below(4) }, (_, i): [string, TypedData] => [
        `k${i}`,
        valueType === undefined ? 0 : randomValue(valueType, random, depth + 1),
      ]);
      return new Map(entries);
    }
    default:
      return first && second ? [randomValue(first, random, depth + 1), randomValue(second, random, depth + 1)] : [];
  }
}

/** For comparing: maps and big integers do not stand in JSON. */
function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map) return [...value].map(([key, one]) => [key, shown(one)]);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
  return value;
}
