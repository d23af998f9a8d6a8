/** Bad lines, for every driver of serial devices: counted, nothing wrong shown, gone when it must be, back by itself. */
import t from 'tap';
import type { SerialDriver } from '../../../src/drivers/driver.ts';
import { et112Driver, simulateEt112 } from '../../../src/drivers/et112/et112-driver.ts';
import { gpsDriver } from '../../../src/drivers/gps/gps-driver.ts';
import { GpsSimulator } from '../../../src/drivers/gps/simulator.ts';
import { MultiSimulator, SimulatedMulti } from '../../../src/drivers/vebus/simulator.ts';
import { vebusDriver } from '../../../src/drivers/vebus/vebus-driver.ts';
import { VeDirectEnd } from '../../../src/drivers/vedirect/simulators/device.ts';
import { SimulatedSolarCharger } from '../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { veDirectDriver } from '../../../src/drivers/vedirect/vedirect-driver.ts';
import { type Random, seededRandom } from '../../../src/kernel/random.ts';
import type { VirtualClock } from '../../../src/kernel/virtual-clock.ts';
import type { Value } from '../../../src/schema/row.ts';
import { PORT, serialPlant } from '../../support/serial-plant.ts';

type Send = (bytes: Uint8Array) => void;

interface Kind {
  readonly driver: SerialDriver;
  readonly service: string;
  readonly path: string;
  /** @returns takes what the host writes, and says whether a shown value may be right */
  readonly make: (clock: VirtualClock, send: Send) => { receive?: Send; isRight: (value: number) => boolean };
}

const KINDS: readonly Kind[] = [
  {
    driver: veDirectDriver,
    service: 'com.victronenergy.solarcharger.ttyUSB0',
    path: '/Dc/0/Voltage',
    make: (clock, send) => {
      const charger = new SimulatedSolarCharger({ clock });
      const end = new VeDirectEnd(clock, charger, send);
      return { receive: bytes => end.receive(bytes), isRight: volts => Math.abs(volts - charger.bank.volts) < 0.5 };
    },
  },
  {
    driver: vebusDriver,
    service: 'com.victronenergy.vebus.ttyUSB0',
    path: '/Dc/0/Voltage',
    make: (clock, send) => {
      const multi = new SimulatedMulti({});
      const end = new MultiSimulator(clock, { multi }, send);
      return { receive: bytes => end.receive(bytes), isRight: volts => Math.abs(volts - multi.battery.volts) < 0.5 };
    },
  },
  {
    driver: gpsDriver,
    service: 'com.victronenergy.gps.ttyUSB0',
    path: '/Position/Latitude',
    make: (clock, send) => {
      const gps = new GpsSimulator(clock, send);
      return { isRight: degrees => Math.abs(degrees - gps.position.latitude) < 0.02 };
    },
  },
  {
    driver: et112Driver,
    service: 'com.victronenergy.grid.cgwacs_ttyUSB0_mb1',
    path: '/Ac/Power',
    make: (clock, send) => {
      const receive = simulateEt112(
        () => 690,
        answer => clock.after(30, () => send(answer)),
      );
      return { receive, isRight: watts => watts === 690 };
    },
  },
];

type Disturb = (bytes: Uint8Array, random: Random) => Uint8Array;

/** What becomes of what the device sends. */
const DISTURBANCES: Readonly<Record<string, Disturb>> = {
  garbled: (bytes, random) => bytes.map(byte => (random() < 0.02 ? byte ^ (1 << Math.floor(random() * 8)) : byte)),
  cut: (bytes, random) => bytes.filter(() => random() > 0.02),
  'cut off': (bytes, random) => bytes.subarray(0, Math.floor(bytes.length * random())),
  duplicated: (bytes, random) => Uint8Array.from([...bytes].flatMap(byte => (random() < 0.02 ? [byte, byte] : [byte]))),
  'told twice': bytes => Uint8Array.of(...bytes, ...bytes),
};

