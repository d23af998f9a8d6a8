/** Relays by temperature: two conditions a sensor, several sensors a relay, sensors that are lost, restarts. */
import t from 'tap';
import { isActive } from '../../../../src/actors/temperature-relay/condition.ts';
import { sensorId } from '../../../../src/actors/temperature-relay/sensor.ts';
import { temperatureRelayActor } from '../../../../src/actors/temperature-relay/temperature-relay-actor.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { GeneratorBench, SYSTEM } from '../../../support/generator-bench.ts';
import { SimulatedService } from '../../../support/memory-bus.ts';

const TEMPRELAY = 'com.victronenergy.temprelay';
const SENSOR = 'com.victronenergy.temperature.adc_builtin_5';
const AT = '/Settings/TempSensorRelay/adc_builtin_5';
/** Cooling by relay 1, heating by relay 2. */
const SETTINGS = {
  '/Settings/Relay/Function': 4,
  '/Settings/Relay/1/Function': 4,
  [`${AT}/Enabled`]: 1,
  [`${AT}/0/Relay`]: 0,
  [`${AT}/0/SetValue`]: 30,
  [`${AT}/0/ClearValue`]: 25,
  [`${AT}/1/Relay`]: 1,
  [`${AT}/1/SetValue`]: 5,
  [`${AT}/1/ClearValue`]: 10,
};

async function begun(settings: Readonly<Record<string, Value>> = {}, relays: readonly Value[] = [0, 0]) {
  const bench = new GeneratorBench(temperatureRelayActor);
  bench.set({ ...SETTINGS, ...settings });
  bench.system('/Relay/0/State', relays[0] ?? 0);
  bench.system('/Relay/1/State', relays[1] ?? 0);
  bench.bus.add(new SimulatedService(SENSOR, { '/DeviceInstance': 24, '/Temperature': 20 }));
  await bench.start();
  await bench.seconds(2);
  return bench;
}

async function at(bench: GeneratorBench, celsius: Value, service = SENSOR, path = '/Temperature'): Promise<Value[]> {
  bench.bus.set(service, path, celsius);
  await bench.seconds(1);
  return relays(bench);
}

const relays = (bench: GeneratorBench): Value[] => [0, 1].map(n => bench.bus.get(SYSTEM, `/Relay/${n}/State`));
const get = (bench: GeneratorBench, path: string): Value => bench.bus.get(TEMPRELAY, path);

t.test('a condition has two ends, and none when they are the same', async t => {
  const heat = { set: 30, clear: 25 };
  t.same(
    [29.9, 30].map(celsius => isActive(false, celsius, heat)),
    [false, true],
  );
  t.same(
    [25.1, 25].map(celsius => isActive(true, celsius, heat)),
    [true, false],
  );
  const cold = { set: 5, clear: 10 };
  t.same(
    [5.1, 5].map(celsius => isActive(false, celsius, cold)),
    [false, true],
  );
  t.same(
    [9.9, 10].map(celsius => isActive(true, celsius, cold)),
    [true, false],
  );
  t.equal(isActive(true, 20, { set: 20, clear: 20 }), false);
});

t.test('what a sensor is called in paths', async t => {
  t.equal(sensorId('com.victronenergy.temperature.ruuvi_f00f00d00001'), 'ruuvi_f00f00d00001');
  t.equal(sensorId('com.victronenergy.battery.socketcan-can0.1'), 'socketcan_can0_1');
});

t.test('two conditions, two relays', async t => {
  const bench = await begun();
  t.same(relays(bench), [0, 0]);
  t.same(await at(bench, 30), [1, 0]);
  t.same(get(bench, '/Sensor/adc_builtin_5/0/State'), 1);
  t.same(await at(bench, 26), [1, 0]);
  t.same(await at(bench, 25), [0, 0]);
  t.same(await at(bench, 4), [0, 1]);
  t.same(await at(bench, 9), [0, 1]);
  t.same(await at(bench, 10), [0, 0]);
  t.same(bench.relayWrites, [1, 0], 'each once');
  t.same(
    [get(bench, '/Sensor/adc_builtin_5/ServiceName'), get(bench, '/Sensor/adc_builtin_5/ServiceInstance')],
    [SENSOR, 24],
  );
});

t.test('a relay is on while any sensor wants it; a battery is one too', async t => {
  const bench = await begun();
  const battery = 'com.victronenergy.battery.ttyO2';
  const of = '/Settings/TempSensorRelay/ttyO2';
  bench.set({ [`${of}/Enabled`]: 1, [`${of}/0/Relay`]: 0, [`${of}/0/SetValue`]: 40, [`${of}/0/ClearValue`]: 35 });
  bench.bus.add(new SimulatedService(battery, { '/DeviceInstance': 0, '/Dc/0/Temperature': null }));
  await bench.seconds(2);
  t.equal(get(bench, '/Sensor/ttyO2/Enabled'), null, 'no temperature, no sensor');
  await at(bench, 41, battery, '/Dc/0/Temperature');
  await bench.seconds(1);
  t.same(relays(bench), [1, 0]);
  await at(bench, 31);
  t.same(await at(bench, 20, battery, '/Dc/0/Temperature'), [1, 0]);
  t.same(await at(bench, 20), [0, 0]);
});

