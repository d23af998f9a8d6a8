/** com.victronenergy.gxd: when everything is well, which decides whether an update is kept. */
import t from 'tap';
import { CALM_MS, healthActor } from '../../../src/actors/health/health-actor.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';

const GXD = 'com.victronenergy.gxd';

async function begun(safeMode = false) {
  const { clock, bus, supervisor } = memoryGateway();
  let fail: (error: Error) => void = () => {};
  supervisor.add({
    name: 'worker',
    start: context => {
      fail = error => context.spawn(Promise.reject(error));
    },
  });
  const actors = { status: () => supervisor.status(), onChange: (changed: () => void) => supervisor.onChange(changed) };
  supervisor.add(healthActor({ actors, safeMode }));
  await clock.settle();
  return { clock, fail: () => fail(new Error('broken')), healthy: () => bus.get(GXD, '/Healthy') };
}

t.test('healthy once all actors run; after a failure only when a minute went well', async t => {
  const { clock, fail, healthy } = await begun();
  await clock.advance(1_000);
  t.equal(healthy(), 1);
  fail();
  await clock.advance(0);
  t.equal(healthy(), 0, 'it is down');
  await clock.advance(CALM_MS - 10_000);
  t.equal(healthy(), 0, 'it runs again, but not for long');
  await clock.advance(11_000);
  t.equal(healthy(), 1);
});

t.test('an actor that keeps failing is never healthy in between', async t => {
  const { clock, fail, healthy } = await begun();
  for (let round = 0; round < 8; round++) {
    fail();
    for (let second = 0; second < 30; second++) {
      await clock.advance(1_000);
      t.equal(healthy(), 0);
    }
  }
});

t.test('safe mode is not healthy: most actors are left out', async t => {
  const { clock, healthy } = await begun(true);
  await clock.advance(CALM_MS * 2);
  t.equal(healthy(), 0);
});
