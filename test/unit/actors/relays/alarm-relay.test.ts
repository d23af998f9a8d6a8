/** The alarm relay: what an alarm is, polarity, other functions of the relay, restarts, and a platform that knows better. */
import t from 'tap';
import { alarmRelayActor } from '../../../../src/actors/alarm-relay/alarm-relay-actor.ts';
import { alarmSelectors } from '../../../../src/bus/active-alarms.ts';
import { ALARMS, isAlarm } from '../../../../src/schema/alarms.ts';
import { schemaOf } from '../../../../src/schema/registry.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { GeneratorBench, VEBUS } from '../../../support/generator-bench.ts';
import { SimulatedService } from '../../../support/memory-bus.ts';

const BATTERY = 'com.victronenergy.battery.ttyO5';
const PLATFORM = 'com.victronenergy.platform';
const LOW_VOLTAGE = '/Alarms/LowVoltage';

async function begun(settings: Readonly<Record<string, Value>> = {}, relay: Value = 0): Promise<GeneratorBench> {
  const bench = new GeneratorBench(alarmRelayActor);
  bench.set({ '/Settings/Relay/Function': 0, '/Settings/Relay/Polarity': 0, ...settings });
  bench.system('/Relay/0/State', relay);
  bench.bus.add(new SimulatedService(BATTERY, { '/DeviceInstance': 258, [LOW_VOLTAGE]: 0, '/ErrorCode': 0 }));
  await bench.start();
  await bench.seconds(1);
  return bench;
}

/** The relay after a change of one value. */
async function with_(bench: GeneratorBench, service: string, path: string, value: Value): Promise<Value> {
  bench.bus.set(service, path, value);
  await bench.clock.settle();
  return bench.relay;
}

t.test('what is an alarm', async t => {
  const cases = [
    ['level', 0, false],
    ['level', 1, false],
    ['level', 2, true],
    ['level', null, false],
    ['level', 'x', false],
    ['code', 17, true],
    ['code', 0, false],
    ['charger', 2, true],
    ['charger', 65, false],
    ['charger', 14, false],
    ['name', '', false],
    ['name', 'fp:e-16', true],
    ['name', 'ws:w-3', false],
  ] as const;
  for (const [kind, value, wanted] of cases) t.equal(isAlarm(kind, value), wanted, `${kind} ${value}`);
});

t.test('the table: types that there are, each path once', async t => {
  for (const [type, rows] of Object.entries(ALARMS)) {
    t.ok(schemaOf(type) !== undefined, type);
    t.equal(new Set(rows.map(({ path }) => path)).size, rows.length, `${type}: no path twice`);
  }
  const selectors = alarmSelectors().map(selector => JSON.stringify(selector));
  t.equal(new Set(selectors).size, selectors.length);
});

t.test('closed as long as there is an alarm; warnings are none', async t => {
  const bench = await begun();
  t.equal(bench.relay, 0);
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 1), 0);
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 2), 1);
  t.equal(await with_(bench, VEBUS, '/Alarms/L2/Overload', 2), 1);
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 0), 1, 'the other one is still there');
  t.equal(await with_(bench, VEBUS, '/Alarms/L2/Overload', 0), 0);
  t.equal(await with_(bench, BATTERY, '/ErrorCode', 5), 1);
  bench.bus.remove(BATTERY);
  await bench.clock.settle();
  t.equal(bench.relay, 0, 'what is gone tells no alarm');
  t.same(bench.relayWrites, [1, 0, 1, 0]);
  t.equal(bench.lastError, null);
});

t.test('an alarm that is to be kept quiet', async t => {
  const bench = await begun({ '/Settings/Alarm/Vebus/InverterOverload': 0 });
  t.equal(await with_(bench, VEBUS, '/Alarms/L1/Overload', 2), 0);
  bench.set({ '/Settings/Alarm/Vebus/InverterOverload': 1 });
  await bench.clock.settle();
  t.equal(bench.relay, 1);
  const inverter = 'com.victronenergy.inverter.ttyO2';
  t.equal(await with_(bench, VEBUS, '/Alarms/L1/Overload', 0), 0);
  bench.bus.add(new SimulatedService(inverter, { '/Alarms/LowSoc': 2, '/Settings/AlarmLevel/LowSoc': 0 }));
  await bench.clock.settle();
  t.equal(bench.relay, 0);
  t.equal(await with_(bench, inverter, '/Settings/AlarmLevel/LowSoc', 2), 1);
});

t.test('normally closed: open while there is an alarm', async t => {
  const bench = await begun({ '/Settings/Relay/Polarity': 1, '/Settings/Relay/0/InitialState': 1 });
  t.equal(bench.relay, 1, 'after a power cut at once');
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 2), 0);
  bench.set({ '/Settings/Relay/Polarity': 0 });
  await bench.clock.settle();
  t.equal(bench.relay, 1);
});

t.test('somebody who switches it by hand is overruled', async t => {
  const bench = await begun();
  t.equal(await with_(bench, 'com.victronenergy.system', '/Relay/0/State', 1), 0);
});

t.test('the relay is taken, left alone, and given away open', async t => {
  const bench = await begun({ '/Settings/Relay/Function': 2 }, 1);
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 2), 1);
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 0), 1);
  bench.set({ '/Settings/Relay/Function': 0 });
  await bench.clock.settle();
  t.equal(bench.relay, 0, 'it was on for something else');
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 2), 1);
  bench.set({ '/Settings/Relay/Function': 1 });
  await bench.clock.settle();
  t.equal(bench.relay, 0, 'a siren is no reason for an engine to run');
  t.equal(await with_(bench, 'com.victronenergy.system', '/Relay/0/State', 1), 1, 'and it is left to others');
});

t.test('a platform that knows which alarms were acknowledged goes before us', async t => {
  const bench = await begun();
  bench.bus.add(new SimulatedService(PLATFORM, { '/Notifications/Alarm': 0 }));
  t.equal(await with_(bench, BATTERY, LOW_VOLTAGE, 2), 0);
  t.equal(await with_(bench, PLATFORM, '/Notifications/Alarm', 1), 1);
  t.equal(await with_(bench, PLATFORM, '/Notifications/Alarm', 0), 0, 'acknowledged');
  bench.bus.remove(PLATFORM);
  await bench.clock.settle();
  t.equal(bench.relay, 1);
});

t.test('the death of the program does not touch the relay, nor does its return', async t => {
  const bench = await begun();
  await with_(bench, BATTERY, LOW_VOLTAGE, 2);
  await bench.crash();
  bench.bus.remove(BATTERY);
  await bench.start();
  await bench.seconds(29);
  t.equal(bench.relay, 1, 'the battery is waited for');
  bench.bus.add(new SimulatedService(BATTERY, { '/DeviceInstance': 258, [LOW_VOLTAGE]: 2 }));
  await bench.seconds(5);
  t.equal(bench.relay, 1);
  t.same(bench.relayWrites, [1]);
  await bench.stop();
  t.equal(bench.relay, 1, 'a shutdown leaves it too');
  bench.bus.remove(BATTERY);
  await bench.start();
  await bench.seconds(31);
  t.equal(bench.relay, 0, 'who does not come back tells no alarm');
});
