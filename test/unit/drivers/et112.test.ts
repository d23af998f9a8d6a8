/** The smallest driver, and the frames it speaks in. */
import t from 'tap';
import { et112Driver, simulateEt112 } from '../../../src/drivers/et112/et112-driver.ts';
import { crc16, decodeRtu, encodeRtu } from '../../../src/protocols/modbus/rtu.ts';
import { PORT, serialPlant } from '../../support/serial-plant.ts';

const GRID = 'com.victronenergy.grid.cgwacs_ttyUSB0_mb1';
const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), octet => Number.parseInt(octet, 16));

t.test('frames: the vectors of the fact sheet', async t => {
  for (const vector of [
    '01 03 00 0B 00 01 F5 C8',
    '01 03 02 00 47 F8 76',
    '01 03 02 06 D0 BA 78',
    '01 06 11 03 00 01 BD 36',
    '01 03 00 12 00 06 65 CD',
    '01 03 0C CB 93 FF FF C7 93 FF FF 11 DD 00 00 8C 09',
  ]) {
    const frame = bytes(vector);
    t.match(decodeRtu(frame), { unit: 1, pdu: frame.subarray(1, -2) }, vector);
    t.same(encodeRtu(1, frame.subarray(1, -2)), frame);
    for (let at = 0; at < frame.length; at++) {
      const damaged = Uint8Array.from(frame);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      t.equal(decodeRtu(damaged), undefined);
    }
  }
  t.equal(decodeRtu(new Uint8Array(300)), undefined);
  t.equal(crc16(new Uint8Array()), 0xffff);
});

t.test('a meter: found, shown, lost, and back', async t => {
  const { clock, links, value, world } = await serialPlant({ drivers: [et112Driver] });
  const port = links.plug(PORT);
  let watts = 230;
  const answer = simulateEt112(
    () => watts,
    reply => clock.after(30, () => port.send(reply)),
  );
  port.onWrite = answer;
  await clock.advance(3_500);
  t.equal(value(GRID, '/Ac/Power'), 230);
  t.equal(value(GRID, '/Ac/L1/Voltage'), 230);
  t.equal(value(GRID, '/Ac/L1/Current'), 1);
  t.equal(value(GRID, '/Ac/Energy/Forward'), 1234.5);
  t.equal(value(GRID, '/Ac/Energy/Reverse'), 5);
  t.equal(value(GRID, '/DeviceInstance'), 30);
  watts = -1_000;
  await clock.advance(1_500);
  t.equal(value(GRID, '/Ac/Power'), -1_000);
  port.onWrite = undefined;
  await clock.advance(3_000);
  t.equal(world.service(GRID), undefined);
  port.onWrite = answer;
  await clock.advance(5_000);
  t.equal(value(GRID, '/Ac/Power'), -1_000);
});

t.test('another device at the same address is left alone', async t => {
  const { clock, links, world } = await serialPlant({ drivers: [et112Driver] });
  const port = links.plug(PORT);
  port.onWrite = () => port.send(bytes('01 03 02 00 47 F8 76'));
  await clock.advance(10_000);
  t.equal(world.service(GRID), undefined);
});

t.test('a meter on an adapter that may hold anything: within 3 s, for the line is silent', async t => {
  const { clock, links, value } = await serialPlant();
  const port = links.plug(PORT);
  port.onWrite = simulateEt112(
    () => 230,
    reply => clock.after(30, () => port.send(reply)),
  );
  await clock.advance(1_450);
  t.same(port.written, [], 'nobody speaks before it was listened');
  await clock.advance(1_550);
  t.equal(value(GRID, '/Ac/Power'), 230);
  t.match(value('com.victronenergy.serialscanner', '/Ports/ttyUSB0/State'), 'served');
});
