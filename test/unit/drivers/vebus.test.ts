import t from 'tap';
import { serialScannerActor } from '../../../src/actors/serial-scanner/serial-scanner-actor.ts';
import {
  type MultiOptions,
  MultiSimulator,
  SimulatedMulti,
  simulateMulti,
} from '../../../src/drivers/vebus/simulator.ts';
import { vebusDriver } from '../../../src/drivers/vebus/vebus-driver.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import type { Link } from '../../../src/ports/link.ts';
import { encodeFrame } from '../../../src/protocols/mk2/frame.ts';
import type { Value } from '../../../src/schema/row.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';
import { MemoryLinks } from '../../support/memory-links.ts';

const PORT = '/dev/ttyS4';
const VEBUS = 'com.victronenergy.vebus.ttyS4';

async function setUp() {
  const { clock, bus, world, said, supervisor, act } = memoryGateway();
  const links = new MemoryLinks();
  supervisor.add(serialScannerActor({ ports: links, links, patterns: [], drivers: [vebusDriver] }));
  /** The context of an actor, for sessions without a scanner. */
  const context = await act();
  const faults = (): string[] => said.filter(line => line.startsWith('error '));
  const value = (path: string) => world.value(VEBUS, path);
  /** A client writes; time passes until it is answered. */
  const write = async (path: string, written: Value, type: 'i' | 'd' = 'd'): Promise<number> => {
    let code: number | undefined;
    const typed = written === null ? { signature: 'ai', value: [] } : { signature: type, value: written as number };
    void bus.setValue(VEBUS, path, typed).then(result => {
      code = result;
    });
    for (let waited = 0; code === undefined && waited < 30_000; waited += 100) await clock.advance(100);
    return code ?? -1;
  };
  return { clock, bus, world, links, context, value, write, faults };
}

/** A simulated system at the port. */
async function plugged(options: Partial<MultiOptions> & { multi?: SimulatedMulti } = {}) {
  const all = await setUp();
  const device = all.links.plug(PORT);
  const multi = options.multi ?? new SimulatedMulti({});
  const simulator = new MultiSimulator(all.clock, { ...options, multi }, bytes => device.send(bytes));
  device.onWrite = bytes => simulator.receive(bytes);
  return { ...all, device, multi, simulator };
}

