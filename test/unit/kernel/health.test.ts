import t from 'tap';
import { CRASHES_TO_SAFE_MODE, HEALTHY_MS, watchCrashes } from '../../../src/kernel/crash-count.ts';
import { watchHealth } from '../../../src/kernel/health.ts';
import { LogBook } from '../../../src/kernel/log.ts';
import type { ActorState, ActorStatus } from '../../../src/kernel/supervisor.ts';
import { testClock } from '../../support/clock.ts';

function actor(name: string, critical: boolean, state: ActorState): ActorStatus {
  return { name, critical, state, restarts: 0, lastError: null };
}

t.test('ready once; alive only while the critical actors run', async t => {
  const clock = testClock();
  let settings: ActorState = 'starting';
  let scanner: ActorState = 'running';
  const seen = { ready: 0, alive: 0, stopping: 0 };
  const watch = watchHealth(
    clock,
    () => [actor('settings', true, settings), actor('scanner', false, scanner)],
    [{ ready: () => seen.ready++, alive: () => seen.alive++, stopping: () => seen.stopping++ }],
    { feedMs: 1_000 },
  );
  await clock.advance(2_000);
  t.same(seen, { ready: 0, alive: 0, stopping: 0 }, 'not before it is up');
  settings = 'running';
  await clock.advance(2_000);
  t.same(seen, { ready: 1, alive: 2, stopping: 0 });
  scanner = 'degraded';
  await clock.advance(1_000);
  t.equal(seen.alive, 3, 'one that is not critical does not count');
  settings = 'waiting';
  await clock.advance(2_000);
  t.equal(seen.alive, 5, 'a restart is tolerated');
  await clock.advance(10_000);
  t.equal(seen.alive, 5, 'but not for long');
  settings = 'running';
  await clock.advance(1_000);
  settings = 'degraded';
  const before = seen.alive;
  await clock.advance(5_000);
  t.equal(seen.alive, before, 'a degraded one starves the watchdog at once');
  watch.cancel();
  t.equal(seen.stopping, 1);
  t.equal(clock.pending, 0);
});

t.test('ready as soon as all is up, however seldom the watchdog is fed', async t => {
  const clock = testClock();
  let settings: ActorState = 'starting';
  const seen: string[] = [];
  const watch = watchHealth(
    clock,
    () => [actor('settings', true, settings)],
    [{ ready: () => seen.push('ready'), alive: () => seen.push('alive'), stopping: () => seen.push('stopping') }],
    { feedMs: 30_000 },
  );
  await clock.advance(3_500);
  settings = 'running';
  await clock.advance(1_000);
  t.same(seen, ['ready', 'alive']);
  await clock.advance(29_000);
  t.same(seen, ['ready', 'alive'], 'then at its own pace');
  await clock.advance(1_000);
  t.same(seen, ['ready', 'alive', 'alive']);
  watch.cancel();
  t.equal(clock.pending, 0);
});

t.test('crashes in a row lead to safe mode, five good minutes out of it', async t => {
  const clock = testClock();
  let kept = 0;
  const store = {
    read: async () => kept,
    write: async (count: number) => {
      kept = count;
    },
  };
  const start = () => watchCrashes(testClock(), store, () => {});
  for (let i = 0; i < CRASHES_TO_SAFE_MODE; i++) t.equal((await start()).safeMode, false);
  t.equal((await start()).safeMode, true);
  await watchCrashes(clock, store, () => {});
  await clock.advance(HEALTHY_MS);
  t.equal(kept, 0);
  const asked = await start();
  await asked.ended();
  t.equal(kept, 0, 'an end that was asked for is no crash');
});

t.test('the log: levels by actor, a ring of lines, a limit of lines a second', async t => {
  const clock = testClock();
  const lines: string[] = [];
  const logs = new LogBook(clock, line => lines.push(`${line.actor} ${line.level} ${line.message}`));
  const log = logs.for('system');
  log.debug('quiet');
  logs.setLevel('debug', 'system');
  log.debug('loud', { port: 'tty USB', n: 3, none: undefined });
  logs.for('settings').debug('quiet');
  t.same(lines.splice(0), ['system debug loud port="tty USB" n=3']);
  for (let i = 0; i < 500; i++) log.info(`line ${i}`);
  t.ok(lines.length <= 100);
  const dropped = 500 - lines.length;
  await clock.advance(2_000);
  log.info('after');
  t.match(lines.at(-1), `[${dropped} lines dropped before]`);
  t.match(logs.recent().at(-1)?.message, /after/);
});
