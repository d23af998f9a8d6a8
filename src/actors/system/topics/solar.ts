import { add, type Maybe, over } from '../arithmetic.ts';
import { defineTopic } from '../topic.ts';
import type { VoltageSource } from './dc-chargers.ts';

export interface Solar {
  /** What the solar chargers put into the battery side. Watts. */
  readonly chargePower: number;
  /** The same current. Amperes; null without solar chargers. */
  readonly chargeCurrent: Maybe;
  /** What the solar chargers make, their load outputs included. Watts. */
  readonly totalPower: number;
  /** What goes out of their load outputs. Watts; null without solar chargers. */
  readonly loadPower: Maybe;
  /** The battery voltage at the first of them. */
  readonly voltage: VoltageSource | null;
}

/** DC-coupled solar. */
export const solar = defineTopic<Solar>({
  name: 'solar',
  about: 'DC-coupled solar power: solar chargers, and inverters that have solar inputs.',
  reads: {
    devices: {
      solarcharger: ['/Dc/0/Voltage', '/Dc/0/Current', '/Load/I'],
      multi: ['/Yield/Power', '/Dc/0/Voltage'],
      inverter: ['/Yield/Power', '/Dc/0/Voltage'],
    },
  },
  publishes: {
    '/Dc/Pv/Power':
      'sum of battery voltage times (charge current + load output current) of the solar chargers, plus the yield of inverters with solar inputs',
    '/Dc/Pv/Current':
      'sum of charge and load output currents of the solar chargers, plus yield over battery voltage of inverters with solar inputs',
  },
  compute(look, out) {
    let power: Maybe = null;
    let current: Maybe = null;
    let chargePower = 0;
    let chargeCurrent: Maybe = null;
    let loadPower: Maybe = null;
    let voltage: VoltageSource | null = null;
    for (const charger of look.devices('solarcharger')) {
      const volts = charger.number('/Dc/0/Voltage');
      const amperes = charger.number('/Dc/0/Current');
      if (volts === null || amperes === null) continue;
      const load = charger.number('/Load/I') ?? 0;
      voltage ??= { volts, service: charger.name };
      power = add(power, volts * (amperes + load));
      current = add(current, amperes + load);
      chargePower += volts * amperes;
      chargeCurrent = add(chargeCurrent, amperes);
      loadPower = add(loadPower, volts * load);
    }
    const totalPower = power ?? 0;
    for (const inverter of [...look.devices('multi'), ...look.devices('inverter')]) {
      const yielded = inverter.number('/Yield/Power');
      power = add(power, yielded);
      current = add(current, over(yielded, inverter.number('/Dc/0/Voltage')));
    }
    out.set('/Dc/Pv/Power', power);
    out.set('/Dc/Pv/Current', current);
    return { chargePower, chargeCurrent, totalPower, loadPower, voltage };
  },
});
