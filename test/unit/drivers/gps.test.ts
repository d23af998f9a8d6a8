/** GPS receivers: the recorded sentences, and the receiver that moves. */
import t from 'tap';
import { gpsDriver } from '../../../src/drivers/gps/gps-driver.ts';
import { GpsSimulator } from '../../../src/drivers/gps/simulator.ts';
import { PORT, serialPlant } from '../../support/serial-plant.ts';

const GPS = 'com.victronenergy.gps.ttyUSB0';

async function setUp() {
  const plant = await serialPlant({ drivers: [gpsDriver] });
  const port = plant.links.plug(PORT);
  const gps = new GpsSimulator(plant.clock, bytes => port.send(bytes));
  return { ...plant, port, gps };
}

t.test('a receiver is on the bus within 3 s, and moves', async t => {
  const { clock, value, world, gps } = await setUp();
  await clock.advance(3_000);
  t.ok(world.service(GPS));
  await clock.advance(1_000);
  t.equal(value(GPS, '/Fix'), 1);
  t.equal(value(GPS, '/NrOfSatellites'), 9);
  t.equal(value(GPS, '/ProductId'), 0xa163);
  t.equal(value(GPS, '/ProductName'), 'NMEA-0183 GPS (USB0)');
  t.ok(Math.abs(Number(value(GPS, '/Position/Latitude')) - gps.position.latitude) < 1e-6);
  t.ok(Math.abs(Number(value(GPS, '/Speed')) - 3.0867) < 1e-3);
  t.equal(value(GPS, '/Altitude'), 1.5);
  t.equal(value(GPS, '/UtcTime'), (10 * 3600 + 4) * 1000);
  t.equal(value(GPS, '/DeviceInstance'), 0);
  const before = Number(value(GPS, '/Position/Longitude'));
  await clock.advance(10_000);
  t.ok(Number(value(GPS, '/Position/Longitude')) > before);
});

t.test('without a fix the values grow old; silent for 5 s it is gone, and back by itself', async t => {
  const { clock, value, world, gps } = await setUp();
  await clock.advance(4_000);
  gps.fix = false;
  await clock.advance(2_000);
  t.equal(value(GPS, '/Fix'), 0);
  t.type(value(GPS, '/Position/Latitude'), 'number', 'not yet old');
  await clock.advance(5_000);
  t.equal(value(GPS, '/Position/Latitude'), null);
  t.equal(value(GPS, '/Speed'), null);
  t.equal(value(GPS, '/Fix'), 0);
  gps.silent = true;
  await clock.advance(6_000);
  t.equal(world.service(GPS), undefined);
  gps.silent = false;
  gps.fix = true;
  await clock.advance(4_000);
  t.equal(value(GPS, '/Fix'), 1);
});

t.test('a sentence with a wrong checksum is no receiver', async t => {
  const { clock, world, port, gps } = await setUp();
  gps.silent = true;
  await clock.advance(1_100);
  port.send(Buffer.from('$GPGGA,144326.00,5107.0017737,N,11402.3291611,W,1,08,0.99,1577.90,M,-17.98,M,,*68\r\n'));
  await clock.advance(1_000);
  t.equal(world.service(GPS), undefined);
  port.send(Buffer.from('$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n'));
  await clock.advance(1_000);
  t.ok(world.service(GPS));
});

t.test('a position far from the last is believed when it is said twice', async t => {
  const { clock, value, port, gps } = await setUp();
  await clock.advance(3_500);
  gps.silent = true;
  const before = value(GPS, '/Position/Latitude');
  const far = Buffer.from('$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n');
  port.send(far);
  await clock.settle();
  t.equal(value(GPS, '/Position/Latitude'), before);
  port.send(far);
  await clock.settle();
  t.ok(Math.abs(Number(value(GPS, '/Position/Latitude')) - 48.1173) < 1e-6);
});

t.test('a name given by the user is kept', async t => {
  const { clock, value, write, settings } = await setUp();
  await clock.advance(4_000);
  t.equal(await write(GPS, '/CustomName', 'Mast'), 0);
  t.equal(value(GPS, '/CustomName'), 'Mast');
  t.ok(settings);
});

t.test('every baud rate gets its turn', async t => {
  const { clock, port, gps } = await setUp();
  gps.silent = true;
  const rates = new Set<number>();
  for (let i = 0; i < 300; i++) {
    await clock.advance(100);
    if (port.baudRate !== undefined) rates.add(port.baudRate);
  }
  t.same([...rates].sort(), [38_400, 4_800, 9_600].sort());
});
