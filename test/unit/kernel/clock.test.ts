import t from 'tap';
import { watchWallJumps } from '../../../src/kernel/clock.ts';
import { testClock } from '../../support/clock.ts';

t.test('timers run in the order of their times, ties in the order they were set', async t => {
  const clock = testClock();
  const ran: string[] = [];
  clock.after(30, () => ran.push('c'));
  clock.after(10, () => ran.push('a'));
  clock.after(10, () => ran.push('b'));
  const cancelled = clock.after(20, () => ran.push('never'));
  cancelled.cancel();
  cancelled.cancel();
  await clock.advance(29);
  t.same(ran, ['a', 'b']);
  await clock.advance(1);
  t.same(ran, ['a', 'b', 'c']);
  t.equal(clock.pending, 0);
});

t.test('what is put off to the end of the tick comes before any later timer', async t => {
  const clock = testClock();
  const ran: string[] = [];
  clock.after(0, () => ran.push('timer'));
  clock.soon(() => {
    ran.push('soon');
    clock.soon(() => ran.push('soon again'));
  });
  await clock.advance(1);
  t.same(ran, ['soon', 'soon again', 'timer']);
});

t.test('the end of a tick is asked for again and again', async t => {
  const clock = testClock();
  let runs = 0;
  const end = clock.tickEnd(() => void runs++);
  await clock.settle();
  t.equal(runs, 0, 'not asked for');
  end.ask();
  end.ask();
  t.equal(runs, 0, 'not before the end');
  await clock.settle();
  t.equal(runs, 1, 'once however often it was asked for');
  end.ask();
  await clock.settle();
  t.equal(runs, 2);
  end.ask();
  t.ok(end.isAsked);
  end.release();
  t.notOk(end.isAsked);
  await clock.settle();
  t.equal(runs, 2, 'not when it was released');
});

t.test('a repeated timer keeps its beat and can end itself', async t => {
  const clock = testClock();
  const at: number[] = [];
  const timer = clock.every(100, () => {
    at.push(clock.monotonic());
    if (at.length === 3) timer.cancel();
  });
  await clock.advance(1_000);
  t.same(at, [100, 200, 300]);
});

t.test('a wall clock that is set is heard of; timers do not notice', async t => {
  const clock = testClock();
  const jumps: number[] = [];
  let beats = 0;
  watchWallJumps(clock, by => jumps.push(by));
  clock.every(1_000, () => beats++);
  await clock.advance(3_000);
  clock.jumpWall(3_600_000);
  await clock.advance(2_000);
  clock.jumpWall(-7_200_000);
  await clock.advance(2_000);
  clock.jumpWall(200);
  await clock.advance(2_000);
  t.same(jumps, [3_600_000, -7_200_000], 'a small correction is no jump');
  t.equal(beats, 9);
});
