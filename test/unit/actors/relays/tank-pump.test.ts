/** The pump on the relay: levels, modes, a tank that is lost, restarts and shutdown. */
import t from 'tap';
import { decidePump } from '../../../../src/actors/tank-pump/pump-decision.ts';
import { tankPumpActor } from '../../../../src/actors/tank-pump/tank-pump-actor.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { GeneratorBench, SYSTEM, TANK } from '../../../support/generator-bench.ts';

const PUMP = 'com.victronenergy.pump.startstop0';
const FILLING = {
  '/Settings/Relay/Function': 3,
  '/Settings/Pump0/TankService': 'com.victronenergy.tank/20',
  '/Settings/Pump0/StartValue': 20,
  '/Settings/Pump0/StopValue': 80,
};

async function begun(settings: Readonly<Record<string, Value>> = {}, relay = 0): Promise<GeneratorBench> {
  const bench = new GeneratorBench(tankPumpActor);
  bench.set({ ...FILLING, ...settings });
  bench.system('/Relay/0/State', relay);
  await bench.start();
  await bench.seconds(1);
  return bench;
}

const level = (bench: GeneratorBench, percent: Value): void => bench.bus.set(TANK, '/Level', percent);
const shown = (bench: GeneratorBench): Value[] => [bench.bus.get(PUMP, '/State'), bench.relay];

t.test('a tank is filled between two levels, without fluttering', async t => {
  const bench = await begun();
  t.same(shown(bench), [0, 0]);
  for (const [percent, state] of [
    [21, 0],
    [20, 1],
    [21, 1],
    [79, 1],
    [80, 0],
    [79, 0],
    [20, 1],
  ] as const) {
    level(bench, percent);
    await bench.seconds(1);
    t.same(shown(bench), [state, state], `at ${percent} %`);
  }
  t.same(bench.relayWrites, [1, 0, 1]);
});

t.test('a tank is emptied when it starts above where it stops', async t => {
  const bench = await begun({ '/Settings/Pump0/StartValue': 80, '/Settings/Pump0/StopValue': 20 });
  t.same(shown(bench), [1, 1]);
  level(bench, 21);
  await bench.seconds(1);
  t.equal(bench.relay, 1);
  level(bench, 20);
  await bench.seconds(1);
  t.same(shown(bench), [0, 0]);
});

t.test('by hand; and never without a tank', async t => {
  const bench = await begun({ '/Settings/Pump0/Mode': 1 });
  t.same(shown(bench), [1, 1]);
  bench.set({ '/Settings/Pump0/Mode': 2 });
  level(bench, 5);
  await bench.seconds(1);
  t.same(shown(bench), [0, 0]);
  bench.set({ '/Settings/Pump0/Mode': 1, '/Settings/Pump0/TankService': 'notanksensor' });
  await bench.seconds(1);
  t.same(shown(bench), [0, 0]);
});

t.test('a running pump goes on without a level for five minutes', async t => {
  const bench = await begun();
  level(bench, 10);
  await bench.seconds(1);
  bench.bus.remove(TANK);
  await bench.seconds(300);
  t.same(shown(bench), [1, 1]);
  t.equal(bench.bus.get(PUMP, '/ActiveTankService'), null);
  await bench.seconds(1);
  t.same(shown(bench), [0, 0]);
});

t.test('a hold-up of the program counts as one look', async t => {
  const running = { running: true, missingMs: 0 };
  const inputs = { mode: 0, hasTank: true, level: null, startLevel: 20, stopLevel: 80 };
  t.same(decidePump(running, inputs, 1000), { running: true, missingMs: 1000 });
  t.same(decidePump({ running: true, missingMs: 300_000 }, inputs, 1000), { running: false, missingMs: 0 });
  t.same(decidePump({ running: true, missingMs: 9000 }, { ...inputs, level: 50 }, 1000), running);
});

