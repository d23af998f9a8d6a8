import t from 'tap';
import type { Value } from '../../../../src/schema/row.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const DVCC = '/Settings/Services/Bol';
const VOLTAGE_SENSE = '/Settings/SystemSetup/SharedVoltageSense';
const TEMPERATURE_SENSE = '/Settings/SystemSetup/SharedTemperatureSense';
const CURRENT_SENSE = '/Settings/SystemSetup/BatteryCurrentSense';
const MONITOR = {
  '/Dc/0/Voltage': 52.4,
  '/Dc/0/Current': 7,
  '/Dc/0/Power': 367,
  '/Dc/0/Temperature': 21,
  '/Soc': 60,
};
const CHARGER = {
  '/State': 3,
  '/FirmwareVersion': 0x150,
  '/Link/NetworkMode': 0,
  '/Link/VoltageSense': null,
  '/Link/TemperatureSense': null,
  '/Link/BatteryCurrent': null,
  '/Link/TemperatureSenseActive': 0,
  '/Link/VoltageSenseActive': 0,
  '/Dc/0/Voltage': 52.1,
  '/Dc/0/Current': 10,
};
const ON = { [DVCC]: 1, [VOLTAGE_SENSE]: 1, [TEMPERATURE_SENSE]: 1, [CURRENT_SENSE]: 1 };

async function sharing(settings: Record<string, number> = ON): Promise<SystemPlant> {
  const plant = new SystemPlant({ settings });
  plant.add('battery.monitor', MONITOR);
  plant.add('solarcharger.s', CHARGER);
  await plant.start();
  return plant;
}

function told(plant: SystemPlant): Value[] {
  return ['VoltageSense', 'TemperatureSense', 'BatteryCurrent'].map(name =>
    plant.bus.get('com.victronenergy.solarcharger.s', `/Link/${name}`),
  );
}

t.test('a battery monitor measures for all', async t => {
  const plant = await sharing();
  await plant.advance(13_000);
  t.same(told(plant), [52.4, 21, 7]);
  t.equal(plant.get('/Control/SolarChargerVoltageSense'), 1);
  t.equal(plant.get('/Control/SolarChargerTemperatureSense'), 1);
  t.equal(plant.get('/Control/BatteryCurrentSense'), 4);
  const why = await plant.why('/Control/SolarChargerVoltageSense');
  t.match(JSON.stringify(why), /VoltageService/);
  await plant.stop();
});

t.test('each only when the user wants it, and none without DVCC', async t => {
  for (const off of [VOLTAGE_SENSE, TEMPERATURE_SENSE, CURRENT_SENSE]) {
    const plant = await sharing({ ...ON, [off]: 0 });
    await plant.advance(13_000);
    const order = [VOLTAGE_SENSE, TEMPERATURE_SENSE, CURRENT_SENSE];
    t.same(
      told(plant).map(value => value !== null),
      order.map(setting => setting !== off),
      off,
    );
    await plant.stop();
  }
  const plant = await sharing({ ...ON, [DVCC]: 0 });
  await plant.advance(13_000);
  t.same(told(plant), [null, null, null]);
  t.equal(plant.get('/Control/BatteryCurrentSense'), 0);
  await plant.stop();
});

t.test('never to the device that it comes from', async t => {
  const plant = new SystemPlant({ settings: ON });
  plant.add('solarcharger.s', { ...CHARGER, '/Dc/0/Temperature': 30 });
  plant.add('solarcharger.t', CHARGER);
  await plant.start();
  await plant.advance(13_000);
  for (const [service, path] of [
    ['/Dc/Battery/VoltageService', '/Link/VoltageSense'],
    ['/Dc/Battery/TemperatureService', '/Link/TemperatureSense'],
  ] as const) {
    const source = plant.get(service);
    if (typeof source !== 'string') continue;
    t.notOk(
      plant.bus.simulated(source)?.writes.some(write => write.path === path),
      `${path} of ${source}`,
    );
  }
  await plant.stop();
});

t.test('voltage and current every 3 s, temperature every 9 s', async t => {
  const plant = await sharing();
  await plant.advance(30_500);
  const counts = (): number[] => {
    const writes = plant.bus.simulated('com.victronenergy.solarcharger.s')?.writes ?? [];
    return ['VoltageSense', 'BatteryCurrent', 'TemperatureSense'].map(
      name => writes.filter(({ path }) => path === `/Link/${name}`).length,
    );
  };
  const before = counts();
  await plant.advance(90_000);
  t.same(
    counts().map((count, i) => count - (before[i] ?? 0)),
    [30, 30, 10],
  );
  await plant.stop();
});

/** What a product forces: DVCC, voltage sense, temperature sense. */
const FORCED: readonly [string, number, readonly [number, number, number]][] = [
  ['Pylontech', 0xb009, [3, 2, 2]],
  ['BYD B-Box L', 0xb015, [3, 2, 2]],
  ['Lynx Smart BMS', 0xa3e5, [3, 3, 2]],
  ['Freedom WON', 0xb014, [3, 1, 2]],
  ['an unknown one', 0x1234, [1, 1, 1]],
];

for (const [name, product, expected] of FORCED)
  t.test(`settings that ${name} forces, and gives back`, async t => {
    const plant = new SystemPlant({ settings: ON });
    await plant.start();
    plant.add('battery.b', { ...MONITOR, '/ProductId': product, '/Info/MaxChargeVoltage': 56 });
    await plant.advance(3_000);
    const at = (): Value[] =>
      [DVCC, VOLTAGE_SENSE, TEMPERATURE_SENSE].map(path => plant.bus.get('com.victronenergy.settings', path));
    t.same(at(), expected);
    plant.remove('battery.b');
    await plant.advance(3_000);
    t.same(
      at(),
      expected.map(value => value & 1),
      'as they stand, but no longer forced',
    );
    await plant.stop();
  });
