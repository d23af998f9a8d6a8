/** Gensets on the bus: the choice among them, their errors, the relay that helps, several DC gensets. */
import t from 'tap';
import { generatorActor } from '../../../../src/actors/generator/generator-actor.ts';
import { chooseGenset } from '../../../../src/actors/generator/genset-choice.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { GeneratorBench, STARTSTOP1 } from '../../../support/generator-bench.ts';
import { SimulatedService } from '../../../support/memory-bus.ts';

const HELPER = { '/Settings/Relay/Function': 5 };

function genset(instance: number, values: Readonly<Record<string, Value>> = {}, type = 'genset'): SimulatedService {
  return new SimulatedService(`com.victronenergy.${type}.can${instance}`, {
    '/DeviceInstance': instance,
    '/Connected': 1,
    '/RemoteStartModeEnabled': 1,
    '/Start': 0,
    '/Error/0/Id': '',
    '/StatusCode': 0,
    '/ProductId': 45120,
    ...values,
  });
}

async function begun(
  gensets: readonly SimulatedService[],
  settings: Readonly<Record<string, Value>> = {},
): Promise<GeneratorBench> {
  const bench = new GeneratorBench(generatorActor);
  bench.set({ '/Settings/Relay/Function': 0, '/Settings/Generator1/AutoStartEnabled': 1, ...settings });
  for (const one of gensets) bench.bus.add(one);
  await bench.start();
  await bench.seconds(1);
  return bench;
}

const get = (bench: GeneratorBench, path: string): Value => bench.bus.get(STARTSTOP1, path);
const byHand = (bench: GeneratorBench, on: 0 | 1): Promise<number> => bench.write('/ManualStart', on, STARTSTOP1);

t.test('which genset it is', async t => {
  const ac = (instance: number) => ({ service: `genset${instance}`, type: 'genset', instance });
  const dc = (instance: number) => ({ service: `dcgenset${instance}`, type: 'dcgenset', instance });
  const now = (main: ReturnType<typeof ac>) => ({ main, together: main.type === 'dcgenset' ? [main] : [] });
  t.equal(chooseGenset([], undefined, false), undefined);
  t.equal(chooseGenset([ac(11), ac(10)], undefined, false)?.main.instance, 10, 'the lowest instance');
  t.equal(chooseGenset([ac(11), ac(9)], now(ac(11)), false)?.main.instance, 9);
  t.equal(chooseGenset([ac(11), ac(9)], now(ac(11)), true)?.main.instance, 11, 'a running engine is not left');
  t.equal(chooseGenset([ac(9)], now(ac(11)), true)?.main.instance, 9, 'but for one that has gone');
  const joined = chooseGenset([dc(11), dc(10)], now(dc(11)), false);
  t.equal(joined?.main.instance, 11, 'DC gensets work together');
  t.same(
    joined?.together.map(({ instance }) => instance),
    [11, 10],
  );
});

t.test('one genset by its own control', async t => {
  const one = genset(10);
  const bench = await begun([one]);
  t.same(
    [get(bench, '/GensetService'), get(bench, '/GensetServiceType'), get(bench, '/Type'), get(bench, '/Enabled')],
    [one.name, 'genset', 1, 1],
  );
  await byHand(bench, 1);
  await bench.seconds(1);
  t.equal(bench.bus.get(one.name, '/Start'), 1);
  t.equal(get(bench, '/Runtime'), 0, 'it says that it stands still');
  bench.bus.set(one.name, '/StatusCode', 8);
  await bench.seconds(5);
  t.equal(get(bench, '/Runtime'), 4);
  await byHand(bench, 0);
  await bench.seconds(1);
  t.equal(bench.bus.get(one.name, '/Start'), 0);
});

t.test('in error its switch is left alone, and it is started again afterwards', async t => {
  const one = genset(10);
  const bench = await begun([one]);
  await byHand(bench, 1);
  await bench.seconds(2);
  bench.bus.set(one.name, '/Error/0/Id', 'e-17');
  await bench.seconds(2);
  t.same([get(bench, '/State'), get(bench, '/Error'), get(bench, '/RunningByCondition')], [10, 2, '']);
  t.same(
    one.writes.map(({ value }) => value),
    [1],
  );
  bench.bus.set(one.name, '/Error/0/Id', '');
  bench.bus.set(one.name, '/RemoteStartModeEnabled', 0);
  await bench.seconds(2);
  t.same([get(bench, '/State'), get(bench, '/Error')], [10, 1]);
  bench.bus.set(one.name, '/RemoteStartModeEnabled', 1);
  await bench.seconds(1);
  t.same([get(bench, '/State'), get(bench, '/Error')], [1, 0]);
});

t.test('a genset without start needs the relay', async t => {
  const one = genset(10);
  one.values.delete('/Start');
  const bench = await begun([one]);
  t.equal(get(bench, '/Enabled'), 0);
  await byHand(bench, 1);
  await bench.seconds(2);
  t.same([get(bench, '/State'), bench.relay], [0, 0]);
  bench.set({ ...HELPER, '/Settings/Relay/Polarity': 1 });
  await bench.seconds(2);
  t.same([get(bench, '/Enabled'), get(bench, '/State'), bench.relay], [1, 1, 1]);
  t.equal(bench.setting('/Settings/Relay/Polarity'), 0);
  await byHand(bench, 0);
  await bench.seconds(2);
  t.equal(bench.relay, 0);
});

t.test('relay and genset work together', async t => {
  const one = genset(10);
  const bench = await begun([one], HELPER);
  await byHand(bench, 1);
  await bench.seconds(1);
  t.same([bench.relay, bench.bus.get(one.name, '/Start')], [1, 1]);
});