/** What comes instead of the device, and never ends. */
const NOISE: Readonly<Record<string, Uint8Array>> = {
  stuck: new Uint8Array(300),
  'stuck at one': new Uint8Array(300).fill(0xff),
  'an endless field': new Uint8Array(300).fill(0x41),
  'an endless frame': Uint8Array.from([0x24, 0x47, 0x50, ...new Array<number>(297).fill(0x3a)]),
};

async function setUp(kind: Kind) {
  const plant = await serialPlant({ drivers: [kind.driver] });
  const { clock, links, value } = plant;
  const port = links.plug(PORT);
  let disturb: (bytes: Uint8Array) => Uint8Array = bytes => bytes;
  const { receive, isRight } = kind.make(clock, bytes => port.send(disturb(bytes)));
  port.onWrite = receive;
  await clock.advance(6_000);
  return {
    ...plant,
    port,
    isRight,
    isServed: (): boolean => plant.world.service(kind.service) !== undefined,
    shown: (): Value => value(kind.service, kind.path),
    faults: (): number => Number(value('com.victronenergy.serialscanner', '/Ports/ttyUSB0/Faults')),
    disturb: (how: (bytes: Uint8Array) => Uint8Array) => {
      disturb = how;
    },
  };
}

for (const kind of KINDS) {
  const { name } = kind.driver;
  for (const [how, disturbance] of Object.entries(DISTURBANCES)) {
    t.test(`${name}, ${how}`, async t => {
      const { clock, shown, isRight, isServed, faults, disturb } = await setUp(kind);
      t.ok(isRight(Number(shown())), 'well at first');
      const before = faults();
      const random = seededRandom(7);
      disturb(bytes => disturbance(bytes, random));
      let wrong = 0;
      for (let second = 0; second < 15; second++) {
        await clock.advance(1_000);
        const value = shown();
        if (typeof value === 'number' && !isRight(value)) wrong++;
      }
      t.equal(wrong, 0, 'nothing wrong is shown');
      if (how !== 'told twice') t.ok(faults() > before, `${faults() - before} counted`);
      disturb(bytes => bytes);
      await clock.advance(15_000);
      t.ok(isServed(), 'well again by itself');
      t.ok(isRight(Number(shown())));
    });
  }

  t.test(`${name}, a line that is stuck or has no end`, async t => {
    for (const [what, noise] of Object.entries(NOISE)) {
      const { clock, shown, isRight, isServed, port, disturb } = await setUp(kind);
      disturb(() => new Uint8Array());
      const sending = clock.every(100, () => port.send(noise));
      await clock.advance(12_500);
      t.notOk(isServed(), `${what}: off the bus`);
      sending.cancel();
      disturb(bytes => bytes);
      await clock.advance(12_000);
      t.ok(isRight(Number(shown())), `${what}: back by itself`);
    }
  });

  t.test(`${name}, I/O errors`, async t => {
    const { clock, shown, isRight, isServed, port } = await setUp(kind);
    for (let i = 0; i < 3; i++) {
      port.break('EIO: i/o error, read');
      await clock.advance(100);
      t.notOk(isServed(), 'off the bus at once');
      await clock.advance(6_000);
      t.ok(isRight(Number(shown())), 'back by itself');
    }
  });
}

t.test('a meter with another address on the same line: counted, not taken for ours', async t => {
  const [, , , kind] = KINDS;
  if (kind === undefined) return;
  const { clock, shown, isRight, faults, port, disturb } = await setUp(kind);
  // Unit 2 answers what unit 1 was asked, with other values and a right checksum.
  const other = Uint8Array.from(Buffer.from('020304000000 00c933'.replaceAll(' ', ''), 'hex'));
  disturb(() => other);
  await clock.advance(1_000);
  t.ok(faults() > 0);
  t.ok(shown() === null || isRight(Number(shown())));
  disturb(bytes => bytes);
  await clock.advance(10_000);
  t.ok(isRight(Number(shown())));
  t.ok(port.open);
});