t.test('on the bus within three seconds, with what it shows', async t => {
  const { clock, value, world, multi, faults } = await plugged();
  await clock.advance(3_000);
  t.ok(world.service(VEBUS));
  t.equal(value('/ProductId'), 0x2620);
  t.equal(value('/ProductName'), 'MultiPlus 48/3000/35-50');
  t.equal(value('/FirmwareVersion'), 0x422);
  t.equal(value('/DeviceInstance'), 276);
  t.equal(value('/Mgmt/Connection'), 'VE.Bus');
  t.type(value('/Dc/0/Voltage'), 'number');
  await clock.advance(4_000);
  t.ok(Math.abs(Number(value('/Dc/0/Voltage')) - multi.battery.volts) < 0.05);
  t.ok(Math.abs(Number(value('/Dc/0/Current')) - multi.dcAmperes) < 0.1);
  t.ok(Number(value('/Dc/0/Current')) > 30, 'charging');
  t.equal(value('/Ac/ActiveIn/L1/V'), 230);
  t.equal(value('/Ac/ActiveIn/L1/F'), 10 / (195 / 977));
  t.equal(value('/Ac/Out/L1/F'), 10 / (392 / 1961));
  t.equal(value('/Ac/Out/L1/P'), 400);
  t.equal(value('/Ac/Out/P'), 400);
  t.equal(value('/Ac/ActiveIn/P'), Math.round(multi.powers[0]?.input ?? 0));
  t.equal(value('/Dc/0/Power'), Math.round(multi.powers[0]?.inverter ?? 0));
  t.equal(value('/Ac/PowerMeasurementType'), 4);
  t.equal(value('/Ac/NumberOfPhases'), 1);
  t.equal(value('/Ac/ActiveIn/ActiveInput'), 0);
  t.equal(value('/Ac/ActiveIn/Connected'), 1);
  t.equal(value('/Ac/ActiveIn/CurrentLimit'), 16);
  t.equal(value('/Ac/ActiveIn/CurrentLimitIsAdjustable'), 1);
  t.equal(value('/Ac/In/1/CurrentLimit'), 16);
  t.equal(value('/VebusMainState'), 9);
  t.equal(value('/VebusSubstate'), 1);
  t.equal(value('/State'), 3);
  t.equal(value('/Leds/Mains'), 1);
  t.equal(value('/Leds/Bulk'), 1);
  t.equal(value('/Leds/Inverter'), 0);
  t.equal(value('/Alarms/LowBattery'), 0);
  t.equal(value('/Alarms/L1/LowBattery'), 0);
  t.equal(value('/VebusError'), 0);
  t.equal(value('/Mode'), 3);
  await clock.advance(10_000);
  t.equal(value('/ModeIsAdjustable'), 1);
  t.equal(value('/Soc'), 70);
  t.equal(value('/Dc/0/MaxChargeCurrent'), 35);
  t.equal(value('/Devices/0/Settings/UpsFunction'), 1);
  t.equal(value('/Settings/PowerAssistEnabled'), 1);
  t.equal(value('/Settings/AssistCurrentBoostFactor'), 2);
  t.equal(value('/Devices/0/SerialNumber'), 'HQ2201ABCDE');
  t.equal(value('/Devices/NumberOfMultis'), 1);
  t.equal(value('/Devices/0/Ac/Out/P'), 400);
  t.equal(value('/Interfaces/Mk2/ProductId'), 0x1170);
  t.equal(value('/Interfaces/Mk2/ProductName'), 'MK3');
  t.equal(value('/Interfaces/Mk2/Version'), 1170212);
  t.equal(value('/Interfaces/Mk2/Connection'), PORT);
  t.equal(value('/Interfaces/Mk2/Status/Baudrate'), 2_400);
  t.ok(Math.abs(Number(value('/Devices/0/Diagnostics/UBatTerminal')) - multi.battery.volts) < 0.05);
  t.equal(value('/Devices/0/Diagnostics/UBatRipple'), 0.07);
  t.same(new Set(value('/Devices/0/Assistants') as number[]), new Set([0]), 'none, which is known');
  t.equal(value('/AcSensor/Count'), null, 'no sensors');
  t.equal(value('/Hub4/AssistantId'), null);
  t.equal(value('/Interfaces/Mk2/Faults/Checksum'), 0);
  t.same(faults(), []);
});

t.test('stock paths that are not known are there all the same', async t => {
  const { clock, world } = await plugged();
  await clock.advance(4_000);
  const paths = new Set(world.service(VEBUS)?.paths() ?? []);
  for (const path of [
    '/Ac/ActiveIn/L2/P',
    '/Ac/Out/L3/V',
    '/AcSensor/8/Power',
    '/Alarms/L3/Ripple',
    '/BatteryOperationalLimits/MaxChargeVoltage',
    '/BatterySense/Temperature',
    '/Dc/0/Temperature',
    '/Devices/Bms/Version',
    '/Energy/OutToInverter',
    '/Hub4/L1/AcPowerSetpoint',
    '/Interfaces/Mk2/Tunnel',
    '/VebusSetChargeState',
    '/SystemReset',
  ])
    t.ok(paths.has(path), path);
});

t.test('the switch', async t => {
  const { clock, value, write, multi } = await plugged();
  await clock.advance(5_000);
  t.equal(await write('/Mode', 4, 'i'), 0);
  t.equal(multi.mode, 4);
  await clock.advance(2_000);
  t.equal(value('/Mode'), 4);
  t.equal(value('/State'), 0);
  t.equal(value('/Ac/ActiveIn/ActiveInput'), 240);
  t.equal(value('/Ac/ActiveIn/Connected'), 0);
  t.equal(await write('/Mode', 2, 'i'), 0);
  await clock.advance(3_000);
  t.equal(value('/State'), 9);
  t.equal(value('/Leds/Inverter'), 1);
  t.ok(Number(value('/Dc/0/Current')) < -5, 'from the battery');
  t.equal(await write('/Mode', 7, 'i'), 2);
  t.equal(await write('/Mode', null), 2);
  t.equal(value('/Mode'), 2);
});

