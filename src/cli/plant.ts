/** A small plant of simulated devices that share one battery: on serial ports, each its own, and on a CAN bus. */
import { join } from 'node:path';
import { CanBus, serveBus } from '../adapters/can-bus.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { GpsSimulator } from '../drivers/gps/simulator.ts';
import { MultiSimulator, type SimulatedBattery, SimulatedMulti } from '../drivers/vebus/simulator.ts';
import { BatteryBank } from '../drivers/vedirect/simulators/battery-bank.ts';
import { VeDirectEnd } from '../drivers/vedirect/simulators/device.ts';
import { SimulatedShunt } from '../drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../drivers/vedirect/simulators/solar-charger.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';
import { ALL_EXTENDED, ALL_STANDARD } from '../ports/can.ts';
import { Pty } from './pty.ts';
import { canBattery, canSolarCharger } from './simulated-can.ts';
import type { DeviceEnd } from './simulated-devices.ts';

const STEP_MS = 1_000;
const CAN = 'can0';
const BATTERY = { nominal: 48, capacityAh: 300, charge: 0.72 } as const;
/** SmartSolar MPPT VE.Can 250/70 */
const VECAN_MPPT = 0xa109;
/** Watts behind the inverter/charger, that rise and fall. */
const LOAD = { mean: 650, swing: 400, periodSeconds: 240 } as const;

type Make = (write: (bytes: Uint8Array) => void) => DeviceEnd;

export interface Plant extends Owned {
  /** The CAN bus of the plant, as `gxd run --can` takes it. */
  readonly can: string;
}

/** Starts the devices at `ttyUSB0` … in a folder, and on a CAN bus. Releasing unplugs them. */
export async function startPlant(clock: Clock, folder: string, ended: (why: string) => void): Promise<Plant> {
  const bank = new BatteryBank(BATTERY);
  const multi = new SimulatedMulti({ battery: sharedBattery(bank) });
  const solar = { clock, bank, peakWatts: 900, ratedAmperes: 35, productId: 0xa057 };
  const shunt = new SimulatedShunt({ clock, bank });
  const roof = new SimulatedSolarCharger({ ...solar, serial: 'HQ2132SIM01' });
  const shed = new SimulatedSolarCharger({
    ...solar,
    serial: 'HQ2132SIM02',
    peakWatts: 500,
    sun: seconds => 0.6 + 0.3 * Math.sin((2 * Math.PI * seconds) / 200 + 1),
  });
  let seconds = 0;
  const beat = clock.every(STEP_MS, beats => {
    seconds += beats;
    multi.loads[0] = LOAD.mean + LOAD.swing * Math.sin((2 * Math.PI * seconds) / LOAD.periodSeconds);
    bank.step((beats * STEP_MS) / 1000);
  });
  const makes: readonly Make[] = [
    write => new VeDirectEnd(clock, shunt, write),
    write => new VeDirectEnd(clock, roof, write),
    write => new VeDirectEnd(clock, shed, write),
    write => new GpsSimulator(clock, write),
    write => new MultiSimulator(clock, { multi }, write),
  ];
  const owned: Owned[] = [{ release: () => beat.cancel() }];
  for (const [n, make] of makes.entries()) {
    const pty = await Pty.open(join(folder, `ttyUSB${n}`), ended);
    const device = make(bytes => pty.write(bytes));
    pty.onData(bytes => device.receive?.(bytes));
    owned.push(device, { release: () => pty.close() });
  }
  const can = await startCan(clock, bank, owned);
  return {
    can,
    release: async () => {
      for (const one of owned.reverse()) await one.release();
    },
  };
}

/** The BMS of the battery, and a third solar charger at it. */
async function startCan(clock: Clock, bank: BatteryBank, owned: Owned[]): Promise<string> {
  const bus = new CanBus(CAN);
  const barn = new SimulatedSolarCharger({
    ...{ clock, bank, peakWatts: 1400, ratedAmperes: 70 },
    productId: VECAN_MPPT,
    serial: 'HQ2225SIM07',
    sun: seconds => 0.5 + 0.4 * Math.sin((2 * Math.PI * seconds) / 300 + 2),
  });
  owned.push(
    canBattery(clock, bus.join([ALL_STANDARD]), 'freedomwon', bank),
    canSolarCharger({ clock, socket: bus.join([ALL_EXTENDED]), random: seededRandom(1) }, barn),
  );
  const served = await serveBus(new NodeNet(), bus, 0);
  owned.push(served);
  return `${CAN}=tcp://127.0.0.1:${served.port}`;
}

/** The battery as the inverter/charger sees it: it gives or takes until it says something else. */
function sharedBattery(bank: BatteryBank): SimulatedBattery {
  let flowing = 0;
  bank.attach({ amperes: () => flowing });
  return {
    get volts() {
      return bank.volts;
    },
    get soc() {
      return bank.charge * 100;
    },
    flow: amperes => {
      flowing = amperes;
    },
  };
}
