/** What the system measures, on an NMEA 2000 network. */
import t from 'tap';
import { simulateTankSensor } from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { FastPacketAssembler } from '../../../../src/protocols/nmea2000/fast-packet.ts';
import { decodeMessage, type Message, type Values } from '../../../../src/protocols/nmea2000/message.ts';
import { isFast } from '../../../../src/protocols/nmea2000/pgns.ts';
import { batteryStatus, chargerStatus, dcDetailedStatus } from '../../../../src/protocols/nmea2000/tables/dc.ts';
import { fluidLevel, temperatureExtended } from '../../../../src/protocols/nmea2000/tables/environment.ts';
import { gnssPosition, positionRapid } from '../../../../src/protocols/nmea2000/tables/navigation.ts';
import { isoRequest } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { SimulatedService } from '../../../support/memory-bus.ts';
import { vecanPlant } from '../../../support/vecan-plant.ts';

const GATEWAY = '/Settings/Vecan/can0/N2kGatewayEnabled';

async function withSystem() {
  const plant = await vecanPlant();
  const { bus, heard } = plant;
  bus.add(
    new SimulatedService('com.victronenergy.battery.ttyUSB0', {
      '/Dc/0/Voltage': 26.51,
      '/Dc/0/Current': -12.3,
      '/Dc/0/Temperature': 21,
      '/Soc': 73.4,
      '/TimeToGo': 7_200,
    }),
  );
  bus.add(
    new SimulatedService('com.victronenergy.solarcharger.ttyUSB1', {
      '/Dc/0/Voltage': 26.6,
      '/Dc/0/Current': 20.1,
      '/State': 3,
    }),
  );
  bus.add(new SimulatedService('com.victronenergy.tank.adc0', { '/Level': 50, '/Capacity': 0.2, '/FluidType': 1 }));
  bus.add(new SimulatedService('com.victronenergy.temperature.adc1', { '/Temperature': 4.5, '/TemperatureType': 1 }));
  bus.add(
    new SimulatedService('com.victronenergy.gps.ttyUSB2', {
      '/Fix': 1,
      '/Position/Latitude': 52.5,
      '/Position/Longitude': -4.25,
      '/UtcTimestamp': 1_772_445_600,
    }),
  );
  /** The messages of a table that went out, put together. */
  const sent = (message: Message): readonly Values[] => {
    const fast = new FastPacketAssembler();
    return heard()
      .filter(({ pgn, source }) => pgn === message.pgn && source === 100)
      .flatMap(({ data }) => {
        const whole = isFast(message.pgn) ? fast.push(100, message.pgn, data, 0) : data;
        return whole === undefined ? [] : [decodeMessage(message, whole).values];
      });
  };
  return { ...plant, sent };
}

t.test('nothing without the setting', async t => {
  const { clock, sent } = await withSystem();
  await clock.advance(10_000);
  t.same(sent(batteryStatus), []);
});

t.test('batteries, chargers, tanks, temperatures and the position, at their rates', async t => {
  const { clock, sent, settings } = await withSystem();
  settings.set(GATEWAY, 1);
  await clock.advance(15_050);
  const batteries = sent(batteryStatus);
  t.equal(batteries.filter(({ instance }) => instance === 0).length, 10, 'each 1.5 s');
  t.match(batteries[0], { instance: 0, voltage: 26.51, current: -12.3, temperature: 294.15 });
  t.match(batteries[1], { instance: 1, voltage: 26.6, current: 20.1 });
  t.match(sent(dcDetailedStatus)[0], { instance: 0, dcType: 0, stateOfCharge: 73, timeRemaining: 7_200 });
  t.match(sent(dcDetailedStatus)[1], { instance: 1, dcType: 3 });
  t.match(sent(chargerStatus)[0], { instance: 1, operatingState: 1, enabled: 1 });
  t.match(sent(fluidLevel)[0], { instance: 0, type: 1, level: 50, capacity: 200 });
  t.match(sent(temperatureExtended)[0], { instance: 0, source: 7, temperature: 277.65 });
  t.equal(sent(positionRapid).length, 150, 'each 100 ms');
  t.match(sent(positionRapid)[0], { latitude: 52.5, longitude: -4.25 });
  t.match(sent(gnssPosition)[0], { latitude: 52.5, longitude: -4.25, date: 20_514, time: 36_000, method: 1 });
  settings.set(GATEWAY, 0);
  await clock.advance(100);
  const before = sent(positionRapid).length;
  await clock.advance(5_000);
  t.equal(sent(positionRapid).length, before, 'and nothing when it is switched off');
});

t.test('without a fix no position; a lost value is told as not available', async t => {
  const { clock, sent, settings, bus } = await withSystem();
  settings.set(GATEWAY, 1);
  bus.set('com.victronenergy.gps.ttyUSB2', '/Fix', 0);
  bus.set('com.victronenergy.battery.ttyUSB0', '/Dc/0/Current', null);
  await clock.advance(2_000);
  t.same(sent(positionRapid), []);
  t.match(sent(batteryStatus)[0], { instance: 0, voltage: 26.51, current: null });
});

t.test('devices of a network are not told to it; an instance stays with its service', async t => {
  const { clock, sent, settings, bus, wireFor, world } = await withSystem();
  settings.set(GATEWAY, 1);
  simulateTankSensor(wireFor());
  await clock.advance(15_000);
  t.equal(world.ofType('tank').length, 2);
  t.same([...new Set(sent(fluidLevel).map(({ capacity }) => capacity))], [200]);
  t.same([...new Set(sent(fluidLevel).map(({ instance }) => instance))], [0]);
  bus.add(new SimulatedService('com.victronenergy.battery.ttyUSB9', { '/Dc/0/Voltage': 12 }));
  await clock.advance(3_000);
  bus.remove('com.victronenergy.battery.ttyUSB0');
  await clock.advance(3_000);
  t.match(
    sent(batteryStatus).findLast(({ voltage }) => voltage === 12),
    { instance: 2 },
  );
});

t.test('asked for a message, it is sent at once', async t => {
  const { clock, sent, settings, put } = await withSystem();
  settings.set(GATEWAY, 1);
  await clock.advance(200);
  t.equal(sent(fluidLevel).length, 0);
  await put({ priority: 6, pgn: isoRequest.pgn, source: 9, destination: 255 }, Uint8Array.of(0x11, 0xf2, 0x01));
  await clock.advance(10);
  t.equal(sent(fluidLevel).length, 1);
});
