/** What owners do with a start/stop instance, and what it tells them. */
import t from 'tap';
import { generatorActor } from '../../../../src/actors/generator/generator-actor.ts';
import { GeneratorBench, STARTSTOP0, SYSTEM, TANK, VEBUS } from '../../../support/generator-bench.ts';

/** 2026-03-02 00:00 UTC */
const TODAY = 1772409600;

async function begun(
  settings: Readonly<Record<string, number | string>> = {},
  wallMs?: number,
): Promise<GeneratorBench> {
  const bench = new GeneratorBench(generatorActor, wallMs);
  bench.set({ AutoStartEnabled: 1, ...settings });
  await bench.start();
  return bench;
}

t.test('by hand with a time: counts down, ends, and ignores the minimum runtime', async t => {
  const bench = await begun({ MinimumRuntime: 10 });
  t.equal(await bench.write('/ManualStartTimer', 5), 0);
  t.equal(await bench.write('/ManualStart', 1), 0);
  await bench.seconds(1);
  t.same([bench.get('/State'), bench.get('/ManualStartTimer'), bench.get('/RunningByConditionCode')], [1, 5, 1]);
  await bench.seconds(3);
  t.equal(bench.get('/ManualStartTimer'), 2);
  t.equal(bench.get('/Runtime'), 3);
  await bench.seconds(2);
  t.same([bench.get('/State'), bench.get('/ManualStart'), bench.get('/ManualStartTimer')], [0, 0, 0]);
  t.equal(bench.relay, 0);
  t.equal(await bench.write('/ManualStart', 7), 2);
});

t.test('the tank stops what was started by hand, warns, and refuses a new start', async t => {
  const bench = await begun({
    'TankLevel/Enabled': 1,
    'TankLevel/StopValue': 20,
    'TankLevel/PreventStartValue': 50,
    'TankLevel/TankService': TANK,
    CoolDownTime: 10,
  });
  await bench.write('/ManualStart', 1);
  await bench.seconds(2);
  bench.bus.set(TANK, '/Level', 20);
  await bench.seconds(2);
  t.equal(bench.get('/State'), 3, 'it may cool down');
  await bench.seconds(15);
  t.same([bench.get('/State'), bench.relay, bench.get('/Alarms/StoppedByTankLevelCondition')], [5, 0, 1]);
  t.same([bench.get('/ManualStart'), await bench.write('/ManualStart', 1)], [0, 2]);
  bench.bus.set(TANK, '/Level', 60);
  await bench.seconds(5);
  t.same([bench.get('/State'), bench.get('/Alarms/StoppedByTankLevelCondition')], [0, 0]);
  t.equal(bench.get('/AvailableTankServices'), `{"${TANK}":"Diesel"}`);
});

t.test('a test run goes over midnight, and the next one is announced', async t => {
  const midnight = TODAY + 86_400 - 3600;
  const bench = await begun(
    {
      'TestRun/Enabled': 1,
      'TestRun/StartDate': TODAY,
      'TestRun/StartTime': 86_400 - 120,
      'TestRun/Interval': 3,
      'TestRun/Duration': 300,
    },
    (midnight - 125) * 1000,
  );
  await bench.seconds(2);
  t.same([bench.get('/State'), bench.get('/NextTestRun'), bench.get('/SkipTestRun')], [0, midnight - 120, 0]);
  await bench.seconds(4);
  t.same([bench.get('/State'), bench.get('/RunningByCondition')], [1, 'testrun']);
  await bench.seconds(200);
  t.equal(bench.get('/State'), 1, 'still, after midnight');
  await bench.seconds(105);
  t.same([bench.get('/State'), bench.get('/NextTestRun')], [0, midnight - 120 + 3 * 86_400]);
  const daily = JSON.parse(String(bench.setting('AccumulatedDaily')));
  t.same(daily, { [TODAY]: 120, [TODAY + 86_400]: 181 }, 'each day has its part');
});

t.test('service: counts down, warns, and is reset', async t => {
  const bench = await begun({ ServiceInterval: 100, AccumulatedTotal: 950, LastServiceReset: 900 });
  await bench.seconds(1);
  t.same([bench.get('/ServiceCounter'), bench.get('/Alarms/ServiceIntervalExceeded')], [50, 0]);
  await bench.write('/ManualStart', 1);
  await bench.seconds(62);
  t.same([bench.get('/ServiceCounter'), bench.get('/Alarms/ServiceIntervalExceeded')], [-10, 1]);
  t.equal(await bench.write('/ServiceCounterReset', 1), 0);
  await bench.seconds(1);
  t.same([bench.get('/ServiceCounter'), bench.get('/Alarms/ServiceIntervalExceeded')], [100, 0]);
  await bench.seconds(2);
  t.equal(bench.get('/ServiceCounterReset'), 0);
  bench.set({ ServiceInterval: 0 });
  await bench.seconds(1);
  t.equal(bench.get('/ServiceCounter'), null);
});

t.test('a digital input tells whether the engine runs', async t => {
  const bench = await begun();
  await bench.write('/DigitalInput/Input', 3);
  await bench.write('/ManualStart', 1);
  await bench.seconds(10);
  t.same([bench.get('/State'), bench.get('/Runtime')], [1, 0]);
  await bench.write('/DigitalInput/Running', 1);
  await bench.seconds(11);
  t.equal(bench.get('/Runtime'), 10);
  await bench.write('/DigitalInput/Running', 0);
  await bench.seconds(1);
  t.same([bench.get('/Runtime'), bench.get('/TodayRuntime')], [0, 11]);
});