t.test('the input limit', async t => {
  const { clock, value, write, multi } = await plugged();
  await clock.advance(5_000);
  t.equal(await write('/Ac/ActiveIn/CurrentLimit', 6.5), 0);
  t.equal(multi.inputLimit, 6.5);
  await clock.advance(3_000);
  t.equal(value('/Ac/ActiveIn/CurrentLimit'), 6.5);
  t.equal(value('/Ac/In/1/CurrentLimit'), 6.5);
  t.ok(Number(value('/Ac/ActiveIn/L1/I')) <= 6.5);
  t.equal(await write('/Ac/In/1/CurrentLimit', 10), 0);
  t.equal(multi.inputLimit, 10);
  t.equal(await write('/Ac/ActiveIn/CurrentLimit', 80), 2, 'above the maximum');
  t.equal(await write('/Ac/In/2/CurrentLimit', 10), 2, 'not the active input');
  t.equal(multi.inputLimit, 10);
  t.equal(await write('/Ac/ActiveIn/CurrentLimit', 0), 0);
  await clock.advance(3_000);
  t.equal(multi.inputLimit, 2.8);
  t.equal(value('/Ac/ActiveIn/CurrentLimit'), 0);
});

t.test('settings are written where they belong', async t => {
  const { clock, value, write, multi, simulator } = await plugged();
  await clock.advance(10_000);
  t.equal(await write('/Dc/0/MaxChargeCurrent', 10), 0);
  t.equal(multi.chargeCurrent, 10);
  t.equal(simulator.units[0]?.eepromWrites, 0, 'in RAM alone');
  await clock.advance(3_000);
  t.equal(value('/Dc/0/MaxChargeCurrent'), 10);
  t.equal(await write('/Dc/0/MaxChargeCurrent', 99), 0);
  t.equal(
    multi.chargeCurrent,
    35,
    'what it can: a limit of the battery that rises above it must not leave the old one',
  );
  t.equal(await write('/Settings/UpsFunction', 0, 'i'), 0);
  t.equal((simulator.units[0]?.settings.get(0)?.raw ?? 0) & 0x88, 0x08);
  t.equal(await write('/Devices/0/Settings/InverterOutputVoltage', 225), 0);
  t.equal(simulator.units[0]?.settings.get(5)?.raw, 225);
  t.equal(simulator.units[0]?.eepromWrites, 2);
  await clock.advance(2_000);
  t.equal(value('/Settings/InverterOutputVoltage'), 225);
  t.equal(await write('/Soc', 42.5), 0);
  await clock.advance(6_000);
  t.equal(value('/Soc'), 42.5);
  t.equal(await write('/Soc', 142), 2);
  t.equal(await write('/VebusSetChargeState', 2, 'i'), 0);
  await clock.advance(2_000);
  t.equal(value('/VebusSubstate'), 6);
  t.equal(value('/State'), 4);
  t.equal(value('/VebusSetChargeState'), 0);
});

t.test('an EEPROM is not written in a loop', async t => {
  const { clock, write, simulator } = await plugged();
  await clock.advance(10_000);
  const codes = new Set<number>();
  for (let i = 0; i < 40; i++) codes.add(await write('/Settings/UpsFunction', i % 2, 'i'));
  t.ok(codes.has(2));
  t.ok((simulator.units[0]?.eepromWrites ?? 0) <= 30);
});

