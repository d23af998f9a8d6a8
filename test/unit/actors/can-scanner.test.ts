/** CAN interfaces in memory that come, go, leave the bus and are refused; profiles decide who speaks. */
import t from 'tap';
import { canScannerActor } from '../../../src/actors/can-scanner/can-scanner-actor.ts';
import { defaultProfile, profileOf } from '../../../src/actors/can-scanner/profiles.ts';
import { canBmsDriver } from '../../../src/drivers/can-bms/can-bms-driver.ts';
import { CanBatterySimulator } from '../../../src/drivers/can-bms/simulator.ts';
import type { CanDriver } from '../../../src/drivers/driver.ts';
import type { CanDriverRow } from '../../../src/drivers/registry.ts';
import { Fault } from '../../../src/kernel/fault.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { ALL_EXTENDED, ALL_STANDARD } from '../../../src/ports/can.ts';
import type { Value } from '../../../src/schema/row.ts';
import { SystemPlant } from '../../support/system-plant.ts';

const SCANNER = 'com.victronenergy.canscanner';
const BATTERY = 'com.victronenergy.battery.can0';

/** Loaded beforehand: loading takes real time. */
const BMS: CanDriverRow = { name: 'can-bms', load: async () => canBmsDriver };

/** Stands for the other protocol: says a frame when it begins, and counts its lives. */
function talker() {
  const lives = { begun: 0, stopped: 0 };
  const driver: CanDriver = {
    name: 'vecan',
    filters: [ALL_EXTENDED],
    begin: (socket, { name }, context) => {
      lives.begun++;
      socket.onFrames(
        context.guard(frames => {
          if (frames.some(({ data }) => new TextDecoder().decode(data) === 'fail'))
            throw new Error('a driver that fails');
        }),
      );
      void socket.send({ id: 0x18eefffe, extended: true, data: new TextEncoder().encode(name) });
      return {
        ended: new Promise(resolve => socket.onClose(resolve)),
        faults: 3,
        stop: async () => {
          lives.stopped++;
          await socket.close();
        },
      };
    },
  };
  return { lives, row: { name: 'vecan', load: async () => driver } satisfies CanDriverRow };
}

async function setUp(profile?: number) {
  const plant = new SystemPlant(
    profile === undefined ? {} : { settings: { '/Settings/Canbus/can0/Profile': profile } },
  );
  const { can } = plant.machine;
  const { lives, row } = talker();
  const drivers = [row, BMS];
  await plant.start(canScannerActor({ interfaces: can, random: seededRandom(1), drivers }));
  return {
    ...{ plant, can, lives },
    clock: plant.clock,
    of: (path: string): Value => plant.bus.get(SCANNER, `/Interfaces/can0/${path}`),
    get: (service: string, path: string): Value => plant.bus.get(service, path),
  };
}

t.test('profiles: bit rates and who speaks; what the board has an interface for', async t => {
  const table = Array.from({ length: 11 }, (_, number) => [profileOf(number).bitRate, profileOf(number).drivers]);
  t.same(table, [
    [undefined, []],
    [250_000, ['vecan']],
    [250_000, ['vecan', 'can-bms']],
    [500_000, ['can-bms']],
    [250_000, ['vecan']],
    [250_000, []],
    [250_000, []],
    [500_000, []],
    [500_000, []],
    [250_000, ['vecan']],
    [500_000, []],
  ]);
  t.match(profileOf(99), { bitRate: undefined, drivers: [], others: 'there is no profile 99' });
  t.equal(defaultProfile({}), 1);
  t.equal(defaultProfile({ config: 'vecan-only' }), 1);
  t.equal(defaultProfile({ config: 'bms-only' }), 3);
  t.equal(defaultProfile({ config: 'classic-and-hv' }), 3);
  t.equal(defaultProfile({ remote: true }), 2);
});

