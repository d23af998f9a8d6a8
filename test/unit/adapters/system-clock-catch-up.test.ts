import t from 'tap';
import { SystemClock } from '../../../src/adapters/system-clock.ts';

/** A clock that stands until it is moved. Real time is too short for its timers to fire by themselves. */
function standingClock(): { readonly clock: SystemClock; move(ms: number): void } {
  let now = 1_000;
  return {
    clock: new SystemClock(
      () => now,
      () => now,
    ),
    move: ms => {
      now += ms;
    },
  };
}

t.test('what has become due runs before what comes from outside, in the order of the times', async t => {
  const { clock, move } = standingClock();
  const ran: string[] = [];
  const timers = [
    clock.after(60_000, () => ran.push('b')),
    clock.after(30_000, () => ran.push('a')),
    clock.after(90_000, () => ran.push('later')),
  ];
  clock.catchUp();
  t.same(ran, [], 'nothing is due');
  move(60_000);
  clock.catchUp();
  t.same(ran, ['a', 'b']);
  clock.catchUp();
  t.same(ran, ['a', 'b'], 'once');
  for (const timer of timers) timer.cancel();
});

t.test('a beat keeps its period and stands for those that were missed', async t => {
  const { clock, move } = standingClock();
  const beats: number[] = [];
  const timer = clock.every(60_000, count => {
    beats.push(count);
    if (beats.length === 3) timer.cancel();
  });
  for (const ms of [60_000, 150_000, 29_999, 1, 60_000]) {
    move(ms);
    clock.catchUp();
  }
  t.same(beats, [1, 2, 1]);
});

t.test('a timer that another one cancels does not run', async t => {
  const { clock, move } = standingClock();
  const ran: string[] = [];
  const never = clock.after(60_001, () => ran.push('never'));
  clock.after(60_000, () => never.cancel());
  move(70_000);
  clock.catchUp();
  t.same(ran, []);
});