t.test('older firmware', async t => {
  const { clock, value, write, simulator, multi } = await plugged({ old: true, version: 1_920_154, noPowers: true });
  await clock.advance(20_000);
  t.equal(value('/ProductId'), 0x1920);
  t.equal(value('/FirmwareVersion'), 0x154);
  t.equal(value('/Ac/PowerMeasurementType'), 0, 'by volts and amperes');
  t.ok(Math.abs(Number(value('/Ac/Out/L1/P')) - 400) < 3);
  t.equal(value('/Devices/0/SerialNumber'), null);
  t.equal(value('/FirmwareFeatures/CommandWriteViaId'), 0);
  t.equal(await write('/Settings/UpsFunction', 0, 'i'), 0);
  t.equal(simulator.units[0]?.eepromWrites, 1);
  t.equal(await write('/Dc/0/MaxChargeCurrent', 10), 1, 'it would be kept in the EEPROM');
  t.equal(multi.chargeCurrent, 35);
  t.equal(await write('/Soc', 50), 0);
});

t.test('ESS: set-points and flags', async t => {
  const multi = new SimulatedMulti({ ess: true });
  const { clock, value, write, simulator } = await plugged({ multi });
  await clock.advance(10_000);
  t.equal(value('/Hub4/AssistantId'), 5);
  t.equal(value('/Hub4/L1/AcPowerSetpoint'), 0);
  t.equal(value('/Hub4/L2/AcPowerSetpoint'), null);
  t.equal(await write('/Hub4/L1/AcPowerSetpoint', -500), 0);
  t.equal(multi.ess[0]?.setpoint, -500);
  await clock.advance(2_000);
  t.equal(value('/Ac/ActiveIn/P'), -500, 'fed in');
  t.equal(value('/Dc/0/Power'), -900);
  const asked = simulator.multi.ess[0]?.writtenAt ?? 0;
  await clock.advance(5_000);
  t.equal(await write('/Hub4/L1/AcPowerSetpoint', -500), 0);
  t.ok((simulator.multi.ess[0]?.writtenAt ?? 0) > asked, 'told again, though nothing changed');
  t.equal(await write('/Hub4/DisableFeedIn', 1, 'i'), 0);
  await clock.advance(2_000);
  t.equal(value('/Hub4/DisableFeedIn'), 1);
  t.equal(value('/Ac/ActiveIn/P'), 400);
  t.equal(await write('/Hub4/DisableCharge', 1, 'i'), 0);
  t.equal(multi.ess[0]?.disableCharge, true);
  t.equal(await write('/Hub4/L1/AcPowerSetpoint', 40_000), 2);
  t.equal(await write('/Hub4/L2/AcPowerSetpoint', 100), 1, 'no such phase');
});

t.test('three phases with two devices each', async t => {
  const multi = new SimulatedMulti({ phases: 3, unitsPerPhase: 2, ess: true });
  multi.loads.splice(0, 3, 300, 600, 900);
  const { clock, value, write } = await plugged({ multi });
  await clock.advance(25_000);
  t.equal(value('/Ac/NumberOfPhases'), 3);
  t.equal(value('/Devices/NumberOfMultis'), 6);
  t.equal(value('/ShortIds'), 0b11_1111);
  t.equal(value('/Ac/Out/L1/P'), 300);
  t.equal(value('/Ac/Out/L2/P'), 600);
  t.equal(value('/Ac/Out/L3/P'), 900);
  t.equal(value('/Ac/Out/P'), 1800);
  t.equal(value('/Devices/4/Ac/Out/P'), 300, 'half of L2');
  t.ok(Math.abs(Number(value('/Ac/Out/L2/I')) - 600 / 230) < 0.05, 'the devices of a phase together');
  t.equal(await write('/Hub4/L2/AcPowerSetpoint', 1000), 0);
  await clock.advance(6_000);
  t.equal(multi.ess[1]?.setpoint, 1000);
  t.equal(value('/Hub4/L2/AcPowerSetpoint'), 1000);
  t.equal(value('/Hub4/L3/AcPowerSetpoint'), 0);
  t.equal(value('/Ac/ActiveIn/L2/P'), 1000);
  t.equal(value('/Dc/0/MaxChargeCurrent'), 210);
  t.equal(await write('/Dc/0/MaxChargeCurrent', 60), 0);
  await clock.advance(10_000);
  t.equal(value('/Dc/0/MaxChargeCurrent'), 60);
});