t.test('tanks to choose from', async t => {
  const bench = await begun();
  t.same(bench.bus.get(PUMP, '/AvailableTankServices'), {
    notanksensor: 'No tank sensor',
    'com.victronenergy.tank/20': TANK,
  });
  t.equal(bench.bus.get(PUMP, '/ActiveTankService'), TANK);
  bench.bus.set(TANK, '/CustomName', 'the roof');
  bench.bus.set(TANK, '/FluidType', 1);
  await bench.seconds(1);
  t.match(bench.bus.get(PUMP, '/AvailableTankServices'), { 'com.victronenergy.tank/20': 'Fresh water on the roof' });
});

t.test('a relay that is closed at rest is not for pumps', async t => {
  const bench = await begun({ '/Settings/Relay/Polarity': 1 });
  t.equal(bench.setting('/Settings/Relay/Polarity'), 0);
});

t.test('a relay that was on for something else is opened; one that is given away too', async t => {
  const bench = await begun({ '/Settings/Relay/Function': 2 }, 1);
  t.equal(bench.bus.tree(PUMP), undefined);
  t.equal(bench.relay, 1);
  level(bench, 50);
  bench.set({ '/Settings/Relay/Function': 3 });
  await bench.seconds(1);
  t.same(shown(bench), [0, 0]);
  level(bench, 10);
  await bench.seconds(1);
  t.equal(bench.relay, 1);
  bench.set({ '/Settings/Relay/Function': 2 });
  await bench.seconds(1);
  t.equal(bench.relay, 0);
  t.equal(bench.bus.tree(PUMP), undefined);
});

t.test('the death of the program does not touch a running pump, nor does its return', async t => {
  const bench = await begun();
  level(bench, 10);
  await bench.seconds(1);
  level(bench, 50);
  await bench.crash();
  await bench.seconds(5);
  await bench.start();
  await bench.seconds(5);
  t.same(shown(bench), [1, 1]);
  t.same(bench.relayWrites, [1]);
});

t.test('a shutdown stops the pump, unless it is not to', async t => {
  for (const stops of [1, 0]) {
    const bench = await begun({ '/Settings/Pump0/StopAtShutdown': stops });
    level(bench, 10);
    await bench.seconds(1);
    await bench.stop();
    t.equal(bench.relay, stops === 1 ? 0 : 1);
  }
});

t.test('a relay that does not follow does not run the pump', async t => {
  const bench = await begun();
  const system = bench.bus.simulated(SYSTEM);
  if (system !== undefined) system.onWrite = () => 2;
  level(bench, 10);
  await bench.seconds(3);
  t.same(shown(bench), [0, 0]);
});

t.test('without a relay nothing is said to run', async t => {
  const bench = await begun({ '/Settings/Pump0/Mode': 1 }, 0);
  t.same(shown(bench), [1, 1]);
  bench.system('/Relay/0/State', null);
  await bench.seconds(2);
  t.same(shown(bench), [null, null]);
  bench.bus.remove(SYSTEM);
  await bench.seconds(2);
  t.equal(bench.lastError, null);
});

t.test('why the pump runs or stands still, and what would have to change', async t => {
  const bench = await begun();
  const said = async (): Promise<unknown> => {
    const { notes, changes } = await bench.why('/State', PUMP);
    return [notes[0], changes?.[0]];
  };
  t.same(await said(), ['It stands still: the tank is at 90 %.', 'It starts when the tank falls to 20 %.']);
  level(bench, 20);
  await bench.seconds(1);
  t.same(await said(), ['It runs: the tank is at 20 %.', 'It stops when the tank rises to 80 %.']);
  level(bench, null);
  await bench.seconds(60);
  t.match(await said(), [/^It runs, without a level for \d\d s\.$/, 'It stops when the tank rises to 80 %.']);
  bench.set({ '/Settings/Pump0/Mode': 2 });
  await bench.seconds(1);
  t.same(await said(), [
    'It stands still: it is switched off by hand.',
    'It goes by the level when the setting Mode is 0.',
  ]);
  bench.set({ '/Settings/Pump0/TankService': 'notanksensor' });
  await bench.seconds(1);
  t.match(await said(), [/no tank is chosen/, /names a tank/]);
  await t.rejects(bench.why('/Nothing', PUMP));
});
