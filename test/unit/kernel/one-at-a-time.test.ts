import t from 'tap';
import { oneAtATime } from '../../../src/kernel/one-at-a-time.ts';

t.test('asked for while it runs, it runs once more; never twice at once', async t => {
  const abort = new AbortController();
  let begun = 0;
  let release: () => void = () => {};
  const run = oneAtATime(async () => {
    begun++;
    await new Promise<void>(resolve => {
      release = resolve;
    });
  }, abort.signal);
  const first = run();
  await run();
  await run();
  t.equal(begun, 1);
  release();
  await new Promise(setImmediate);
  t.equal(begun, 2, 'once for both');
  release();
  await first;
  const second = run();
  t.equal(begun, 3);
  await run();
  abort.abort();
  release();
  await second;
  t.equal(begun, 3, 'nobody is left to be served');
});

t.test('what fails, fails whoever began it, and it can be run again', async t => {
  let fails = true;
  const run = oneAtATime(async () => {
    if (fails) throw new Error('no');
  }, new AbortController().signal);
  await t.rejects(run(), { message: 'no' });
  fails = false;
  await t.resolves(run());
});
