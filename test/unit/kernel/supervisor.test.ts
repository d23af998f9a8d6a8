import t from 'tap';
import type { Actor, ActorContext } from '../../../src/kernel/actor.ts';
import { LogBook } from '../../../src/kernel/log.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { Supervisor } from '../../../src/kernel/supervisor.ts';
import { testClock } from '../../support/clock.ts';

function setUp() {
  const clock = testClock();
  const logs = new LogBook(clock, () => {});
  const supervisor = new Supervisor<ActorContext>(clock, logs, seededRandom(1), scope => scope);
  const stateOf = (name: string) => supervisor.status().find(actor => actor.name === name)?.state;
  return { clock, supervisor, stateOf };
}

/** All the ways in which an actor can throw once it runs. */
const FAILURES: Record<string, (context: ActorContext) => void | Promise<void>> = {
  'in start': () => {
    throw new Error('start');
  },
  'in the promise of start': async () => {
    throw new Error('start');
  },
  'in a timer': context => void context.clock.after(10, () => throwing()),
  'in a repeated timer': context => void context.clock.every(10, () => throwing()),
  'at the end of the tick': context => void context.clock.soon(() => throwing()),
  'in a handler': context => {
    const handler = context.guard(() => throwing());
    context.clock.after(5, () => handler());
  },
  'in an async handler': context => {
    const handler = context.guard(async () => throwing());
    context.clock.after(5, () => handler());
  },
  'in a promise': context => context.spawn(Promise.reject(new Error('promise'))),
};

function throwing(): never {
  throw new Error('thrown');
}

for (const [where, start] of Object.entries(FAILURES)) {
  t.test(`an actor that throws ${where} is restarted alone`, async t => {
    const { clock, supervisor, stateOf } = setUp();
    let starts = 0;
    let released = 0;
    let beats = 0;
    const failing: Actor = {
      name: 'failing',
      start(context) {
        starts++;
        context.own({ release: () => void released++ });
        return start(context);
      },
    };
    supervisor.add({ name: 'steady', start: context => void context.clock.every(100, () => beats++) });
    supervisor.add(failing);
    await clock.advance(1_000);
    t.ok(starts >= 2, 'restarted');
    t.ok(released >= starts - 1, 'what it owned was released');
    t.equal(stateOf('steady'), 'running');
    t.equal(beats, 10, 'the other never noticed');
    await supervisor.stop();
    t.equal(released, starts);
    t.equal(clock.pending, 0, 'no timer left');
  });
}

t.test('an actor that keeps failing is degraded, and comes back when its trouble is over', async t => {
  const { clock, supervisor, stateOf } = setUp();
  let broken = true;
  supervisor.add({
    name: 'flaky',
    start() {
      if (broken) throwing();
    },
  });
  await clock.advance(60_000);
  t.equal(stateOf('flaky'), 'degraded');
  t.match(supervisor.status()[0]?.lastError, /thrown/);
  broken = false;
  await clock.advance(120_000);
  t.equal(stateOf('flaky'), 'running');
});

t.test('a start that never settles fails', async t => {
  const { clock, supervisor } = setUp();
  supervisor.add({ name: 'stuck', start: () => new Promise<void>(() => {}) });
  await clock.advance(61_000);
  t.match(supervisor.status()[0]?.lastError, /not up within/);
});

t.test('a thousand crashes leave nothing behind', async t => {
  const { clock, supervisor } = setUp();
  let open = 0;
  supervisor.add({
    name: 'crasher',
    start(context) {
      open++;
      context.own({ release: () => void open-- });
      context.clock.every(1_000, () => {});
      context.clock.after(1, () => throwing());
    },
  });
  for (let i = 0; i < 1_000; i++) await clock.advance(61_000);
  t.ok((supervisor.status()[0]?.restarts ?? 0) >= 1_000);
  await supervisor.stop();
  t.equal(open, 0);
  t.equal(clock.pending, 0);
});
