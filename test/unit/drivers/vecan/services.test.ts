/** Messages of devices of other makers, and the services they become. */
import t from 'tap';
import { encodeName, MARINE, type Name } from '../../../../src/protocols/nmea2000/name.ts';
import * as ac from '../../../../src/protocols/nmea2000/tables/ac.ts';
import * as acBus from '../../../../src/protocols/nmea2000/tables/ac-bus.ts';
import * as dc from '../../../../src/protocols/nmea2000/tables/dc.ts';
import * as engine from '../../../../src/protocols/nmea2000/tables/engine.ts';
import * as environment from '../../../../src/protocols/nmea2000/tables/environment.ts';
import * as navigation from '../../../../src/protocols/nmea2000/tables/navigation.ts';
import { addressClaim, productInformation } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { vecanPlant } from '../../../support/vecan-plant.ts';

const GENERATION = 35;
const PROPULSION = 50;

function nameOf(uniqueNumber: number, deviceClass = 75, deviceFunction = 130): Name {
  return {
    uniqueNumber,
    manufacturer: 717,
    deviceInstance: 0,
    deviceFunction,
    deviceClass,
    systemInstance: 0,
    industry: MARINE,
    arbitraryAddress: true,
  };
}

/** A network with a node that has been heard of. */
async function withNode(deviceClass?: number, deviceFunction?: number) {
  const plant = await vecanPlant();
  const claim = (source: number, name: Name): Promise<void> =>
    plant.put({ priority: 6, pgn: addressClaim.pgn, source, destination: 255 }, encodeName(name));
  await claim(40, nameOf(1234, deviceClass, deviceFunction));
  await plant.clock.advance(5_000);
  /** Says things each second, for so many seconds. */
  const go = async (seconds: number, ...say: (() => Promise<void>)[]): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      for (const one of say) await one();
      await plant.clock.advance(1_000);
    }
  };
  const service = (type: string, nth = 0): string => plant.names(type)[nth] ?? '';
  return { ...plant, claim, go, service };
}

t.test('two batteries and an alternator of one device', async t => {
  const { say, go, names, value, service } = await withNode();
  const side = (instance: number, volts: number) => () =>
    say(40, dc.batteryStatus, { instance, voltage: volts, current: -2.5, temperature: 298.15, sid: 0 });
  await go(
    6,
    side(0, 12.8),
    side(1, 25.6),
    side(2, 14.1),
    () => say(40, dc.dcDetailedStatus, { instance: 0, dcType: 0, stateOfCharge: 81, timeRemaining: 3_600 }),
    () => say(40, dc.dcDetailedStatus, { instance: 2, dcType: 1 }),
    () => say(40, dc.batteryConfiguration, { instance: 0, capacity: 210, nominalVoltage: 1 }),
  );
  t.equal(names('battery').length, 2);
  const battery = service('battery');
  t.equal(battery, 'com.victronenergy.battery.socketcan_can0_vi0_uc1234');
  t.match(names('battery')[1], /_vi1_uc1234$/);
  t.equal(value(battery, '/Dc/0/Voltage'), 12.8);
  t.equal(value(battery, '/Dc/0/Current'), -2.5);
  t.equal(value(battery, '/Dc/0/Power'), -32);
  t.equal(value(battery, '/Dc/0/Temperature'), 25);
  t.equal(value(battery, '/Soc'), 81);
  t.equal(value(battery, '/TimeToGo'), 3_600);
  t.equal(value(battery, '/InstalledCapacity'), 210);
  t.equal(value(battery, '/N2kUniqueNumber'), 1234);
  t.equal(value(battery, '/DeviceInstance'), 0);
  t.equal(value(service('battery', 1), '/Dc/0/Voltage'), 25.6);
  t.equal(value(service('alternator'), '/Dc/0/Voltage'), 14.1);
  t.equal(value(service('alternator'), '/Mgmt/Connection'), 'VE.Can');
});

