/** Messages in several frames: put together, and what becomes of frames that are lost, late, doubled or lies. */
import t from 'tap';
import {
  EARLY_MS,
  FastPacketAssembler,
  FRAME_GAP_MS,
  SESSION_LIMIT,
  splitFastPacket,
} from '../../../../src/protocols/nmea2000/fast-packet.ts';
import { splitTransport, TransportAssembler } from '../../../../src/protocols/nmea2000/iso-transport.ts';

const PGN = 127_489;
const NONE = { incomplete: 0, contradiction: 0, frame: 0, crowded: 0 };

function message(octets: number, from = 0): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, i) => (from + i) & 0xff);
}

/** Pushes frames a millisecond apart. @returns the messages that came out */
function feed(assembler: FastPacketAssembler, frames: readonly Uint8Array[], at = 0, source = 1): Uint8Array[] {
  return frames.flatMap((frame, i) => assembler.push(source, PGN, frame, at + i) ?? []);
}

t.test('every length comes through', async t => {
  const assembler = new FastPacketAssembler();
  for (let octets = 1; octets <= 223; octets++) {
    const bytes = message(octets, octets);
    t.same(feed(assembler, splitFastPacket(bytes, octets), octets * 100), [bytes], `${octets}`);
  }
  t.same(assembler.faults, NONE);
  t.equal(assembler.pending, 0);
  t.equal(splitFastPacket(message(223), 0).length, 32);
  t.same([splitFastPacket(message(224), 0), splitFastPacket(message(0), 0)], [[], []]);
});

t.test('frames may change places, and be repeated', async t => {
  const bytes = message(30);
  const [a, b, c, d, e] = splitFastPacket(bytes, 3) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const assembler = new FastPacketAssembler();
  t.same(feed(assembler, [a, c, b, e, d]), [bytes]);
  t.same(feed(assembler, [b, a, c, d, e], 1000), [bytes], 'the first one as the second');
  t.same(feed(assembler, [a, a, b, c, c, d, e], 2000), [bytes], 'doubled');
  t.same(assembler.faults, NONE);
  t.same(feed(assembler, [b], 3000), []);
  t.same(feed(assembler, [a, c, d, e], 3000 + EARLY_MS + 1), [], 'too early is of another message');
  t.equal(assembler.faults.incomplete, 1);
});

t.test('a lost frame loses the message, never mixes two', async t => {
  const assembler = new FastPacketAssembler();
  const [first, second] = [splitFastPacket(message(20, 0), 0), splitFastPacket(message(20, 100), 0)];
  t.same(feed(assembler, first.slice(0, 2)), []);
  t.same(feed(assembler, second, 10), [message(20, 100)], 'the next with the same sequence');
  t.equal(assembler.faults.incomplete, 1);
  t.same(feed(assembler, first.slice(0, 2), 20), []);
  t.same(feed(assembler, second.slice(1), 30), [], 'another last frame of it');
  t.equal(assembler.faults.contradiction, 1);
  const later = splitFastPacket(message(20, 50), 1);
  t.same(feed(assembler, first.slice(0, 2), 2000), []);
  t.same(feed(assembler, later, 2010), [message(20, 50)]);
  t.same(feed(assembler, second.slice(2), 2020), [], 'what was begun before is over');
});

t.test('a gap in time ends a message', async t => {
  const assembler = new FastPacketAssembler();
  const frames = splitFastPacket(message(20), 0);
  t.same(feed(assembler, frames.slice(0, 2)), []);
  t.same(feed(assembler, frames.slice(2), 2 + FRAME_GAP_MS), []);
  assembler.expire(10_000);
  t.equal(assembler.pending, 0);
  t.equal(assembler.faults.incomplete, 2);
});

t.test('nodes do not disturb each other; more than so many are not held', async t => {
  const assembler = new FastPacketAssembler();
  const frames = splitFastPacket(message(20), 0);
  for (let source = 0; source < 250; source++) feed(assembler, frames.slice(0, 2), 0, source);
  t.same(feed(assembler, frames.slice(2), 5, 17), [message(20)]);
  for (let sequence = 1; sequence < 4; sequence++)
    for (let source = 0; source < 250; source++)
      feed(assembler, splitFastPacket(message(20), sequence).slice(0, 1), 9, source);
  t.equal(assembler.pending, SESSION_LIMIT);
  t.equal(assembler.faults.crowded, 249 + 750 - SESSION_LIMIT);
});

t.test('frames that lie', async t => {
  const assembler = new FastPacketAssembler();
  const [head, next] = splitFastPacket(message(20), 0) as [Uint8Array, Uint8Array];
  t.equal(assembler.push(1, PGN, head.subarray(0, 7), 0), undefined, 'not full');
  t.equal(assembler.push(1, PGN, new Uint8Array(), 0), undefined);
  t.equal(assembler.push(1, PGN, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), 0), undefined, 'no length');
  t.equal(assembler.push(1, PGN, Uint8Array.of(0, 224, 0, 0, 0, 0, 0, 0), 0), undefined, 'too long');
  assembler.push(1, PGN, head, 0);
  t.equal(assembler.push(1, PGN, Uint8Array.of(31, ...next.subarray(1)), 1), undefined, 'beyond the length');
  t.equal(assembler.faults.frame, 5);
  t.equal(assembler.pending, 0);
});

t.test('announced messages', async t => {
  const assembler = new TransportAssembler();
  const bytes = message(9);
  const push = (frames: ReturnType<typeof splitTransport>, at = 0) =>
    frames.flatMap(({ pgn, data }) => assembler.push(4, pgn, data, at) ?? []);
  t.same(push(splitTransport(65_240, bytes)), [{ pgn: 65_240, bytes }]);
  t.same(push(splitTransport(65_240, message(223))), [{ pgn: 65_240, bytes: message(223) }]);
  const [announcement, first, second] = splitTransport(65_240, bytes);
  if (announcement === undefined || first === undefined || second === undefined) throw new Error('three frames');
  t.same(push([first, second]), [], 'nothing was announced');
  t.same(push([announcement, second, first]), [], 'in the wrong order');
  t.same(push([announcement, first, announcement, first, second]), [{ pgn: 65_240, bytes }], 'announced again');
  t.same([...push([announcement, first]), ...push([second], 800)], [], 'late');
  const lie = Uint8Array.of(32, 0xff, 0xff, 2, 0xff, 0xd8, 0xfe, 0);
  t.same(push([{ pgn: announcement.pgn, data: lie }, first, second]), []);
  t.same(assembler.faults, { incomplete: 2, order: 1, announcement: 1, crowded: 0 });
});
