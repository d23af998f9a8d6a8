import t from 'tap';
import { type FuzzTarget, fuzz, INPUT_LIMIT, Mutator } from '../../fuzz/fuzz.ts';
import { target as mk2 } from '../../fuzz/mk2.ts';
import { target as nmea0183 } from '../../fuzz/nmea0183.ts';
import { target as vedirectHex } from '../../fuzz/vedirect-hex.ts';
import { target as vedirectText } from '../../fuzz/vedirect-text.ts';

/** A machine on which every look at the clock takes a millisecond. */
function machine() {
  let now = 0;
  const wait = (ms: number): void => {
    now += ms;
  };
  return { now: () => ++now, memory: () => 0, wait };
}

const corpus = () => [Uint8Array.from(Buffer.from('hello')), Uint8Array.from(Buffer.from('world'))];

t.test('the same seed makes the same inputs', async t => {
  const target: FuzzTarget = { name: 'same', corpus, run: () => {} };
  const inputs = (seed: number) => {
    const mutator = new Mutator(target, seed);
    return Array.from({ length: 50 }, () => Buffer.from(mutator.next()).toString('hex'));
  };
  t.same(inputs(5), inputs(5));
  t.not(inputs(5).join(), inputs(6).join());
  const whole = { ...target, corpus: () => [new Uint8Array(INPUT_LIMIT * 2)] };
  const mutator = new Mutator(whole, 1);
  for (let i = 0; i < 50; i++) t.ok(mutator.next().length <= INPUT_LIMIT);
});

t.test('an input that throws, and one that takes too long', async t => {
  const clock = machine();
  const throwing: FuzzTarget = {
    name: 'throwing',
    corpus,
    run: bytes => {
      if (bytes.includes(0x80)) throw new Error('found');
    },
  };
  const thrown = fuzz(throwing, 1, 100, clock);
  t.ok(thrown.failure?.input.includes(0x80));
  t.match(thrown.failure?.reason, /found/);
  const slow: FuzzTarget = { name: 'slow', corpus, run: bytes => clock.wait(bytes.length > 5 ? 2000 : 0) };
  t.match(fuzz(slow, 1, 100, clock).failure?.reason, /took 200\d ms/);
  const good = fuzz({ ...slow, run: () => {} }, 1, 1, clock);
  t.equal(good.failure, undefined);
  t.ok(good.executions > 100);
});

t.test('a short run of every target of the serial devices', async t => {
  for (const target of [mk2, nmea0183, vedirectHex, vedirectText]) {
    const { failure, executions } = fuzz(target, 1, 2, machine());
    t.equal(failure?.reason, undefined, `${target.name}, ${executions} executions`);
  }
});