t.test('slaves that do not tell their power: the master stands for them', async t => {
  const multi = new SimulatedMulti({ unitsPerPhase: 2 });
  const { clock, value } = await plugged({ multi, old: true, version: 1_920_158 });
  await clock.advance(15_000);
  t.equal(value('/Quirks'), 1);
  t.equal(value('/Ac/PowerMeasurementType'), 3);
  t.equal(value('/Ac/Out/P'), 400);
  t.equal(value('/Devices/0/Ac/Out/P'), 200);
  t.equal(value('/Devices/1/Ac/Out/P'), null);
  t.equal(value('/Energy/AcIn1ToAcOut'), null, 'not counted either');
});

t.test('assistants by their records: known ones are told, of others it is not known what they do', async t => {
  const { clock, value } = await plugged({ multi: new SimulatedMulti({ ess: true }) });
  await clock.advance(8_000);
  t.equal(value('/Hub4/AssistantId'), 5);
  t.same((value('/Devices/0/Assistants') as number[]).slice(0, 4), [5, 0, 0, 0]);
  const strange = await plugged({ otherAssistant: 3 });
  await strange.clock.advance(8_000);
  t.equal(strange.value('/Hub4/AssistantId'), null);
  t.equal(strange.value('/Devices/0/Assistants'), null);
});

t.test('an MK2 gets its power from the lines of the port', async t => {
  const { clock, links } = await plugged();
  await clock.advance(2_000);
  t.same(links.device(PORT)?.lines, { dtr: true, rts: false });
  const empty = await setUp();
  const device = empty.links.plug(PORT);
  await empty.clock.advance(20_000);
  while (!device.paused) await empty.clock.advance(100);
  t.same(device.lines, { dtr: true, rts: true }, 'others find them as usual');
});

t.test('AC sensors become PV inverters', async t => {
  const sensors = [
    { location: 1, phase: 0, watts: 1150 },
    { location: 1, phase: 0, watts: 230 },
    { location: 0, phase: 0, watts: 690 },
  ];
  const { clock, value, world, simulator, links } = await plugged({ sensors });
  await clock.advance(12_000);
  t.equal(value('/AcSensor/Count'), 3);
  t.equal(value('/AcSensor/0/Power'), 1150);
  t.equal(value('/AcSensor/0/Location'), 1);
  t.equal(value('/AcSensor/2/Current'), 3);
  const output = 'com.victronenergy.pvinverter.vebusacsensor_output';
  const input = 'com.victronenergy.pvinverter.vebusacsensor_input1';
  t.equal(world.value(output, '/Ac/Power'), 1380);
  t.equal(world.value(output, '/Ac/L1/Power'), 1380);
  t.equal(world.value(output, '/Position'), 1);
  t.equal(world.value(output, '/DeviceInstance'), 11);
  t.equal(world.value(output, '/ProductId'), 0xa141);
  t.equal(world.value(output, '/StatusCode'), 0);
  t.equal(world.value(input, '/Ac/Power'), 690);
  t.equal(world.value(input, '/DeviceInstance'), 10);
  t.equal(world.service('com.victronenergy.pvinverter.vebusacsensor_input2'), undefined);
  simulator.mute = true;
  links.unplug(PORT);
  await clock.advance(1_000);
  t.equal(world.service(output), undefined);
});

t.test('energy is counted from the start', async t => {
  const { clock, value } = await plugged();
  await clock.advance(4_000);
  await clock.advance(600_000);
  const energy = Number(value('/Energy/AcIn1ToAcOut'));
  t.ok(energy > 0.05 && energy < 0.07, `${energy} of 400 W for ten minutes`);
  t.equal(value('/Energy/InverterToAcOut'), 0);
});

