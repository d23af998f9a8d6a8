/** The simulated devices on CAN by what a person calls them, and the battery of a plant as its BMS tells of it. */
import { CanBatterySimulator, MAKES } from '../drivers/can-bms/simulator.ts';
import {
  type RegisterDevice,
  simulateBatteryMonitor,
  simulateGps,
  simulateSolarCharger,
  simulateTankSensor,
  type Wire,
} from '../drivers/vecan/simulators/simulator.ts';
import { BatteryBank } from '../drivers/vedirect/simulators/battery-bank.ts';
import { SimulatedShunt } from '../drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../drivers/vedirect/simulators/solar-charger.ts';
import type { Owned } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';
import type { CanSocket } from '../ports/can.ts';
import { UsageError } from './io.ts';

const STEP_MS = 1_000;
/** A battery of its own lives with a load that becomes a charger and back. Amperes, seconds. */
const SWING = { amperes: 40, periodSeconds: 300 } as const;
const CELLS_OF_12_V = 4;
/** What the BMS allows: less when the battery is nearly full. */
const LIMITS = {
  cellVolts: 3.5,
  chargeAmperes: 100,
  fullAmperes: 10,
  dischargeAmperes: 150,
  lowestCellVolts: 2.9,
} as const;
/** SmartSolar MPPT VE.Can 250/70, Lynx Smart Shunt 1000A VE.Can */
const PRODUCTS = { mppt: 0xa109, shunt: 0xa131 } as const;
const NEARLY_FULL = 0.97;
/** How far cells lie apart, volts. */
const CELL_SPREAD = 0.012;

export interface SimulatedCanKind {
  readonly name: string;
  readonly what: string;
  /**
   * @param socket of the bus that it is on
   * @param variant what stands behind the colon; empty when nothing does. Throws a UsageError when there is no such.
   */
  readonly make: (clock: Clock, socket: CanSocket, variant: string) => Owned;
}

export const SIMULATED_CAN_KINDS: readonly SimulatedCanKind[] = [
  {
    name: 'can-bms',
    what: 'battery of 48 V with a CAN-bus BMS',
    make: (clock, socket, variant) => loneBattery(clock, socket, makeOf(variant === '' ? 'generic' : variant)),
  },
  {
    name: 'vecan-mppt',
    what: 'solar charger on VE.Can',
    make: plain(wire => canSolarCharger(wire)),
  },
  {
    name: 'vecan-shunt',
    what: 'battery monitor on VE.Can',
    make: plain(wire =>
      simulateBatteryMonitor(wire, new SimulatedShunt({ clock: wire.clock, productId: PRODUCTS.shunt })),
    ),
  },
  { name: 'vecan-tank', what: 'tank sensor of NMEA 2000', make: plain(wire => simulateTankSensor(wire)) },
  {
    name: 'vecan-gps',
    what: 'GPS receiver of NMEA 2000 that sails in a circle',
    make: plain(wire => simulateGps(wire)),
  },
];

/** A solar charger on VE.Can. @param charger at a battery that it shares; without it at one of its own */
export function canSolarCharger(wire: Wire, charger?: RegisterDevice): Owned {
  return simulateSolarCharger(
    wire,
    charger ?? new SimulatedSolarCharger({ clock: wire.clock, productId: PRODUCTS.mppt, serial: 'HQ2225SIM07' }),
  );
}

/** One of which there are no variants. */
function plain(make: (wire: Wire) => Owned): SimulatedCanKind['make'] {
  return (clock, socket, variant) => {
    if (variant !== '') throw new UsageError(`there is nothing to choose by :${variant}`);
    return make({ clock, socket, random: seededRandom(process.pid) });
  };
}

/** A battery on the bus that tells of a bank. Releasing takes it off. */
export function canBattery(clock: Clock, socket: CanSocket, make: keyof typeof MAKES, bank: BatteryBank): Owned {
  const battery = new CanBatterySimulator(clock, make, frame => {
    // What a full bus does not take is lost; it comes again a second later.
    socket.send(frame).catch(() => {});
  });
  socket.onFrames(frames => {
    for (const frame of frames) battery.hear(frame);
  });
  const tell = (): void => {
    const { volts, amperes, charge, nominal, capacityAh } = bank;
    const cells = (nominal / 12) * CELLS_OF_12_V;
    battery.values = {
      ...battery.values,
      voltage: volts,
      current: amperes,
      stateOfCharge: Math.round(charge * 100),
      stateOfChargeFine: charge * 100,
      chargeVoltageLimit: cells * LIMITS.cellVolts,
      chargeCurrentLimit: charge >= NEARLY_FULL ? LIMITS.fullAmperes : LIMITS.chargeAmperes,
      dischargeCurrentLimit: LIMITS.dischargeAmperes,
      dischargeVoltageLimit: cells * LIMITS.lowestCellVolts,
      minimumCellVoltage: volts / cells - CELL_SPREAD / 2,
      maximumCellVoltage: volts / cells + CELL_SPREAD / 2,
      onlineCapacity: capacityAh,
      installedCapacity: capacityAh,
    };
  };
  tell();
  const beat = clock.every(STEP_MS, tell);
  return {
    release: () => {
      beat.cancel();
      battery.release();
    },
  };
}

function loneBattery(clock: Clock, socket: CanSocket, make: keyof typeof MAKES): Owned {
  const bank = new BatteryBank({ nominal: 48, capacityAh: 280 });
  let seconds = 0;
  bank.attach({ amperes: () => SWING.amperes * Math.sin((2 * Math.PI * seconds) / SWING.periodSeconds) });
  const beat = clock.every(STEP_MS, beats => {
    seconds += (beats * STEP_MS) / 1000;
    bank.step((beats * STEP_MS) / 1000);
  });
  const battery = canBattery(clock, socket, make, bank);
  return {
    release: () => {
      beat.cancel();
      return battery.release();
    },
  };
}

function makeOf(name: string): keyof typeof MAKES {
  if (Object.hasOwn(MAKES, name)) return name as keyof typeof MAKES; // as was just asked
  throw new UsageError(`there is no battery ${name}; there are ${Object.keys(MAKES).join(', ')}`);
}