t.test('relays that are for something else are left alone', async t => {
  const bench = await begun({ '/Settings/Relay/1/Function': 2 });
  bench.system('/Relay/1/State', 1);
  t.same(await at(bench, 31), [1, 1]);
  t.same(await at(bench, 0), [0, 1]);
  t.equal(get(bench, '/Sensor/adc_builtin_5/1/State'), 0);
  bench.set({ '/Settings/Relay/Function': 2 });
  await bench.seconds(1);
  t.equal(bench.bus.tree(TEMPRELAY), undefined);
});

t.test('a relay that is given away, or a sensor that is switched off, opens', async t => {
  const bench = await begun();
  t.same(await at(bench, 31), [1, 0]);
  t.equal(await bench.write('/Sensor/adc_builtin_5/Enabled', 0, TEMPRELAY), 0);
  await bench.seconds(1);
  t.same(relays(bench), [0, 0]);
  bench.set({ [`${AT}/Enabled`]: 1 });
  await bench.seconds(1);
  t.same(relays(bench), [1, 0]);
  t.equal(get(bench, '/Sensor/adc_builtin_5/Enabled'), 1);
  bench.set({ '/Settings/Relay/Function': 2 });
  await bench.seconds(1);
  t.same(relays(bench), [0, 0]);
});

t.test('limits are written at the service, and kept by the settings', async t => {
  const bench = await begun();
  t.equal(await bench.write('/Sensor/adc_builtin_5/0/SetValue', 35, TEMPRELAY), 0);
  t.equal(bench.setting(`${AT}/0/SetValue`), 35);
  t.equal(get(bench, '/Sensor/adc_builtin_5/0/SetValue'), 35);
  t.not(await bench.write('/Sensor/adc_builtin_5/0/SetValue', 101, TEMPRELAY), 0);
});

t.test('a temperature that is missing counts for five minutes, a sensor that has gone for none', async t => {
  const bench = await begun();
  t.same(await at(bench, 31), [1, 0]);
  t.same(await at(bench, null), [1, 0]);
  await bench.seconds(299);
  t.same(relays(bench), [1, 0]);
  await bench.seconds(1);
  t.same(relays(bench), [0, 0]);
  t.same(await at(bench, 31), [1, 0]);
  bench.bus.remove(SENSOR);
  await bench.seconds(1);
  t.same(relays(bench), [0, 0]);
  t.equal(get(bench, '/Sensor/adc_builtin_5/Enabled'), null);
  bench.bus.add(new SimulatedService(SENSOR, { '/DeviceInstance': 24, '/Temperature': 27 }));
  await bench.seconds(2);
  t.same(relays(bench), [0, 0], 'begins anew');
});

t.test('the death of the program does not touch the relays, nor does its return', async t => {
  const bench = await begun();
  t.same(await at(bench, 31), [1, 0]);
  await at(bench, 27);
  await bench.crash();
  bench.bus.remove(SENSOR);
  await bench.start();
  await bench.seconds(20);
  t.same(relays(bench), [1, 0], 'sensors may come a little later');
  bench.bus.add(new SimulatedService(SENSOR, { '/DeviceInstance': 24, '/Temperature': 27 }));
  await bench.seconds(60);
  t.same(relays(bench), [1, 0]);
  t.same(bench.relayWrites, [1]);
  await bench.crash();
  bench.bus.remove(SENSOR);
  await bench.start();
  await bench.seconds(40);
  t.same(relays(bench), [0, 0], 'but not for ever');
});

t.test('a shutdown opens the relays, unless it is not to', async t => {
  for (const stops of [1, 0]) {
    const bench = await begun({ '/Settings/TempSensorRelay/StopAtShutdown': stops });
    await at(bench, 31);
    await bench.stop();
    t.same(relays(bench), [stops === 1 ? 0 : 1, 0]);
  }
});

t.test('why a relay is on, and what would have to change', async t => {
  const bench = await begun();
  t.same(await at(bench, 31), [1, 0]);
  const { notes, changes, inputs } = await bench.why('/State', TEMPRELAY);
  t.same(notes, [
    `${SENSOR} is at 31 C: condition 1 wants relay 1.`,
    `${SENSOR} is at 31 C: condition 2 does not want relay 2.`,
  ]);
  t.same(changes, [
    `Condition 1 of ${SENSOR} ends when it falls to 25 C.`,
    `Condition 2 of ${SENSOR} begins when it falls to 5 C.`,
  ]);
  t.ok(inputs.some(({ path, value }) => path === '/Temperature' && value === 31));
  t.equal((await bench.why('/Sensor/adc_builtin_5/0/State', TEMPRELAY)).notes.length, 2);
  await t.rejects(bench.why('/Sensor/other/0/State', TEMPRELAY));
});