t.test('an interface comes, is set up as its profile says, is given to its drivers, and goes', async t => {
  const { plant, can, clock, of, get, lives } = await setUp(2);
  t.equal(get(SCANNER, '/NrOfInterfaces'), 0);
  const wire = can.plug('can0');
  wire.up = false;
  wire.facts = { label: 'BMS-Can port', config: 'bms-only' };
  await clock.advance(2_500);
  t.same(wire.setting, { bitRate: 250_000, restartMs: 1000 });
  t.equal(of('State'), 'up');
  t.equal(of('Drivers'), 'vecan, can-bms');
  t.equal(of('BitRate'), 250_000);
  t.equal(of('Label'), 'BMS-Can port');
  t.same(get(SCANNER, '/CanBus/Interfaces'), [{ interface: 'can0', name: 'BMS-Can port', config: 'bms-only' }]);
  t.equal(get(SCANNER, '/CanBus/Interface/can0/Statistics'), '[{"ifname":"can0"}]');
  const end = wire.join([ALL_STANDARD]);
  const battery = new CanBatterySimulator(clock, 'pylontech', frame => void end.send(frame));
  await clock.advance(5_000);
  t.equal(get(BATTERY, '/ProductName'), 'Pylontech battery');
  t.equal(get(BATTERY, '/Mgmt/Connection'), 'CAN-bus BMS');
  battery.release();

  can.unplug('can0');
  await clock.advance(2_500);
  t.equal(plant.bus.tree(BATTERY), undefined);
  t.equal(get(SCANNER, '/NrOfInterfaces'), 0);
  t.equal(of('State'), null);
  t.equal(lives.stopped, 1);
  const again = can.plug('can0');
  again.up = false;
  await clock.advance(2_500);
  t.equal(lives.begun, 2);
  t.same(again.setting, { bitRate: 250_000, restartMs: 1000 });
  // Within the time between two looks: another thing of the same name.
  can.unplug('can0');
  can.plug('can0').up = false;
  await clock.advance(2_500);
  t.equal(lives.begun, 3);
  t.equal(of('State'), 'up');
  t.same(plant.failures(), []);
});

t.test('only what the profile allows is spoken, and a change counts at once', async t => {
  const { plant, can, clock, of, lives } = await setUp(3);
  const wire = can.plug('can0');
  wire.setting = { bitRate: 500_000, restartMs: 1000 };
  await clock.advance(3_000);
  t.equal(lives.begun, 0);
  t.same(new Set(wire.traffic.map(({ id }) => id)), new Set([0x305, 0x307]));
  plant.settings?.set('/Settings/Canbus/can0/Profile', 1);
  await clock.advance(100);
  t.equal(of('State'), 'up');
  t.equal(wire.setting?.bitRate, 250_000);
  wire.traffic.length = 0;
  await clock.advance(5_000);
  t.notOk(
    wire.traffic.some(({ extended }) => !extended),
    'no word to a battery',
  );
  t.equal(lives.begun, 1);
  plant.settings?.set('/Settings/Canbus/can0/Profile', 0);
  await clock.advance(100);
  t.equal(of('State'), 'off');
  t.notOk(wire.up);
  t.equal(lives.stopped, 1);
  plant.settings?.set('/Settings/Canbus/can0/Profile', 7);
  await clock.advance(100);
  t.equal(of('State'), 'up');
  t.match(of('Why'), /not public/);
  t.equal(of('Drivers'), '');
  wire.traffic.length = 0;
  await clock.advance(5_000);
  t.same(wire.traffic, []);
});

t.test('without settings nothing is touched; the default depends on the board', async t => {
  const plant = new SystemPlant({ withoutSettings: true });
  const wire = plant.machine.can.plug('can0');
  wire.up = false;
  wire.facts = { config: 'bms-only' };
  await plant.start(canScannerActor({ interfaces: plant.machine.can, random: seededRandom(1), drivers: [BMS] }));
  await plant.advance(20_000);
  t.notOk(wire.up);
  t.same(wire.traffic, []);
  plant.addSettings();
  await plant.advance(3_000);
  t.equal(plant.bus.get(SCANNER, '/Interfaces/can0/Profile'), 3);
  t.equal(wire.setting?.bitRate, 500_000);
});