t.test('the grid goes and comes', async t => {
  const { clock, bus, value, multi } = await plugged();
  const { SimulatedSettings } = await import('../../support/simulated-settings.ts');
  const settings = new SimulatedSettings(bus);
  settings.set('/Settings/SystemSetup/AcInput1', 1);
  settings.set('/Settings/Alarm/System/GridLost', 1);
  await clock.advance(5_000);
  t.equal(value('/Alarms/GridLost'), 0);
  multi.grid = { volts: 0, hertz: 0 };
  await clock.advance(3_000);
  t.equal(value('/Ac/ActiveIn/Connected'), 0);
  t.equal(value('/Ac/ActiveIn/L1/V'), 0);
  t.equal(value('/Ac/ActiveIn/L1/F'), 0);
  t.equal(value('/State'), 9);
  t.equal(value('/Alarms/GridLost'), 2);
  t.equal(value('/Ac/Out/L1/V'), 230);
  multi.loads[0] = 5000;
  multi.error = 0;
  await clock.advance(2_000);
  t.equal(value('/Alarms/Overload'), 2);
  multi.error = 11;
  await clock.advance(3_000);
  t.equal(value('/VebusError'), 11);
  t.equal(value('/State'), 2);
});

t.test('another panel on the bus', async t => {
  const { clock, value, write, simulator, multi } = await plugged();
  await clock.advance(3_000);
  const telling = clock.every(1_000, () => simulator.tellPanel(1));
  await clock.advance(10_000);
  t.equal(value('/Mode'), 1, 'is followed');
  t.equal(multi.mode, 3, 'and nothing is sent beside it');
  telling.cancel();
  t.equal(await write('/Mode', 2, 'i'), 0);
  await clock.advance(2_000);
  t.equal(value('/Mode'), 2);
});

t.test('a digital multi control is in charge', async t => {
  const { clock, value, write, multi } = await plugged({ panel: 1_120_120 });
  await clock.advance(12_000);
  t.equal(value('/Devices/Dmc/Version'), 1_120_120);
  t.equal(value('/ModeIsAdjustable'), 0);
  t.equal(value('/Ac/ActiveIn/CurrentLimitIsAdjustable'), 0);
  t.equal(await write('/Mode', 4, 'i'), 1);
  t.equal(await write('/Ac/ActiveIn/CurrentLimit', 5), 1);
  t.equal(multi.mode, 3);
});

t.test('writes to a device that has fallen silent are not answered with 0', async t => {
  const { clock, write, simulator, multi } = await plugged();
  await clock.advance(8_000);
  simulator.poweredOff = true;
  t.not(await write('/Mode', 4, 'i'), 0);
  t.equal(multi.mode, 3);
});

t.test('the device falls silent: off the bus, and back by itself', async t => {
  const { clock, world, simulator, value } = await plugged();
  await clock.advance(5_000);
  t.ok(world.service(VEBUS));
  simulator.poweredOff = true;
  await clock.advance(13_000);
  t.equal(world.service(VEBUS), undefined, 'the interface alone is no device');
  simulator.poweredOff = false;
  await clock.advance(8_000);
  t.ok(world.service(VEBUS));
  simulator.mute = true;
  await clock.advance(13_000);
  t.equal(world.service(VEBUS), undefined);
  simulator.mute = false;
  await clock.advance(8_000);
  t.equal(value('/Ac/Out/P'), 400);
});

t.test('an interface that confirms another device: counted, off the bus', async t => {
  const { clock, world, simulator, value } = await plugged();
  await clock.advance(10_000);
  t.equal(value('/Interfaces/Mk2/Faults/OtherAddress'), 0);
  simulator.confirmsAddress = 5;
  await clock.advance(10_000);
  t.equal(world.service(VEBUS), undefined);
  simulator.confirmsAddress = undefined;
  await clock.advance(6_000);
  t.ok(world.service(VEBUS));
  t.ok(Number(value('/Interfaces/Mk2/Faults/OtherAddress')) > 0);
});

t.test('no device, no interface: the port is given back', async t => {
  const { clock, links, world } = await setUp();
  const device = links.plug(PORT);
  await clock.advance(6_000);
  t.ok(device.written.length >= 1, 'asked once at each rate, after listening');
  t.ok(device.written.length <= 4);
  t.equal(world.service(VEBUS), undefined);
});

