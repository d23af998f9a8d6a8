import t from 'tap';
import { typedGuess } from '../../../../src/bus/value.ts';
import { EssPlant, PLAN } from '../../../support/ess-plant.ts';
import { CHARGER } from '../../../support/system-plant.ts';

const DISABLE = '/Pv/Disable';

async function sunny(): Promise<EssPlant> {
  const plant = new EssPlant({ '/Settings/Services/Bol': 1 });
  plant.add('shelly.x', { [DISABLE]: 0 });
  plant.add('acsystem.a', { [DISABLE]: 0, '/DeviceInstance': 0 });
  plant.add('acsystem.b', { [DISABLE]: 0, '/DeviceInstance': 1 });
  plant.add('solarcharger.s', CHARGER);
  plant.multi('/Hub/ChargeVoltage', 56);
  await plant.start();
  await plant.advance(3_000);
  return plant;
}

function told(plant: EssPlant): unknown[] {
  return ['hub4', 'shelly.x', 'acsystem.a', 'acsystem.b'].map(name =>
    plant.bus.get(`com.victronenergy.${name}`, DISABLE),
  );
}

function ask(plant: EssPlant, value: number | string): Promise<unknown> {
  return plant.bus.setValue('com.victronenergy.system', DISABLE, typedGuess(value));
}

t.test('goes on to who makes solar power, and ends by itself', async t => {
  const plant = await sunny();
  await ask(plant, 1);
  await plant.settle();
  t.equal(plant.get(DISABLE), 1);
  t.same(told(plant), [1, 1, 1, 0]);
  await plant.advance(3_000);
  t.equal(plant.bus.get('com.victronenergy.solarcharger.s', '/Link/ChargeCurrent'), 0);
  await plant.advance(56_900);
  t.equal(plant.get(DISABLE), 1);
  await plant.advance(200);
  t.equal(plant.get(DISABLE), 0);
  t.same(told(plant), [0, 0, 0, 0]);
  await plant.advance(3_000);
  t.equal(plant.bus.get('com.victronenergy.solarcharger.s', '/Link/ChargeCurrent'), 100);
  await plant.stop();
});

t.test('asking again prolongs it, asking for 0 ends it', async t => {
  const plant = await sunny();
  await ask(plant, 1);
  await plant.advance(40_000);
  await ask(plant, '1');
  await plant.advance(40_000);
  t.equal(plant.get(DISABLE), 1);
  await ask(plant, 0);
  await plant.settle();
  t.equal(plant.get(DISABLE), 0);
  t.same(told(plant), [0, 0, 0, 0]);
  await plant.stop();
});

t.test('anything else is refused', async t => {
  const plant = await sunny();
  await ask(plant, 'off');
  await plant.settle();
  t.equal(plant.get(DISABLE), 0);
  await plant.stop();
});

t.test('a plan that wants no sun holds it off, for as long as its window', async t => {
  const plant = await sunny();
  for (const name of ['acsystem.a', 'acsystem.b']) plant.set(name, '/Connected', 0); // as these go before
  for (const [name, value] of [
    ['Start', plant.secondsFromNow(0)],
    ['Duration', 120],
    ['TargetSoc', 50],
    ['Flags', 2],
  ] as const)
    plant.setting(`${PLAN}/Schedule/0/${name}`, value);
  plant.setting(`${PLAN}/BatteryCapacity`, 10);
  plant.setting(`${PLAN}/Mode`, 1);
  await plant.advance(8_000);
  t.equal(plant.get(DISABLE), 1);
  await plant.advance(100_000);
  t.equal(plant.get(DISABLE), 1, 'longer than somebody who asks once');
  await plant.advance(20_000);
  t.equal(plant.get(DISABLE), 0);
  await plant.stop();
});
