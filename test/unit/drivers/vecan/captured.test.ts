/** The messages that were captured on boats (test/fixtures/nmea2000), as they stand on D-Bus. */
import t from 'tap';
import { encodeName, MARINE } from '../../../../src/protocols/nmea2000/name.ts';
import { addressClaim } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { jsonFixture } from '../../../support/fixture.ts';
import { vecanPlant } from '../../../support/vecan-plant.ts';

const { vectors } = jsonFixture<{ vectors: { line: string }[] }>('nmea2000/vectors.json');
const BROADCAST_FORMAT = 240;

/** Type, and what must stand at the paths of one of its services. */
const EXPECTED: readonly (readonly [type: string, values: Readonly<Record<string, number>>])[] = [
  ['battery', { '/Dc/0/Voltage': 14.62 }],
  ['tank', { '/Level': 56.264, '/Capacity': 0.049, '/FluidType': 0 }],
  ['temperature', { '/Temperature': 0, '/TemperatureType': 2 }],
  ['temperature', { '/Temperature': 8.5, '/TemperatureType': 4 }],
  ['gps', { '/Position/Latitude': 39.070093, '/Position/Longitude': -76.4640445 }],
  ['gps', { '/Course': 120.1, '/Speed': 2.46 }],
];

t.test('every value stands where it belongs', async t => {
  const { clock, put, world } = await vecanPlant();
  const messages = vectors.map(({ line }) => {
    const [, priority, pgn, source, , , ...octets] = line.split(',');
    return {
      id: { priority: Number(priority), pgn: Number(pgn), source: Number(source), destination: 255 },
      bytes: Uint8Array.from(octets, octet => Number.parseInt(octet, 16)),
    };
  });
  const data = messages.filter(({ id }) => ((id.pgn >> 8) & 0xff) >= BROADCAST_FORMAT);
  for (const source of new Set(data.map(({ id }) => id.source))) {
    const name = {
      uniqueNumber: source,
      manufacturer: 717,
      deviceInstance: 0,
      deviceFunction: 130,
      deviceClass: 75,
      systemInstance: 0,
      industry: MARINE,
      arbitraryAddress: true,
    };
    await put({ priority: 6, pgn: addressClaim.pgn, source, destination: 255 }, encodeName(name));
  }
  // A receiver tells its position by the same address as its course.
  const course = data.find(({ id }) => id.pgn === 129_026)?.id.source ?? 3;
  const position = data.find(({ id }) => id.pgn === 129_025);
  for (let i = 0; i < 10; i++) {
    for (const { id, bytes } of data) await put(id, bytes);
    if (position !== undefined) await put({ ...position.id, source: course }, position.bytes);
    await clock.advance(1_000);
  }
  for (const [type, values] of EXPECTED) {
    const found = world
      .ofType(type)
      .some(service =>
        Object.entries(values).every(([path, value]) => Math.abs(Number(service.get(path)) - value) < 0.006),
      );
    t.ok(found, `${type} ${JSON.stringify(values)}`);
  }
});