t.test('recognised by listening alone; where nothing else can hang it is asked at once', async t => {
  const { clock, context } = await setUp();
  for (const designated of [false, true]) {
    const written: Uint8Array[] = [];
    const link: Link = {
      name: PORT,
      queued: 0,
      onData: () => {},
      onClose: () => {},
      write: async bytes => void written.push(bytes),
      baudRate: 2_400,
      setBaudRate: async () => {},
      setLines: async () => {},
      close: async () => {},
    };
    const session = vebusDriver.begin(link, { path: PORT, tty: 'ttyS4', designated }, context);
    await clock.advance(100);
    t.equal(written.length, designated ? 1 : 0);
    session.receive(encodeFrame(Uint8Array.of(0xff, 0x56, 0x24, 0xdb, 0x11, 0x00, 0x42)));
    t.equal(await session.recognised, 'MK3');
    await session.stop();
  }
});

t.test('what cannot be an interface is left at once', async t => {
  const { clock, context } = await setUp();
  const link: Link = {
    name: PORT,
    queued: 0,
    onData: () => {},
    onClose: () => {},
    write: async () => void t.fail('nothing is to be written'),
    baudRate: 2_400,
    setBaudRate: async () => {},
    setLines: async () => {},
    close: async () => {},
  };
  const session = vebusDriver.begin(link, { path: PORT, tty: 'ttyS4' }, context);
  session.receive(new Uint8Array(100).fill(0x55));
  await clock.advance(10);
  t.equal(await session.ended, 'not recognised');
  await session.stop();
});

t.test('whoever talks something else is not disturbed', async t => {
  const { clock, links } = await setUp();
  const device = links.plug(PORT);
  const talk = clock.every(100, () => device.send(new TextEncoder().encode('\r\nV\t12800\r\n$GPRMC')));
  await clock.advance(4_000);
  talk.cancel();
  t.equal(device.written.length, 0);
});

t.test('faults on the line are counted, and no wrong value is shown', async t => {
  const { clock, device, value, simulator, multi, faults } = await plugged();
  await clock.advance(6_000);
  const random = seededRandom(7);
  const noise = clock.every(170, () => {
    const kind = Math.floor(random() * 5);
    if (kind === 0) device.send(Uint8Array.from({ length: 40 }, () => Math.floor(random() * 256)));
    if (kind === 1) device.send(Uint8Array.of(0x0f, 0x20, 0xf3));
    if (kind === 2) device.send(encodeFrame(Uint8Array.of(0xff, 0x58, 0x85, 0x11, 0x22)));
    if (kind === 3) device.send(encodeFrame(Uint8Array.of(0xff, 0x41, 0x01, 0x07)));
    if (kind === 4) device.send(new Uint8Array(200).fill(0x20));
  });
  let wrong = 0;
  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    const volts = value('/Dc/0/Voltage');
    if (volts === null || Math.abs(Number(volts) - multi.battery.volts) > 0.1) wrong++;
  }
  noise.cancel();
  t.equal(wrong, 0);
  simulator.mute = true;
  device.send(Uint8Array.of(0x0f, 0x20, 0xf3));
  await clock.advance(1_500);
  simulator.mute = false;
  await clock.advance(12_000);
  for (const name of ['Checksum', 'Noise', 'Unfinished', 'Unexpected', 'OtherAddress'])
    t.ok(Number(value(`/Interfaces/Mk2/Faults/${name}`)) > 0, name);
  t.equal(value('/Ac/Out/P'), 400);
  t.same(faults(), []);
  simulator.release();
});

