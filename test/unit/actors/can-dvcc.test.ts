/** From a frame of a battery on CAN to the register of a solar charger on VE.Direct, through DVCC: how long it takes. */
import t from 'tap';
import { canScannerActor } from '../../../src/actors/can-scanner/can-scanner-actor.ts';
import { serialScannerActor } from '../../../src/actors/serial-scanner/serial-scanner-actor.ts';
import { systemActor } from '../../../src/actors/system/system-actor.ts';
import { canBmsDriver } from '../../../src/drivers/can-bms/can-bms-driver.ts';
import { CanBatterySimulator, type MAKES } from '../../../src/drivers/can-bms/simulator.ts';
import { BatteryBank } from '../../../src/drivers/vedirect/simulators/battery-bank.ts';
import { VeDirectEnd } from '../../../src/drivers/vedirect/simulators/device.ts';
import { SimulatedSolarCharger } from '../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { ALL_STANDARD } from '../../../src/ports/can.ts';
import { LINK_REGISTERS as L } from '../../../src/protocols/vedirect/registers.ts';
import { memoryGateway } from '../../support/memory-gateway.ts';
import type { MemoryLinks } from '../../support/memory-links.ts';
import { memoryMachine } from '../../support/memory-machine.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const PORT = '/dev/ttyUSB0';
/** The whole way: frame, DVCC, line. */
const LIMIT_MS = 1_000;

async function setUp(make: keyof typeof MAKES) {
  const { clock, bus, supervisor } = memoryGateway();
  const settings = new SimulatedSettings(bus);
  settings.set('/Settings/Services/Bol', 1);
  settings.set('/Settings/Canbus/can0/Profile', 3);
  const machine = memoryMachine(clock, bus);
  const links = machine.links as MemoryLinks; // as memoryMachine makes them
  supervisor.add(serialScannerActor({ ports: links, links, patterns: [] }));
  const drivers = [{ name: 'can-bms', load: async () => canBmsDriver }];
  supervisor.add(canScannerActor({ interfaces: machine.can, random: seededRandom(1), drivers }));
  supervisor.add(systemActor(machine));

  const bank = new BatteryBank({ nominal: 48, capacityAh: 280 });
  const charger = new SimulatedSolarCharger({ clock, bank, peakWatts: 3000, ratedAmperes: 60 });
  const line = links.plug(PORT);
  const end = new VeDirectEnd(clock, charger, bytes => line.send(bytes));
  line.onWrite = bytes => end.receive(bytes);
  clock.every(1_000, beats => bank.step(beats));

  const wire = machine.can.plug('can0');
  const socket = wire.join([ALL_STANDARD]);
  let saidAt = 0;
  const battery = new CanBatterySimulator(clock, make, frame => {
    if (frame.id === 0x351) saidAt = clock.monotonic();
    void socket.send(frame);
  });
  await clock.advance(12_000);
  const register = (id: number): string => JSON.stringify(charger.registers.get(id));
  /** Milliseconds from the first frame that tells of it to the register. */
  const untilTold = async (id: number, change: () => void): Promise<number> => {
    const before = register(id);
    change();
    const from = saidAt;
    while (saidAt === from) await clock.advance(5);
    const at = saidAt;
    while (register(id) === before && clock.monotonic() - at < 10_000) await clock.advance(5);
    return clock.monotonic() - at;
  };
  return { clock, battery, untilTold, supervisor };
}

for (const make of ['generic', 'rec'] as const)
  t.test(`${make}: a limit is in the charger within a second of its frame, whenever it comes`, async t => {
    const { clock, battery, untilTold, supervisor } = await setUp(make);
    for (const shift of [0, 700, 1400]) {
      await clock.advance(7_000 + shift);
      const amperes = 20 - shift / 150;
      const current = await untilTold(L.linkChargeCurrentLimit.id, () => {
        battery.values = { ...battery.values, chargeCurrentLimit: amperes };
      });
      t.ok(current <= LIMIT_MS, `current: ${current} ms`);
      await clock.advance(7_000 + shift);
      const voltage = await untilTold(L.linkChargeVoltage.id, () => {
        battery.values = { ...battery.values, chargeVoltageLimit: 56 - shift / 1000 };
      });
      t.ok(voltage <= LIMIT_MS, `voltage: ${voltage} ms`);
    }
    // A battery that is cleared to take more again.
    await clock.advance(7_000);
    const more = await untilTold(L.linkChargeCurrentLimit.id, () => {
      battery.values = { ...battery.values, chargeCurrentLimit: 50 };
    });
    t.ok(more <= LIMIT_MS, `more current: ${more} ms`);
    // Step by step, each second less, after a while in which it did not go to and fro.
    await clock.advance(7_000);
    for (const amperes of [40, 30, 20]) {
      const step = await untilTold(L.linkChargeCurrentLimit.id, () => {
        battery.values = { ...battery.values, chargeCurrentLimit: amperes };
      });
      t.ok(step <= LIMIT_MS, `step by step: ${step} ms`);
    }
    t.same(
      supervisor.status().flatMap(({ lastError }) => lastError ?? []),
      [],
    );
  });