t.test('what is set up already is left as it is; what is refused is named, and tried again', async t => {
  const { plant, can, clock, of } = await setUp(1);
  const wire = can.plug('can0');
  wire.setting = { bitRate: 250_000, restartMs: 100 };
  await clock.advance(2_500);
  t.equal(of('State'), 'up');
  t.equal(wire.configured, 0);
  wire.refuses = new Fault('configuration', 'cannot set up can0: no permission (CAP_NET_ADMIN)');
  plant.settings?.set('/Settings/Canbus/can0/Profile', 3);
  await clock.advance(60_000);
  t.equal(of('State'), 'failed');
  t.match(of('Why'), /no permission/);
  const said = plant.log.filter(line => line.includes('no permission') && !line.startsWith('debug'));
  t.equal(said.length, 1);
  wire.refuses = undefined;
  await clock.advance(90_000);
  t.equal(of('State'), 'up');
  t.equal(wire.setting?.bitRate, 500_000);
});

t.test('somebody takes the interface down: it is set up again', async t => {
  const { can, clock, of, lives } = await setUp(1);
  const wire = can.plug('can0');
  await clock.advance(2_500);
  wire.takeDown();
  await clock.advance(100);
  t.equal(of('State'), 'failed');
  t.match(of('Why'), /taken down/);
  await clock.advance(2_000);
  t.equal(of('State'), 'up');
  t.ok(wire.up);
  t.equal(lives.begun, 2);
  t.equal(of('Recoveries'), 1);
});

t.test('bus off: the controller comes back by itself, is brought back, or rests', async t => {
  const { can, clock, of, plant } = await setUp(1);
  const wire = can.plug('can0');
  await clock.advance(2_500);
  const configured = wire.configured;
  wire.trouble('error passive');
  t.equal(of('Trouble'), 'error passive');
  wire.trouble('bus off');
  await clock.advance(1_000);
  wire.trouble('restarted');
  await clock.advance(10_000);
  t.equal(wire.configured, configured, 'nothing was to be done');
  t.equal(of('BusOffs'), 1);
  t.equal(of('Restarts'), 1);

  await clock.advance(60_000);
  wire.controller = 'off';
  wire.trouble('bus off');
  await clock.advance(1_000);
  wire.controller = 'active';
  await clock.advance(2_000);
  t.ok(wire.configured > configured, 'it was set up anew');
  t.equal(of('State'), 'up');
  t.equal(of('Recoveries'), 1);

  await clock.advance(60_000);
  const rests: number[] = [];
  for (let round = 0; round < 3; round++) {
    while (of('State') !== 'resting') {
      wire.trouble('bus off');
      wire.trouble('restarted');
      await clock.advance(500);
    }
    await clock.advance(10);
    t.notOk(wire.up, 'it disturbs nobody');
    const since = clock.monotonic();
    while (of('State') === 'resting') await clock.advance(500);
    rests.push(clock.monotonic() - since);
    t.equal(of('State'), 'up');
  }
  t.ok((rests[1] ?? 0) > (rests[0] ?? 0) && (rests[2] ?? 0) > (rests[1] ?? 0), rests.join(' < '));
  t.same(plant.failures(), []);
});

t.test('two drivers on an interface hear of the same trouble once', async t => {
  const { can, clock, of } = await setUp(2);
  const wire = can.plug('can0');
  await clock.advance(2_500);
  for (let time = 0; time < 3; time++) {
    wire.trouble('bus off');
    wire.trouble('restarted');
    await clock.advance(1_000);
  }
  t.equal(of('State'), 'up', 'three times is not too often');
  wire.trouble('bus off');
  t.equal(of('State'), 'resting');
});

t.test('where nobody listens, a lost bus is seen by asking', async t => {
  const { can, clock, of } = await setUp(8);
  const wire = can.plug('can0');
  await clock.advance(2_500);
  wire.controller = 'off';
  const { configured } = wire;
  await clock.advance(10_000);
  wire.controller = 'active';
  await clock.advance(3_000);
  t.ok(wire.configured > configured);
  t.equal(of('State'), 'up');
});

t.test('a driver that fails takes the scanner down, which comes back with all it had', async t => {
  const { plant, can, clock, of, lives } = await setUp(1);
  const wire = can.plug('can0');
  await clock.advance(2_500);
  const stranger = wire.join([]);
  await stranger.send({ id: 0x1f_0000, extended: true, data: new TextEncoder().encode('fail') });
  await clock.advance(3_000);
  t.match(plant.failures(), ['a driver that fails']);
  t.equal(lives.stopped, 1);
  t.equal(lives.begun, 2);
  t.equal(of('State'), 'up');
});
