/** What becomes of the engine when the program dies, is restarted, or is shut down. */
import t from 'tap';
import { generatorActor } from '../../../../src/actors/generator/generator-actor.ts';
import { GeneratorBench, SYSTEM, VEBUS } from '../../../support/generator-bench.ts';

interface Case {
  readonly name: string;
  readonly settings: Readonly<Record<string, number | string>>;
  /** Makes the engine run, then brings the reason where only a remembered one goes on. */
  readonly begin: (bench: GeneratorBench) => Promise<void>;
  readonly by: string;
  readonly end: (bench: GeneratorBench) => Promise<unknown>;
}

const CASES: readonly Case[] = [
  {
    name: 'state of charge between start and stop',
    settings: { 'Soc/Enabled': 1, 'Soc/StartValue': 50, 'Soc/StopValue': 80 },
    begin: async bench => {
      bench.system('/Dc/Battery/Soc', 50);
      await bench.seconds(2);
      bench.system('/Dc/Battery/Soc', 65);
    },
    by: 'soc',
    end: async bench => bench.system('/Dc/Battery/Soc', 80),
  },
  {
    name: 'a value that is missing when the program comes back',
    settings: { 'Soc/Enabled': 1, 'Soc/StartValue': 50, 'Soc/StopValue': 80 },
    begin: async bench => {
      bench.system('/Dc/Battery/Soc', 50);
      await bench.seconds(2);
      bench.system('/Dc/Battery/Soc', null);
    },
    by: 'soc',
    end: async bench => bench.system('/Dc/Battery/Soc', 80),
  },
  {
    name: 'by hand without end',
    settings: {},
    begin: async bench => {
      await bench.write('/ManualStart', 1);
    },
    by: 'manual',
    end: bench => bench.write('/ManualStart', 0),
  },
  {
    name: 'by hand with a time',
    settings: {},
    begin: async bench => {
      await bench.write('/ManualStartTimer', 600);
      await bench.write('/ManualStart', 1);
    },
    by: 'manual',
    end: bench => bench.seconds(700),
  },
  {
    name: 'lost communication',
    settings: { 'AcLoad/Enabled': 1, OnLossCommunication: 2, 'AcLoad/StartTimer': 0, 'AcLoad/StopTimer': 0 },
    begin: async bench => {
      bench.system('/Ac/ConsumptionOnOutput/L1/Power', 5000);
      await bench.seconds(2);
      bench.bus.set(VEBUS, '/Ac/Out/L1/P', null);
      await bench.seconds(310);
    },
    by: 'lossofcommunication',
    end: async bench => {
      bench.system('/Ac/ConsumptionOnOutput/L1/Power', 0);
      bench.bus.set(VEBUS, '/Ac/Out/L1/P', 0);
    },
  },
  {
    name: 'a test run until the battery is full',
    // 2026-03-02 11:00:05 in Amsterdam
    settings: {
      'TestRun/Enabled': 1,
      'TestRun/StartDate': 1772409600,
      'TestRun/StartTime': 11 * 3600 + 5,
      'TestRun/RunTillBatteryFull': 1,
    },
    begin: bench => bench.seconds(120),
    by: 'testrun',
    end: async bench => bench.system('/Dc/Battery/Soc', 100),
  },
];

const LEAVES = { crash: (bench: GeneratorBench) => bench.crash(), restart: (bench: GeneratorBench) => bench.stop() };

for (const [how, leave] of Object.entries(LEAVES)) {
  for (const { name, settings, begin, by, end } of CASES) {
    t.test(`${how}: ${name}`, async t => {
      const bench = new GeneratorBench(generatorActor);
      bench.set({ AutoStartEnabled: 1, ...settings });
      await bench.start();
      await begin(bench);
      await bench.seconds(5);
      t.equal(bench.get('/RunningByCondition'), by);
      t.equal(bench.relay, 1);
      await leave(bench);
      await bench.seconds(30);
      await bench.start();
      await bench.seconds(20);
      t.same(bench.relayWrites, [1], 'the engine has not noticed');
      t.equal(bench.get('/State'), 1);
      t.equal(bench.get('/RunningByCondition'), by);
      await end(bench);
      await bench.seconds(30);
      t.equal(bench.relay, 0, 'and it stops when its reason ends');
      t.equal(bench.setting('RunRecord'), '');
      t.equal(bench.lastError, null);
    });
  }
}

t.test('an engine that is found on and is not ours is switched off', async t => {
  const bench = new GeneratorBench(generatorActor);
  bench.set({ AutoStartEnabled: 1 });
  bench.system('/Relay/0/State', 1);
  await bench.start();
  await bench.seconds(2);
  t.same(bench.relayWrites, [0]);
});

t.test('a record of an engine that was switched off meanwhile (power failure) is void', async t => {
  const bench = new GeneratorBench(generatorActor);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(3);
  await bench.crash();
  bench.system('/Relay/0/State', 0);
  await bench.start();
  await bench.seconds(5);
  t.equal(bench.get('/State'), 0);
  t.equal(bench.relay, 0);
  t.equal(bench.setting('RunRecord'), '');
});

t.test('nothing is switched before the relay can be read', async t => {
  const bench = new GeneratorBench(generatorActor);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(3);
  await bench.crash();
  const system = bench.bus.simulated(SYSTEM);
  bench.bus.remove(SYSTEM);
  await bench.start();
  await bench.seconds(10);
  if (system !== undefined) bench.bus.add(system);
  await bench.seconds(10);
  t.same(bench.relayWrites, [1]);
  t.equal(bench.get('/RunningByCondition'), 'manual');
});

t.test('with StopAtShutdown a shutdown stops the engine', async t => {
  const bench = new GeneratorBench(generatorActor);
  bench.set({ StopAtShutdown: 1 });
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(3);
  await bench.stop();
  t.equal(bench.relay, 0);
});

t.test('a relay that gets another function lets the engine go', async t => {
  const bench = new GeneratorBench(generatorActor);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(3);
  bench.set({ '/Settings/Relay/Function': 2 });
  await bench.seconds(2);
  t.equal(bench.relay, 0);
  t.equal(bench.get('/State'), null, 'off the bus');
});

t.test('runtime adds up over restarts', async t => {
  const bench = new GeneratorBench(generatorActor);
  await bench.start();
  await bench.write('/ManualStart', 1);
  await bench.seconds(101);
  t.equal(bench.get('/Runtime'), 60, 'shown once a minute');
  await bench.stop();
  t.equal(bench.setting('AccumulatedTotal'), 100);
  await bench.start();
  await bench.seconds(50);
  await bench.write('/ManualStart', 0);
  await bench.seconds(2);
  t.equal(bench.get('/TodayRuntime'), 150, 'the first tick of each life begins the count');
  t.equal(bench.get('/AccumulatedRuntime'), 150);
  t.equal(bench.setting('AccumulatedDaily'), '{"1772409600": 150}');
});