t.test('a genset that is lost for a moment runs on; one that stays away has its relay opened', async t => {
  const one = genset(10);
  const bench = await begun([one], HELPER);
  await byHand(bench, 1);
  await bench.seconds(2);
  bench.bus.remove(one.name);
  await bench.seconds(30);
  t.same([get(bench, '/State'), bench.relay], [null, 1]);
  bench.bus.add(one);
  await bench.seconds(2);
  t.same([get(bench, '/State'), get(bench, '/RunningByCondition'), bench.relayWrites], [1, 'manual', [1]]);
  bench.bus.remove(one.name);
  await bench.seconds(301);
  t.equal(bench.relay, 0);
  bench.bus.add(one);
  await bench.seconds(2);
  t.same([get(bench, '/State'), bench.bus.get(one.name, '/Start')], [0, 0], 'what it ran for is forgotten');
});

t.test('its own counter is the total', async t => {
  const one = genset(10, { '/Engine/OperatingHours': 5000 });
  const bench = await begun([one], { '/Settings/Generator1/AccumulatedTotal': 100 });
  await bench.seconds(1);
  t.equal(get(bench, '/AccumulatedRuntime'), 5000);
  t.equal(bench.setting('/Settings/Generator1/AccumulatedTotal'), 5000);
  bench.bus.set(one.name, '/Engine/OperatingHours', 5100);
  await bench.seconds(1);
  t.equal(get(bench, '/AccumulatedRuntime'), 5100);
});

t.test('DC gensets: all, chosen ones, none', async t => {
  const both = [
    genset(11, { '/Dc/0/Voltage': 24, '/Dc/0/Current': 10 }, 'dcgenset'),
    genset(12, {}, 'dcgenset'),
  ] as const;
  const bench = await begun(both);
  const starts = (): Value[] => both.map(({ name }) => bench.bus.get(name, '/Start'));
  const choose = (text: string): Promise<number> => bench.write('/MultipleGensets/GensetsEnabled', text, STARTSTOP1);
  await byHand(bench, 1);
  await bench.seconds(1);
  t.same(starts(), [1, 1]);
  t.equal(await choose('12'), 0);
  await bench.seconds(1);
  t.same(starts(), [0, 1], 'one that is no longer chosen is stopped');
  t.equal(await choose('twelve'), 2);
  await choose('');
  await bench.seconds(1);
  t.same([get(bench, '/State'), get(bench, '/Error')], [10, 4]);
  await choose('all');
  bench.bus.set(both[0].name, '/Error/0/Id', 'e-1');
  await bench.seconds(1);
  t.same([get(bench, '/State'), get(bench, '/Error')], [1, 0], 'one that can is enough');
  bench.bus.remove(both[1].name);
  await bench.seconds(1);
  t.equal(get(bench, '/MultipleGensets/GensetsDetected'), null, 'one is not several');
});

t.test('DC gensets in turn, past one with a fault', async t => {
  const three = [genset(11, {}, 'dcgenset'), genset(12, {}, 'dcgenset'), genset(13, {}, 'dcgenset')] as const;
  const bench = await begun(three);
  const started = (): Value[] => three.map(({ name }) => bench.bus.get(name, '/Start'));
  await bench.write('/MultipleGensets/GensetsEnabled', 'rotate', STARTSTOP1);
  const turn = async (): Promise<Value[]> => {
    await byHand(bench, 1);
    await bench.seconds(3);
    const now = started();
    await byHand(bench, 0);
    await bench.seconds(3);
    return now;
  };
  t.same(await turn(), [1, 0, 0]);
  t.same(await turn(), [0, 1, 0]);
  bench.bus.set(three[2].name, '/Error/0/Id', 'e-1');
  t.same(await turn(), [1, 0, 0]);
  t.equal(get(bench, '/MultipleGensets/LastRotated'), 11);
  t.same(started(), [0, 0, 0]);
});

t.test('a DC genset that does not deliver raises its alarm after five minutes', async t => {
  const one = genset(11, { '/Dc/0/Current': 1, '/StatusCode': 8 }, 'dcgenset');
  const bench = await begun([one], { '/Settings/Generator1/Alarms/NoGeneratorAtDcIn': 1 });
  await byHand(bench, 1);
  await bench.seconds(300);
  t.equal(get(bench, '/Alarms/NoGeneratorAtDcIn'), 0);
  await bench.seconds(2);
  t.equal(get(bench, '/Alarms/NoGeneratorAtDcIn'), 2);
  bench.bus.set(one.name, '/Dc/0/Current', 6);
  await bench.seconds(1);
  t.equal(get(bench, '/Alarms/NoGeneratorAtDcIn'), 0);
});

t.test('why it is this genset, and no other one', async t => {
  const bench = await begun([
    genset(12),
    genset(10),
    genset(8, { '/Connected': 0 }),
    new SimulatedService('com.victronenergy.genset.meter', { '/DeviceInstance': 5, '/Connected': 1 }),
  ]);
  const why = await bench.why('/GensetService', STARTSTOP1);
  t.equal(why.choices[0]?.winner, 'com.victronenergy.genset.can10');
  t.same(
    why.choices[0]?.losers.map(({ candidate, reason }) => [candidate.split('.').at(-1), reason]),
    [
      ['can12', 'has device instance 12'],
      ['can8', 'is not connected'],
      ['meter', 'cannot be started from afar: it has no /RemoteStartModeEnabled'],
    ],
  );
  t.same((await bench.why('/State', STARTSTOP1)).choices, []);
});
