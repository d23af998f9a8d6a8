/** A small plant of simulated devices that share one battery, each on a port of its own. */
import { join } from 'node:path';
import { GpsSimulator } from '../drivers/gps/simulator.ts';
import { MultiSimulator, type SimulatedBattery, SimulatedMulti } from '../drivers/vebus/simulator.ts';
import { BatteryBank } from '../drivers/vedirect/simulators/battery-bank.ts';
import { VeDirectEnd } from '../drivers/vedirect/simulators/device.ts';
import { SimulatedShunt } from '../drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../drivers/vedirect/simulators/solar-charger.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { Pty } from './pty.ts';
import type { DeviceEnd } from './simulated-devices.ts';

const STEP_MS = 1_000;
const BATTERY = { nominal: 48, capacityAh: 300, charge: 0.72 } as const;
/** Watts behind the inverter/charger, that rise and fall. */
const LOAD = { mean: 650, swing: 400, periodSeconds: 240 } as const;

type Make = (write: (bytes: Uint8Array) => void) => DeviceEnd;

/** Starts the devices at `ttyUSB0` … in a folder. Releasing unplugs them. */
export async function startPlant(clock: Clock, folder: string, ended: (why: string) => void): Promise<Owned> {
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
  return {
    release: async () => {
      for (const one of owned.reverse()) await one.release();
    },
  };
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
