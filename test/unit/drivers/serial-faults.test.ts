/** Bad lines and bad devices: counted, never taken for right, and over when they are over. */
import t from 'tap';
import type { RegisterOutcome } from '../../../src/drivers/registers/register-line.ts';
import { HexLine } from '../../../src/drivers/vedirect/hex-line.ts';
import { SimulatedShunt } from '../../../src/drivers/vedirect/simulators/shunt.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { type HexFrame, parseAnswer } from '../../../src/protocols/vedirect/hex-frame.ts';
import { testClock } from '../../support/clock.ts';
import { PORT, serialPlant } from '../../support/serial-plant.ts';

const BATTERY = 'com.victronenergy.battery.ttyUSB0';
const COUNTERS = ['TextChecksumErrors', 'TextParseError', 'TextUnfinishedErrors', 'HexChecksumErrors'];

type Disturb = (bytes: Uint8Array) => Uint8Array;

async function disturbed() {
  const plant = await serialPlant();
  const shunt = new SimulatedShunt({ clock: plant.clock });
  plant.plug(shunt);
  const port = plant.links.device(PORT);
  if (port === undefined) throw new Error('no port');
  let disturb: Disturb = bytes => bytes;
  const send = port.send.bind(port);
  port.send = bytes => send(disturb(bytes));
  await plant.clock.advance(3_500);
  return {
    ...plant,
    shunt,
    port,
    disturb: (how: Disturb) => {
      disturb = how;
    },
    faults: () => COUNTERS.reduce((sum, name) => sum + Number(plant.value(BATTERY, `/VEDirect/${name}`) ?? 0), 0),
  };
}

const random = seededRandom(5);
const DISTURBANCES: Readonly<Record<string, Disturb>> = {
  garbled: bytes => bytes.map(byte => (random() < 0.01 ? byte ^ (1 << Math.floor(random() * 8)) : byte)),
  cut: bytes => bytes.filter(() => random() > 0.01),
  'cut off': bytes => bytes.subarray(0, Math.floor(bytes.length * random())),
  duplicated: bytes => Uint8Array.from([...bytes].flatMap(byte => (random() < 0.01 ? [byte, byte] : [byte]))),
};

for (const [name, how] of Object.entries(DISTURBANCES)) {
  t.test(`a line that is ${name}: counted, and well again when it is over`, async t => {
    const { clock, disturb, faults, value, world, shunt } = await disturbed();
    const before = faults();
    disturb(how);
    let shown = 0;
    let wrong = 0;
    for (let i = 0; i < 300; i++) {
      await clock.advance(1_000);
      const volts = value(BATTERY, '/Dc/0/Voltage');
      if (typeof volts !== 'number') continue;
      shown++;
      if (Math.abs(volts - shunt.bank.volts) > 2) wrong++;
    }
    // One damaged block in 256 has a right checksum all the same: the device has no better one.
    t.ok(wrong <= 5, `${wrong} of ${shown} values wrong`);
    disturb(bytes => bytes);
    await clock.advance(6_000);
    t.ok(world.service(BATTERY));
    t.type(value(BATTERY, '/Soc'), 'number');
    t.ok(faults() > before || name === 'cut off', `${faults() - before} faults counted`);
  });
}

t.test('stuck, and endless: off the bus in time, memory bounded, and back by itself', async t => {
  for (const noise of [new Uint8Array(400), new Uint8Array(400).fill(0x41), new Uint8Array(400).fill(0x3a)]) {
    const { clock, disturb, world } = await disturbed();
    disturb(() => noise);
    await clock.advance(12_000);
    t.equal(world.service(BATTERY), undefined);
    await clock.advance(60_000);
    disturb(bytes => bytes);
    await clock.advance(12_000);
    t.ok(world.service(BATTERY));
  }
});

t.test('an answer for another register is not the answer', async t => {
  const clock = testClock();
  const sent: Uint8Array[] = [];
  const line = new HexLine(clock, bytes => void sent.push(bytes));
  let outcome: RegisterOutcome | undefined;
  line.textCame();
  void line.get(0xedd5).then(one => {
    outcome = one;
  });
  const other: HexFrame = { command: 7, payload: Uint8Array.of(0xd7, 0xed, 0, 1, 0) };
  for (let i = 0; i < 3; i++) {
    const answer = parseAnswer(other);
    if (answer !== undefined) t.notOk(line.answer(answer));
    await clock.advance(450);
  }
  t.equal(sent.length, 3, 'asked again, and no more than that');
  t.same(outcome, { kind: 'silent' });
  t.ok(line.idle);
});

t.test('the line: one request outstanding, paced, paid for by TEXT, writes first', async t => {
  const clock = testClock();
  const sent: string[] = [];
  const line = new HexLine(clock, bytes => void sent.push(Buffer.from(bytes).toString().trim()));
  void line.get(0xedd5);
  void line.get(0xedd7);
  await clock.advance(5_000);
  t.same(sent, [], 'no TEXT, no reading');
  line.textCame();
  t.same(sent, [':7D5ED008C']);
  void line.set(0x0200, Uint8Array.of(4));
  await clock.advance(100);
  t.equal(sent.length, 1, 'the other waits for its answer');
  line.answer({ kind: 'get', register: 0xedd5, flags: 0, value: Uint8Array.of(1, 0) });
  await clock.advance(100);
  t.equal(sent.length, 1, 'not yet');
  await clock.advance(300);
  t.same(sent.slice(1), [':80002000447'], 'the write goes before the read');
  line.answer({ kind: 'set', register: 0x0200, flags: 4, value: new Uint8Array() });
  for (let i = 0; i < 100; i++) void line.get(i);
  line.close();
  await clock.advance(5_000);
  t.equal(sent.length, 2, 'closed');
});