t.test('load is kept away while the engine warms up and cools down', async t => {
  const bench = await begun({ WarmUpTime: 60, CoolDownTime: 30, GeneratorStopTime: 10 });
  bench.set({ '/Settings/SystemSetup/AcInput1': 2, '/Settings/SystemSetup/AcInput2': 1 });
  t.equal(bench.get('/Capabilities'), 1);
  const ignored = (): unknown => [
    bench.bus.get(VEBUS, '/Ac/Control/IgnoreAcIn1'),
    bench.bus.get(VEBUS, '/Ac/Control/IgnoreAcIn2'),
  ];
  await bench.write('/ManualStart', 1);
  await bench.seconds(30);
  t.same([bench.get('/State'), ignored()], [2, [1, 0]]);
  await bench.seconds(40);
  t.same([bench.get('/State'), ignored()], [1, [0, 0]]);
  await bench.write('/ManualStart', 0);
  await bench.seconds(10);
  t.same([bench.get('/State'), ignored(), bench.relay], [3, [1, 0], 1]);
  await bench.seconds(25);
  t.same([bench.get('/State'), ignored(), bench.relay], [4, [1, 0], 0]);
  await bench.seconds(10);
  t.same([bench.get('/State'), ignored()], [0, [0, 0]]);
});

t.test('an engine that somebody else has switched off is started again, by the book', async t => {
  const bench = await begun({ WarmUpTime: 20 });
  await bench.write('/ManualStart', 1);
  await bench.seconds(30);
  t.equal(bench.get('/State'), 1);
  bench.system('/Relay/0/State', 0);
  await bench.seconds(1);
  t.same([bench.get('/State'), bench.relay], [2, 1]);
});

t.test('a relay that is closed at rest is put right', async t => {
  const bench = await begun();
  bench.set({ '/Settings/Relay/Polarity': 1 });
  await bench.seconds(1);
  t.equal(bench.setting('/Settings/Relay/Polarity'), 0);
});

t.test('automatic start is switched by its path, and missed after ten minutes', async t => {
  const bench = await begun({ 'Alarms/AutoStartDisabled': 1 });
  await bench.seconds(1);
  t.equal(await bench.write('/AutoStartEnabled', 0), 0);
  t.same([bench.setting('AutoStartEnabled'), bench.get('/AutoStartEnabled')], [0, 0]);
  await bench.seconds(600);
  t.equal(bench.get('/Alarms/AutoStartDisabled'), 0);
  await bench.seconds(2);
  t.equal(bench.get('/Alarms/AutoStartDisabled'), 2);
});

t.test('why it runs or does not, and what would have to change', async t => {
  const bench = await begun({ 'Soc/Enabled': 1, 'Soc/StartValue': 40, 'Soc/StopValue': 75, 'Soc/StartTimer': 10 });
  await bench.seconds(2);
  const stopped = await bench.why('/State');
  t.equal(stopped.notes[0], 'Stopped since 2 s ago: no condition is reached.');
  t.ok(stopped.changes?.includes('battery state of charge would have to fall to 40 % (now 80) for 10 s.'));
  t.ok(
    stopped.inputs.some(input => input.service === SYSTEM && input.path === '/Dc/Battery/Soc' && input.value === 80),
  );
  bench.system('/Dc/Battery/Soc', 35);
  await bench.seconds(12);
  const running = await bench.why('/State');
  t.match(running.notes[0], /^Runs since \d s ago because of battery state of charge\.$/);
  t.same(running.changes, ['battery state of charge would have to rise to 75 % (now 35) for 0 s.']);
  await t.rejects(bench.why('/Nothing'));
});

t.test('why: a minimum runtime, a timer that runs, hours, alarms, quiet hours and test runs', async t => {
  const bench = await begun({
    MinimumRuntime: 10,
    ServiceInterval: 3600,
    'Soc/Enabled': 1,
    'Soc/StartValue': 40,
    'Soc/StopValue': 75,
    'Soc/StartTimer': 10,
    'Soc/StopTimer': 0,
    'Alarms/NoGeneratorAtAcIn': 1,
    'QuietHours/Enabled': 1,
    'QuietHours/StartTime': 79_200,
    'QuietHours/EndTime': 21_600,
  });
  await bench.seconds(2);
  bench.system('/Dc/Battery/Soc', 35);
  await bench.seconds(6);
  t.match((await bench.why('/State')).notes[1], /35 %, not reached, past its start value since \d s\.$/);
  await bench.seconds(10);
  bench.system('/Dc/Battery/Soc', 80);
  await bench.seconds(2);
  const kept = await bench.why('/RunningByCondition');
  t.match(kept.notes[0], /which is over: the minimum runtime is not\.$/);
  t.match(kept.changes?.[0], /^Its minimum runtime ends in 59\d s\.$/);
  const hours = await bench.why('/ServiceCounter');
  t.equal(hours.notes[0], 'Whether it runs tells its state here.');
  t.same(hours.changes, ['The interval begins anew with /ServiceCounterReset = 1.']);
  t.match((await bench.why('/Alarms/NoGeneratorAtAcIn')).notes[0], /^The engine does not arrive since \d s\.$/);
  t.same((await bench.why('/Alarms/AutoStartDisabled')).notes, ['The alarm is switched off.']);
  const quiet = await bench.why('/QuietHours');
  t.equal(quiet.notes[0], 'From 22:00 to 06:00 in Europe/Amsterdam; it is 11:00 there: outside.');
  t.same(quiet.changes, ['They begin at 22:00.']);
  t.same((await bench.why('/NextTestRun')).notes, ['Test runs are switched off.']);
  for (const [path] of bench.bus.tree(STARTSTOP0)?.items() ?? []) t.ok((await bench.why(path)).rule !== '', path);
});