t.test('a charger and an inverter in one device, told apart by what they say of their batteries', async t => {
  const { say, go, names, value, service } = await withNode();
  await go(
    6,
    () => say(40, dc.chargerStatus, { instance: 0, batteryInstance: 1, operatingState: 2, enabled: 1 }),
    () => say(40, dc.batteryStatus, { instance: 1, voltage: 28.8, current: 30 }),
    () => say(40, dc.inverterStatus, { instance: 0, acInstance: 0, dcInstance: 3, operatingState: 0 }),
    () => say(40, dc.batteryStatus, { instance: 3, voltage: 24.1, current: -40 }),
  );
  t.same(names('battery'), []);
  t.equal(value(service('charger'), '/State'), 4);
  t.equal(value(service('charger'), '/Dc/0/Voltage'), 28.8);
  t.equal(value(service('charger'), '/Mode'), 1);
  t.equal(value(service('inverter'), '/State'), 9);
  t.equal(value(service('inverter'), '/Dc/0/Voltage'), 24.1);
});

t.test('a generator: its engine and its three phases, in either of two dialects', async t => {
  const { say, go, value, service, names } = await withNode(GENERATION, 151);
  await go(
    4,
    () => say(40, engine.engineRapid, { instance: 0, speed: 1500 }),
    () =>
      say(40, engine.engineDynamic, {
        instance: 0,
        temperature: 353.15,
        oilPressure: 400_000,
        totalEngineHours: 7_200,
        engineLoad: 40,
        alternatorPotential: 13.9,
      }),
    () => say(40, acBus.generatorQuantitiesA, { lineNeutralAcRmsVoltage: 230, acFrequency: 50, acRmsCurrent: 10 }),
    () => say(40, acBus.generatorPowerA, { realPower: 2_300, apparentPower: 2_350 }),
    () => say(40, acBus.generatorPowerB, { realPower: 1_200, apparentPower: 1_250 }),
    () => say(40, acBus.generatorEnergy, { totalEnergyExport: 1_234, totalEnergyImport: 0 }),
  );
  const genset = service('genset');
  t.equal(value(genset, '/Engine/Speed'), 1500);
  t.equal(value(genset, '/StatusCode'), 8);
  t.equal(value(genset, '/Engine/CoolantTemperature'), 80);
  t.equal(value(genset, '/Engine/OilPressure'), 400);
  t.equal(value(genset, '/Engine/OperatingHours'), 7_200);
  t.equal(value(genset, '/StarterVoltage'), 13.9);
  t.equal(value(genset, '/Ac/L1/Voltage'), 230);
  t.equal(value(genset, '/Ac/L1/Current'), 10);
  t.equal(value(genset, '/Ac/L1/Power'), 2_300);
  t.equal(value(genset, '/Ac/L2/Power'), 1_200);
  t.equal(value(genset, '/Ac/Power'), 3_500, 'the sum');
  t.equal(value(genset, '/Ac/Frequency'), 50);
  t.equal(value(genset, '/Ac/Energy/Forward'), 1_234);
  await go(
    2,
    () =>
      say(40, ac.acOutputStatus, { instance: 0, numberOfLines: 1 }, [
        { line: 0, voltage: 231.25, current: 9.9, frequency: 50.02, realPower: 2_280 },
      ]),
    () => say(40, engine.agsStatus, { instance: 0, generatorInstance: 0, generatorState: 8 }),
  );
  t.equal(value(genset, '/Ac/L1/Voltage'), 231.25, 'the finer one');
  t.equal(value(genset, '/StatusCode'), 9, 'stopping');
  t.equal(names('genset').length, 1);
});

t.test('the engine of the boat is no generator', async t => {
  const { say, go, names } = await withNode(PROPULSION, 140);
  await go(4, () => say(40, engine.engineRapid, { instance: 0, speed: 2400 }));
  t.same(names('genset'), []);
});

t.test('a meter at the mains', async t => {
  const { say, go, value, service } = await withNode(GENERATION, 153);
  await go(
    3,
    () => say(40, acBus.utilityPowerA, { realPower: -450, apparentPower: 470 }),
    () => say(40, acBus.utilityQuantitiesA, { lineNeutralAcRmsVoltage: 229, acFrequency: 50, acRmsCurrent: 2 }),
    () => say(40, acBus.utilityEnergy, { totalEnergyExport: 17, totalEnergyImport: 42 }),
  );
  const grid = service('grid');
  t.equal(value(grid, '/Ac/L1/Power'), -450);
  t.equal(value(grid, '/Ac/Power'), -450);
  t.equal(value(grid, '/Ac/Energy/Forward'), 42);
  t.equal(value(grid, '/Ac/Energy/Reverse'), 17);
});

