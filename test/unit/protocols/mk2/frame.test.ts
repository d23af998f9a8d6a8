import t from 'tap';
import { encodeFrame, FRAME_DATA_LIMIT, type Mk2Frame, Mk2Stream } from '../../../../src/protocols/mk2/frame.ts';
import { FRAMES, octets } from './support.ts';

function read(...chunks: readonly Uint8Array[]) {
  const frames: Mk2Frame[] = [];
  const stream = new Mk2Stream(frame => frames.push(frame));
  for (const chunk of chunks) stream.push(chunk);
  return { frames, stream, faults: stream.faults };
}

t.test('every recorded frame, both ways', t => {
  for (const bytes of FRAMES) {
    const { frames, faults } = read(bytes);
    t.equal(frames.length, 1);
    t.same(frames[0]?.data, bytes.subarray(1, -1));
    t.same(faults, { checksum: 0, noise: 0, cut: 0 });
    t.same(encodeFrame(bytes.subarray(1, -1)), bytes);
  }
  t.end();
});

t.test('all in one stream, however it is cut', t => {
  const all = Uint8Array.from(FRAMES.flatMap(bytes => [...bytes]));
  for (const size of [1, 2, 3, 7, all.length]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size));
    t.equal(read(...chunks).frames.length, FRAMES.length, `in pieces of ${size}`);
  }
  t.end();
});

t.test('lights behind the data, when the interface was asked for them', t => {
  const bytes = encodeFrame(Uint8Array.of(0xff, 0x56, 1, 2, 3, 4, 0), { on: 0x09, blink: 0x40 });
  t.equal(bytes[0], 0x80 | 9);
  const { frames } = read(bytes);
  t.same(frames, [{ data: Uint8Array.of(0xff, 0x56, 1, 2, 3, 4, 0), leds: { on: 0x09, blink: 0x40 } }]);
  t.end();
});

t.test('a wrong checksum is counted and the next frame is found', t => {
  const good = octets('07 FF 56 24 DB 11 00 42 52');
  for (let at = 0; at < good.length; at++) {
    const bad = good.slice();
    bad[at] = (bad[at] ?? 0) ^ 0x10;
    const { stream, frames, faults } = read(bad, good, good, good, good, good);
    stream.pause();
    t.ok(frames.length >= 4, `octet ${at}: ${frames.length}`);
    t.ok(faults.checksum + faults.noise > 0);
    for (const frame of frames) t.same(frame.data, good.subarray(1, -1));
  }
  t.end();
});

t.test('noise, the wake-up octets of a host, and impossible lengths', t => {
  const good = octets('03 FF 46 00 B8');
  const { frames, faults } = read(octets('55 55 55 55 55'), octets('00 00 80 81 FF'), octets('0A 13 13'), good);
  t.equal(frames.length, 1);
  t.ok(faults.noise >= 5);
  t.end();
});

t.test('a frame that stops is given up after a pause, and what stands behind its start is looked at', t => {
  const good = octets('03 FF 46 00 B8');
  const { stream, frames, faults } = read(octets('0F 20 F3 00'), good);
  t.equal(frames.length, 0);
  t.ok(stream.pending);
  stream.pause();
  t.equal(frames.length, 1);
  t.equal(faults.cut, 1);
  t.notOk(stream.pending);
  t.end();
});

t.test('endless octets: bounded, and no frame', t => {
  const { stream, frames } = read(new Uint8Array(100_000).fill(FRAME_DATA_LIMIT));
  t.equal(frames.length, 0);
  stream.push(octets('55'));
  stream.pause();
  stream.push(octets('03 FF 46 00 B8'));
  t.equal(frames.length, 1);
  t.end();
});
