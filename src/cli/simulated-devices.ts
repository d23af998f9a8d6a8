/** The simulated devices by what a person calls them. */
import { simulateEt112 } from '../drivers/et112/et112-driver.ts';
import { GpsSimulator } from '../drivers/gps/simulator.ts';
import { MultiSimulator, SimulatedMulti } from '../drivers/vebus/simulator.ts';
import { VeDirectEnd } from '../drivers/vedirect/simulators/device.ts';
import { SimulatedShunt } from '../drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../drivers/vedirect/simulators/solar-charger.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';

/** A device that takes what the host sends, where it listens at all. */
export interface DeviceEnd extends Owned {
  receive?(bytes: Uint8Array): void;
}

export interface SimulatedKind {
  readonly name: string;
  readonly what: string;
  /** @param write takes what the device sends */
  readonly make: (clock: Clock, write: (bytes: Uint8Array) => void) => DeviceEnd;
}

export const SIMULATED_KINDS: readonly SimulatedKind[] = [
  {
    name: 'bmv',
    what: 'battery monitor at a battery that is charged and discharged',
    make: (clock, write) => new VeDirectEnd(clock, new SimulatedShunt({ clock }), write),
  },
  {
    name: 'mppt',
    what: 'solar charger that follows what it is told',
    make: (clock, write) => new VeDirectEnd(clock, new SimulatedSolarCharger({ clock }), write),
  },
  { name: 'gps', what: 'GPS receiver that sails in a circle', make: (clock, write) => new GpsSimulator(clock, write) },
  {
    name: 'multi',
    what: 'inverter/charger behind an MK3',
    make: (clock, write) => new MultiSimulator(clock, { multi: new SimulatedMulti({}) }, write),
  },
  {
    name: 'et112',
    what: 'energy meter on RS485 that speaks when it is asked',
    make: (clock, write) => ({
      receive: simulateEt112(() => 600 + 400 * Math.sin(clock.monotonic() / 20_000), write),
      release: () => {},
    }),
  },
];
