import t from 'tap';
import { seededRandom } from '../../../../src/kernel/random.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { CHARGER, SystemPlant } from '../../../support/system-plant.ts';

const DVCC = '/Settings/Services/Bol';
const USER_CURRENT = '/Settings/SystemSetup/MaxChargeCurrent';
const USER_VOLTAGE = '/Settings/SystemSetup/MaxChargeVoltage';
const LIMITS = '/BatteryOperationalLimits';
const LYNX = 0xa3e5;

const BATTERY = {
  '/Dc/0/Voltage': 52,
  '/Dc/0/Current': 5,
  '/Dc/0/Power': 260,
  '/Soc': 50,
  '/Info/MaxChargeVoltage': 56,
  '/Info/MaxChargeCurrent': 45,
  '/Info/MaxDischargeCurrent': 50,
  '/Info/BatteryLowVoltage': 47,
};
const VEBUS = {
  '/State': 3,
  '/Dc/0/Voltage': 52,
  '/Dc/0/Current': 0,
  '/Dc/0/MaxChargeCurrent': 70,
  '/FirmwareFeatures/BolFrame': 1,
  '/FirmwareVersion': 0x456,
  '/Hub/ChargeVoltage': null,
  [`${LIMITS}/MaxChargeVoltage`]: null,
  [`${LIMITS}/MaxChargeCurrent`]: null,
  [`${LIMITS}/MaxDischargeCurrent`]: null,
  [`${LIMITS}/BatteryLowVoltage`]: null,
};

function writesTo(plant: SystemPlant, name: string, path: string): Value[] {
  const service = plant.bus.simulated(`com.victronenergy.${name}`);
  return (service?.writes ?? []).filter(write => write.path === path).map(write => write.value);
}

function at(plant: SystemPlant, name: string, path: string): Value {
  return plant.bus.get(`com.victronenergy.${name}`, path);
}

t.test('limits of BMS and user go to all, every 3 s', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1, [USER_CURRENT]: 30, [USER_VOLTAGE]: 55 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.s', CHARGER);
  plant.add('vebus.v', { ...VEBUS, '/DeviceInstance': 1 });
  await plant.advance(2_500);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeCurrent'), null, 'not before the first period has passed');
  await plant.advance(500);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeCurrent'), 30);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeVoltage'), 55);
  t.equal(at(plant, 'solarcharger.s', '/Link/NetworkMode'), 13);
  t.equal(at(plant, 'vebus.v', `${LIMITS}/MaxChargeVoltage`), 55);
  t.equal(at(plant, 'vebus.v', `${LIMITS}/MaxChargeCurrent`), 20, 'what the solar charger leaves');
  t.equal(at(plant, 'vebus.v', `${LIMITS}/MaxDischargeCurrent`), 50);
  t.equal(at(plant, 'vebus.v', `${LIMITS}/BatteryLowVoltage`), 47);
  t.equal(plant.get('/Dc/Battery/ChargeVoltage'), 55);
  await plant.advance(9_000);
  t.equal(writesTo(plant, 'solarcharger.s', '/Link/ChargeCurrent').length, 4, 'repeated, as chargers forget');
  await plant.stop();
});

t.test('a BMS that is lost: chargers that have known one are told nothing more', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.s', { ...CHARGER, '/Settings/BmsPresent': 1 });
  await plant.advance(6_000);
  t.equal(plant.get('/Control/SolarChargeVoltage'), 1);
  plant.remove('battery.b');
  const before = plant.bus.simulated('com.victronenergy.solarcharger.s')?.writes.length;
  await plant.advance(60_000);
  const sense = ['/Link/VoltageSense', '/Link/BatteryCurrent', '/Link/TemperatureSense'];
  const after = plant.bus
    .simulated('com.victronenergy.solarcharger.s')
    ?.writes.filter(one => !sense.includes(one.path));
  t.equal(after?.length, before);
  t.equal(plant.get('/Control/SolarChargeVoltage'), 0);
  t.equal(plant.get('/Control/EffectiveChargeVoltage'), null);
  t.equal(plant.get('/Dc/Battery/ChargeVoltage'), null);
  const why = await plant.why('/Control/EffectiveChargeVoltage');
  t.match(why.notes.join(), /told nothing/);

  plant.add('battery.b', BATTERY);
  await plant.advance(3_000);
  t.equal(plant.get('/Control/SolarChargeVoltage'), 1, 'it is back');
  await plant.stop();
});