t.test('octets lost and changed in both directions', async t => {
  const all = await setUp();
  const { clock, value, faults } = all;
  const device = all.links.plug(PORT);
  const random = seededRandom(11);
  let clean = true;
  /** One octet of some frames is lost or changed. */
  const damaged = (bytes: Uint8Array): Uint8Array => {
    if (clean || random() < 0.8) return bytes;
    const at = Math.floor(random() * bytes.length);
    const lost = random() < 0.5;
    return Uint8Array.from([...bytes].flatMap((octet, i) => (i !== at ? [octet] : lost ? [] : [octet ^ 0x24])));
  };
  const multi = new SimulatedMulti({ ess: true });
  const simulator = new MultiSimulator(clock, { multi }, bytes => device.send(damaged(bytes)));
  device.onWrite = bytes => simulator.receive(damaged(bytes));
  await clock.advance(6_000);
  clean = false;
  let wrong = 0;
  let gone = 0;
  for (let second = 0; second < 300; second++) {
    await clock.advance(1_000);
    if (all.world.service(VEBUS) === undefined) gone++;
    const volts = value('/Dc/0/Voltage');
    if (volts !== null && Math.abs(Number(volts) - multi.battery.volts) > 0.5) wrong++;
  }
  clean = true;
  await clock.advance(15_000);
  t.equal(wrong, 0);
  t.equal(gone, 0, 'a poor line does not take the device off the bus');
  t.ok(Number(value('/Interfaces/Mk2/Faults/Checksum')) > 10);
  t.equal(value('/Ac/Out/P'), 400);
  t.same(faults(), []);
});

t.test('another device in its place', async t => {
  const { clock, value, simulator, device, world } = await plugged();
  await clock.advance(6_000);
  t.equal(value('/ProductId'), 0x2620);
  simulator.release();
  const other = new MultiSimulator(clock, { multi: new SimulatedMulti({ phases: 3 }), version: 2_648_464 }, bytes =>
    device.send(bytes),
  );
  device.onWrite = bytes => other.receive(bytes);
  await clock.advance(40_000);
  t.equal(value('/ProductId'), 0x2648);
  t.equal(value('/Devices/NumberOfMultis'), 3);
  t.equal(value('/Ac/NumberOfPhases'), 3);
  t.equal(value('/Ac/NumberOfAcInputs'), 2, 'a Quattro');
  t.ok(world.service(VEBUS));
});

t.test('a simulated system at the other end of a link', async t => {
  const { clock, links, value } = await setUp();
  const device = links.plug(PORT);
  let heard: (bytes: Uint8Array) => void = () => {};
  const far: Link = {
    name: 'far end',
    queued: 0,
    onData: listener => {
      heard = listener;
    },
    onClose: () => {},
    write: async bytes => device.send(bytes),
    baudRate: 2_400,
    setBaudRate: async () => {},
    setLines: async () => {},
    close: async () => {},
  };
  const simulator = simulateMulti(clock, far, { multi: new SimulatedMulti({}) });
  device.onWrite = bytes => heard(bytes);
  await clock.advance(8_000);
  t.equal(value('/Ac/Out/P'), 400);
  simulator.release();
});

t.test('every answer twice', async t => {
  const all = await setUp();
  const device = all.links.plug(PORT);
  const multi = new SimulatedMulti({});
  const simulator = new MultiSimulator(all.clock, { multi }, bytes => {
    device.send(bytes);
    device.send(bytes);
  });
  device.onWrite = bytes => simulator.receive(bytes);
  await all.clock.advance(15_000);
  t.equal(all.value('/Ac/Out/P'), 400);
  t.equal(all.value('/Soc'), 70);
  t.ok(Number(all.value('/Interfaces/Mk2/Faults/Unexpected')) > 0);
});

t.test('unplugged and plugged in again: timers and services back where they were', async t => {
  const { clock, links, world } = await setUp();
  await clock.advance(2_000);
  const before = clock.pending;
  for (let i = 0; i < 5; i++) {
    const device = links.plug(PORT);
    const simulator = new MultiSimulator(clock, { multi: new SimulatedMulti({}) }, bytes => device.send(bytes));
    device.onWrite = bytes => simulator.receive(bytes);
    await clock.advance(4_000);
    t.ok(world.service(VEBUS));
    simulator.release();
    links.unplug(PORT);
    await clock.advance(2_500);
    t.equal(world.service(VEBUS), undefined);
  }
  await clock.advance(5_000);
  t.equal(clock.pending, before);
});