t.test('temperature, humidity and pressure of one sensor', async t => {
  const { say, go, value, names, service } = await withNode();
  await go(
    4,
    () => say(40, environment.temperatureExtended, { instance: 1, source: 2, temperature: 293.15 }),
    () => say(40, environment.temperature, { instance: 2, source: 7, actualTemperature: 278.15 }),
    () => say(40, environment.humidity, { instance: 1, source: 0, actualHumidity: 55.2 }),
    () => say(40, environment.pressure, { instance: 1, source: 0, pressure: 101_320 }),
  );
  t.equal(names('temperature').length, 2);
  const room = service('temperature');
  t.equal(value(room, '/Temperature'), 20);
  t.equal(value(room, '/TemperatureType'), 3);
  t.equal(value(room, '/Humidity'), 55.2);
  t.equal(value(room, '/Pressure'), 101.32);
  t.equal(value(service('temperature', 1), '/TemperatureType'), 1);
  t.equal(value(service('temperature', 1), '/Humidity'), null);
});

t.test('a position: lost when the receiver has none, and a magnetic course is not shown as a true one', async t => {
  const { say, go, value, service, clock } = await withNode(60, 145);
  await go(
    2,
    () => say(40, navigation.positionRapid, { latitude: -33.5, longitude: 151.25 }),
    () => say(40, navigation.courseRapid, { sid: 0, cogReference: 0, cog: Math.PI / 2, sog: 3.1 }),
    () => say(40, navigation.magneticVariation, { variation: 0.2182 }),
  );
  const gps = service('gps');
  t.equal(value(gps, '/Position/Latitude'), -33.5);
  t.equal(value(gps, '/Course'), 90);
  t.equal(value(gps, '/Speed'), 3.1);
  t.equal(value(gps, '/Fix'), 1);
  t.equal(value(gps, '/MagneticVariation'), 12.5);
  await go(
    2,
    () => say(40, navigation.positionRapid, { latitude: null, longitude: null }),
    () => say(40, navigation.courseRapid, { sid: 0, cogReference: 1, cog: 1, sog: 3.1 }),
  );
  t.equal(value(gps, '/Position/Latitude'), null);
  t.equal(value(gps, '/Fix'), 0);
  t.equal(value(gps, '/Course'), null);
  await clock.advance(6_000);
  t.equal(value(gps, '/Speed'), null, 'too old');
});

t.test('a bank of switches, which are switched by commands', async t => {
  const { say, go, value, service, world } = await withNode(30, 140);
  await go(3, () =>
    say(40, environment.switchBankStatus, { instance: 1, indicator1: 1, indicator2: 0, indicator3: 2 }),
  );
  const bank = service('switch');
  t.equal(value(bank, '/SwitchableOutput/1/State'), 1);
  t.equal(value(bank, '/SwitchableOutput/2/State'), 0);
  t.equal(value(bank, '/SwitchableOutput/3/Status'), 8, 'a fault');
  t.equal(world.service(bank)?.has('/SwitchableOutput/4/State'), false, 'there are three');
});