t.test('a BMS whose charge voltage becomes invalid is none', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.s', { ...CHARGER, '/Settings/BmsPresent': 1 });
  await plant.advance(6_000);
  plant.set('battery.b', '/Info/MaxChargeVoltage', null);
  await plant.advance(3_000);
  t.equal(plant.get('/Control/SolarChargeVoltage'), 0);
  await plant.stop();
});

t.test('limits that flap ten times a second do not make chargers flap', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.s', CHARGER);
  plant.add('vebus.v', { ...VEBUS, '/DeviceInstance': 1 });
  await plant.advance(3_000);
  const count = (): number =>
    writesTo(plant, 'solarcharger.s', '/Link/ChargeCurrent').length +
    writesTo(plant, 'vebus.v', `${LIMITS}/MaxChargeVoltage`).length;
  const before = count();
  for (let i = 0; i < 300; i++) {
    plant.set('battery.b', '/Info/MaxChargeCurrent', i % 2 === 0 ? 0 : 45);
    plant.set('battery.b', '/Info/MaxChargeVoltage', i % 2 === 0 ? 50 : 56);
    await plant.advance(100);
  }
  t.ok(count() - before <= 2 * 11, `${count() - before} writes in 30 s`);
  await plant.stop();
});

t.test('a Lynx BMS that lowers its voltage is followed at once, but not more often than once a second', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
  plant.add('battery.b', { ...BATTERY, '/ProductId': LYNX });
  plant.add('solarcharger.s', CHARGER);
  await plant.advance(3_000);
  plant.set('battery.b', '/Info/MaxChargeVoltage', 54.5);
  await plant.settle();
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeVoltage'), 54.5);
  const before = writesTo(plant, 'solarcharger.s', '/Link/ChargeVoltage').length;
  for (let i = 0; i < 200; i++) {
    plant.set('battery.b', '/Info/MaxChargeVoltage', i % 2 === 0 ? 54 : 55);
    await plant.advance(50);
  }
  const writes = writesTo(plant, 'solarcharger.s', '/Link/ChargeVoltage').length - before;
  t.ok(writes <= 10 + 1 + 4, `${writes} writes in 10 s, those of DVCC among them`);
  plant.set('battery.b', '/Info/MaxChargeVoltage', 53);
  await plant.advance(1_000);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeVoltage'), 53, 'the last word counts');
  plant.set('battery.b', '/Info/MaxChargeCurrent', 0);
  await plant.advance(3_000);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeCurrent'), 0);
  await plant.stop();
});

t.test(
  'without a BMS the limit of the user goes to the setting of the inverter/charger, and is lifted once',
  async t => {
    const plant = await new SystemPlant({ settings: { [DVCC]: 1, [USER_CURRENT]: 40 } }).start();
    plant.add('solarcharger.s', CHARGER);
    plant.add('vebus.v', { ...VEBUS, '/DeviceInstance': 1 });
    await plant.advance(3_000);
    t.equal(at(plant, 'vebus.v', '/Dc/0/MaxChargeCurrent'), 30);
    t.equal(at(plant, 'vebus.v', `${LIMITS}/MaxChargeCurrent`), null);
    plant.settings?.set(USER_CURRENT, 10);
    await plant.advance(3_000);
    t.equal(at(plant, 'vebus.v', '/Dc/0/MaxChargeCurrent'), 0, 'an ampere or less is not worth having');
    plant.settings?.set(USER_CURRENT, -1);
    await plant.advance(3_000);
    t.equal(at(plant, 'vebus.v', '/Dc/0/MaxChargeCurrent'), 10_000);
    const before = writesTo(plant, 'vebus.v', '/Dc/0/MaxChargeCurrent').length;
    await plant.advance(9_000);
    t.equal(writesTo(plant, 'vebus.v', '/Dc/0/MaxChargeCurrent').length, before);
    await plant.stop();
  },
);

t.test('what nobody writes is not there: paths that a device does not have, offsets of everyday users', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.old', { '/State': 3, '/Dc/0/Current': 10, '/Dc/0/Voltage': 52 });
  plant.add('solarcharger.s', { ...CHARGER, '/DeviceInstance': 1 });
  await plant.bus.setValue('com.victronenergy.system', '/Debug/BatteryOperationalLimits/SolarVoltageOffset', {
    signature: 'i',
    value: 5,
  });
  await plant.advance(6_000);
  t.same(plant.bus.simulated('com.victronenergy.solarcharger.old')?.writes, []);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeVoltage'), 56);
  plant.settings?.set('/Settings/System/AccessLevel', 3);
  await plant.advance(3_000);
  t.equal(at(plant, 'solarcharger.s', '/Link/ChargeVoltage'), 61, 'a developer may');
  t.same(plant.failures(), []);
  await plant.stop();
});

