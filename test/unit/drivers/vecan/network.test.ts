/** Our place on the network, and the list of who is there. */
import t from 'tap';
import { VECAN_FILTERS } from '../../../../src/drivers/vecan/filters.ts';
import { ownIdentity } from '../../../../src/drivers/vecan/own-identity.ts';
import { simulateSolarCharger } from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { SimulatedSolarCharger } from '../../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { passes } from '../../../../src/ports/can.ts';
import { encodeId } from '../../../../src/protocols/nmea2000/can-id.ts';
import { splitTransport } from '../../../../src/protocols/nmea2000/iso-transport.ts';
import { encodeName, MARINE } from '../../../../src/protocols/nmea2000/name.ts';
import { MESSAGES, PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../../../src/protocols/nmea2000/pgns.ts';
import { addressClaim, isoRequest, productInformation } from '../../../../src/protocols/nmea2000/tables/network.ts';
import { NETWORK, vecanPlant } from '../../../support/vecan-plant.ts';

const ADDRESS = '/Settings/Vecan/can0/SourceAddress';
const SETTINGS = 'com.victronenergy.settings';

t.test('we ask who is there, and each new node who it is', async t => {
  const { clock, heard, wireFor } = await vecanPlant();
  await clock.advance(100);
  const asked = (pgn: number, destination: number): boolean =>
    heard().some(
      ({ pgn: one, destination: to, data }) =>
        one === isoRequest.pgn && to === destination && data[0] === (pgn & 0xff) && data[1] === ((pgn >> 8) & 0xff),
    );
  t.ok(asked(addressClaim.pgn, 255));
  const node = simulateSolarCharger(wireFor(), new SimulatedSolarCharger({ clock }));
  await clock.advance(2_000);
  t.ok(asked(productInformation.pgn, node.address ?? 0));
});

t.test('an address that is lost is looked for anew, and the new one is kept', async t => {
  const { clock, put, session, bus } = await vecanPlant();
  await put({ priority: 6, pgn: addressClaim.pgn, source: 100, destination: 255 }, new Uint8Array(8));
  await clock.advance(1_000);
  t.equal(session.address, 101);
  t.equal(bus.get(SETTINGS, ADDRESS), 100, 'not at once: it may be lost again');
  await clock.advance(15_000);
  t.equal(bus.get(SETTINGS, ADDRESS), 101);
});

t.test('told to take another address we do', async t => {
  const { clock, wire, session, heard, bus } = await vecanPlant();
  const claim = heard().find(({ pgn, source }) => pgn === addressClaim.pgn && source === 100);
  const hand = wire.join([]);
  const name = claim?.data ?? new Uint8Array(8);
  for (const { pgn, data } of splitTransport(65_240, Uint8Array.of(...name, 77)))
    await hand.send({ id: encodeId({ priority: 6, pgn, source: 9, destination: 255 }), extended: true, data });
  await clock.advance(15_000);
  t.equal(session.address, 77);
  t.equal(bus.get(SETTINGS, ADDRESS), 77);
});

t.test('another with our unique number: an alarm', async t => {
  const { clock, put, heard, value, said } = await vecanPlant();
  const claim = heard().find(({ pgn, source }) => pgn === addressClaim.pgn && source === 100);
  await put({ priority: 6, pgn: addressClaim.pgn, source: 100, destination: 255 }, claim?.data ?? new Uint8Array(8));
  await clock.advance(1_000);
  t.equal(value(NETWORK, '/Alarms/SameUniqueNameUsed'), 2);
  t.ok(said.some(line => line.startsWith('error another node')));
});

t.test('another block of unique numbers, when there are two gateways', async t => {
  const { clock, settings, session, heard } = await vecanPlant();
  const numbers = (): number[] =>
    heard().flatMap(({ pgn, source, data }) =>
      pgn === addressClaim.pgn && source === 100
        ? [((data[2] ?? 0) & 0x1f) * 0x1_0000 + (data[1] ?? 0) * 0x100 + (data[0] ?? 0)]
        : [],
    );
  const before = numbers().at(-1) ?? 0;
  settings.set('/Settings/Vecan/can0/VenusUniqueId', 2);
  await clock.advance(1_000);
  t.equal(session.address, 100);
  t.equal(numbers().at(-1), (before + 2_000) % 2 ** 21);
});

t.test('the list of devices: who came, what was learnt, who left', async t => {
  const { clock, value, wireFor, world, put } = await vecanPlant();
  const paths = (): string[] =>
    [...(world.service(NETWORK)?.paths() ?? [])].filter(path => path.startsWith('/Devices/'));
  const node = simulateSolarCharger(wireFor(), new SimulatedSolarCharger({ clock, productId: 0xa103 }));
  await clock.advance(5_000);
  const key = Buffer.from(
    encodeName({
      uniqueNumber: 30_688,
      manufacturer: 358,
      deviceInstance: 0,
      deviceFunction: 160,
      deviceClass: 35,
      systemInstance: 0,
      industry: MARINE,
      arbitraryAddress: true,
    }).toReversed(),
  )
    .toString('hex')
    .toUpperCase();
  const base = `/Devices/${key}`;
  t.equal(paths().length, 8);
  t.equal(value(NETWORK, `${base}/ModelName`), 'SmartSolar MPPT VE.Can 150/45');
  t.equal(value(NETWORK, `${base}/Nad`), node.address);
  t.equal(value(NETWORK, `${base}/N2kUniqueNumber`), 30_688);
  t.equal(value(NETWORK, `${base}/FirmwareVersion`), 'v1.15');
  t.equal(value(NETWORK, `${base}/Serial`), 'HQ2132SIM02');
  await put({ priority: 6, pgn: addressClaim.pgn, source: node.address ?? 0, destination: 255 }, new Uint8Array(8));
  await clock.advance(2_000);
  t.equal(value(NETWORK, `${base}/Nad`), 41, 'it had to go to another address');
  node.release();
  await clock.advance(100_000);
  t.same(paths(), [], 'it has said nothing for so long');
});

t.test('the system gives us what we know, and drops the rest', t => {
  const frame = (pgn: number, destination = 255) => ({
    id: encodeId({ priority: 3, pgn, source: 40, destination }),
    extended: true,
    data: new Uint8Array(8),
  });
  for (const { pgn } of MESSAGES) t.ok(passes(VECAN_FILTERS, frame(pgn)), `${pgn}`);
  for (const pgn of [PROPRIETARY_SINGLE, PROPRIETARY_FAST]) t.ok(passes(VECAN_FILTERS, frame(pgn, 100)));
  for (const pgn of [129_038, 129_283, 130_306, 127_250, 128_259, 65_280])
    t.notOk(passes(VECAN_FILTERS, frame(pgn)), `${pgn} is of no use`);
  t.ok(VECAN_FILTERS.length <= 256, 'as many as a socket takes in one go');
  t.end();
});

t.test('our unique number is one of 21 bits, and another on another machine or port', t => {
  const facts = { portalId: '', block: 0, port: 'can0', instance: 0, description: '' };
  const numbers = ['', 'c0619ab30d48', 'c0619ab30d49', 'ffffffffffff'].flatMap(portalId =>
    ['can0', 'vecan0', 'vecan1'].map(port => ownIdentity({ ...facts, portalId, port }).name.uniqueNumber),
  );
  t.equal(new Set(numbers).size, numbers.length);
  for (const number of numbers) t.ok(Number.isInteger(number) && number >= 0 && number < 2 ** 21, `${number}`);
  t.end();
});