t.test('a bank that knows no commands is told as of old, and what it does not show was not done', async t => {
  const { say, go, value, service, clock, write, heard } = await withNode(30, 140);
  let state = 0;
  const status = () => say(40, environment.switchBankStatus, { instance: 1, indicator1: state });
  await go(3, status);
  const bank = service('switch');
  const result = write(bank, '/SwitchableOutput/1/State', 1);
  await clock.advance(3_500);
  const order = heard().findLast(({ pgn }) => pgn === environment.switchBankControl.pgn);
  t.same([...(order?.data ?? [])], [1, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'only the one');
  state = 1;
  await go(1, status);
  await clock.advance(500);
  t.same(await result, { ok: true });
  t.equal(value(bank, '/SwitchableOutput/1/State'), 1);
  const ignored = write(bank, '/SwitchableOutput/1/State', 0);
  await go(9, status);
  t.equal((await ignored).ok, false);
  t.equal(value(bank, '/SwitchableOutput/1/State'), 1);
});

t.test('a node that loses its address, or says no more, takes its services with it', async t => {
  const { say, go, names, claim, clock } = await withNode();
  const tank = () => say(40, environment.fluidLevel, { instance: 0, type: 1, level: 20, capacity: 100 });
  await go(3, tank);
  t.equal(names('tank').length, 1);
  await claim(254, nameOf(1234));
  await clock.advance(500);
  t.equal(names('tank').length, 0, 'it has no address any more');
  await claim(40, nameOf(1234));
  await go(6, tank);
  t.equal(names('tank').length, 1);
  await clock.advance(12_000);
  t.equal(names('tank').length, 0, 'silent');
});

t.test(
  'two devices want one address: the lower name defends it, and its values are not mixed with those of the other',
  async t => {
    const { say, go, names, value, claim, clock, service } = await withNode();
    const low = nameOf(1234);
    const high = nameOf(9999);
    const tank = (level: number) => () =>
      say(40, environment.fluidLevel, { instance: 0, type: 1, level, capacity: 100 });
    await go(3, tank(20));
    await claim(40, high);
    await claim(40, low);
    await clock.advance(1_000);
    await go(2, tank(21));
    t.equal(names('tank').length, 1);
    t.equal(value(service('tank'), '/Level'), 21);
    t.equal(value(service('tank'), '/N2kUniqueNumber'), 1234);
    await claim(40, high);
    await clock.advance(4_000);
    t.equal(names('tank').length, 0, 'nobody defended it');
    await go(8, tank(77));
    t.equal(value(service('tank'), '/N2kUniqueNumber'), 9999);
  },
);

t.test('a device that never claims an address is shown all the same, until somebody claims it', async t => {
  const { say, go, names, value, claim, clock, service } = await withNode();
  await go(3, () => say(99, environment.fluidLevel, { instance: 2, type: 5, level: 30, capacity: 60 }));
  t.same(names('tank'), [], 'it is asked first');
  await go(8, () => say(99, environment.fluidLevel, { instance: 2, type: 5, level: 31, capacity: 60 }));
  t.same(names('tank'), ['com.victronenergy.tank.socketcan_can0_vi2_uc99']);
  t.equal(value(service('tank'), '/Level'), 31);
  t.equal(value(service('tank'), '/N2kUniqueNumber'), null);
  await claim(99, nameOf(4321));
  await clock.advance(500);
  t.same(names('tank'), []);
  await go(8, () => say(99, environment.fluidLevel, { instance: 2, type: 5, level: 32, capacity: 60 }));
  t.match(service('tank'), /_uc4321$/);
});

t.test('another VRM instance: the service goes and comes again', async t => {
  const { say, go, names, value, write, clock, service } = await withNode();
  const tank = () => say(40, environment.fluidLevel, { instance: 0, type: 1, level: 20, capacity: 100 });
  await go(3, tank);
  const result = write(service('tank'), '/DeviceInstance', 21);
  await clock.advance(100);
  t.same(await result, { ok: true });
  await go(2, tank);
  t.equal(names('tank').length, 1);
  t.equal(value(service('tank'), '/DeviceInstance'), 21);
  t.equal((await write(service('tank'), '/DeviceInstance', -1)).ok, false);
});

t.test('a name for a device that keeps none is kept here, also when more is learnt of the device', async t => {
  const { say, go, value, write, service, bus } = await withNode();
  const tank = () => say(40, environment.fluidLevel, { instance: 0, type: 1, level: 20, capacity: 100 });
  await go(3, tank);
  const result = write(service('tank'), '/CustomName', 'Bow');
  await go(5, tank);
  t.same(await result, { ok: true });
  await say(40, productInformation, { modelId: 'T1', modelSerialCode: '7' });
  await go(1, tank);
  t.equal(value(service('tank'), '/ProductName'), 'T1');
  t.equal(value(service('tank'), '/CustomName'), 'Bow');
  t.equal(bus.get('com.victronenergy.settings', '/Settings/Devices/n2k_717_1234_130_tank_0_1/CustomName'), 'Bow');
});