t.test('why: the limits that led to a charge voltage', async t => {
  const plant = await new SystemPlant({ settings: { [DVCC]: 1, [USER_VOLTAGE]: 55 } }).start();
  plant.add('battery.b', BATTERY);
  plant.add('solarcharger.s', CHARGER);
  await plant.advance(4_000);
  const why = await plant.why('/Control/EffectiveChargeVoltage');
  t.equal(why.value, 55);
  t.equal(why.topic, 'dvcc');
  t.ok(why.notes.includes('the user allows 55 V'));
  t.ok(why.inputs.some(input => input.path === '/Info/MaxChargeVoltage' && input.value === 56));
  t.ok(why.inputs.some(input => input.path === USER_VOLTAGE));
  t.ok(why.choices.some(choice => choice.winner === 'com.victronenergy.battery.b'));
  const writes = plant.bus.simulated('com.victronenergy.solarcharger.s')?.writes.length;
  await plant.why('/Control/SolarChargeCurrent');
  t.equal(plant.bus.simulated('com.victronenergy.solarcharger.s')?.writes.length, writes, 'asking steers nothing');
  await plant.stop();
});

for (let seed = 1; seed <= 25; seed++) {
  t.test(`limits that hold whatever happens, plant ${seed}`, async t => {
    const random = seededRandom(seed);
    const upTo = (most: number): number => Math.round(random() * most);
    const plant = await new SystemPlant({ settings: { [DVCC]: 1 } }).start();
    const chargers = Array.from({ length: 1 + upTo(3) }, (_, i) => `solarcharger.s${i}`);
    for (const [i, name] of chargers.entries())
      plant.add(name, { ...CHARGER, '/DeviceInstance': i, '/Settings/ChargeCurrentLimit': 20 + upTo(80) });
    plant.add('battery.b', BATTERY);
    plant.add('vebus.v', { ...VEBUS, '/DeviceInstance': 9 });
    for (let i = 0; i < 25; i++) {
      plant.set('battery.b', '/Info/MaxChargeCurrent', random() < 0.2 ? 0 : upTo(200));
      plant.set('battery.b', '/Info/MaxChargeVoltage', 48 + upTo(80) / 10);
      plant.set('vebus.v', '/Dc/0/Current', upTo(60) - 30);
      for (const name of chargers) plant.set(name, '/Dc/0/Current', upTo(100));
      if (random() < 0.3) plant.settings?.set(USER_CURRENT, random() < 0.5 ? -1 : upTo(100));
      if (random() < 0.3) plant.settings?.set(USER_VOLTAGE, random() < 0.5 ? 0 : 48 + upTo(80) / 10, true);
      await plant.advance(3_000);
      const number = (name: string, path: string): number => Number(at(plant, name, path));
      const user = Number(plant.bus.get('com.victronenergy.settings', USER_CURRENT));
      const userVolts = Number(plant.bus.get('com.victronenergy.settings', USER_VOLTAGE));
      const amperes = Math.min(
        number('battery.b', '/Info/MaxChargeCurrent'),
        user < 0 ? Number.POSITIVE_INFINITY : user,
      );
      const volts = Math.min(
        number('battery.b', '/Info/MaxChargeVoltage'),
        userVolts > 0 ? userVolts : Number.POSITIVE_INFINITY,
      );
      t.ok(number('vebus.v', `${LIMITS}/MaxChargeVoltage`) <= volts, 'voltage of the inverter/charger');
      t.ok(number('vebus.v', `${LIMITS}/MaxChargeCurrent`) <= amperes, 'current of the inverter/charger');
      const given = chargers.map(name => number(name, '/Link/ChargeCurrent'));
      const sum = given.reduce((total, one) => total + one, 0);
      const capacity = chargers.reduce((total, name) => total + number(name, '/Settings/ChargeCurrentLimit'), 0);
      // What the inverter/charger takes at most goes on top; a limit of nearly all that they can make is none.
      const allowed = Math.ceil(amperes + 30) + 0.2;
      t.ok(sum <= allowed || sum * 0.95 <= allowed, `${sum} A of ${capacity} A for ${amperes} A`);
      for (const [n, name] of chargers.entries()) {
        t.ok((given[n] ?? 0) <= number(name, '/Settings/ChargeCurrentLimit'), `${name} within its own limit`);
        t.ok(number(name, '/Link/ChargeVoltage') <= volts, `voltage of ${name}`);
      }
    }
    t.same(plant.failures(), []);
    await plant.stop();
  });
}
