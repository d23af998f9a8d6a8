import { add, type Maybe, times } from '../arithmetic.ts';
import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';

/** A battery voltage, and who measures it. */
export interface VoltageSource {
  readonly volts: number;
  readonly service: string;
}

interface DcSource {
  /** The last one with a voltage. */
  readonly voltage: VoltageSource | null;
}

/** AC chargers. */
export const dcChargers = defineTopic<DcSource>({
  name: 'dc-chargers',
  about: 'AC chargers that charge the main battery with output 1.',
  reads: { devices: { charger: ['/Dc/0/Voltage', '/Dc/0/Current'] } },
  publishes: { '/Dc/Charger/Power': 'sum of voltage times current of output 1 of all chargers' },
  compute(look, out) {
    const { power, voltage } = sumOf(look, 'charger');
    out.set('/Dc/Charger/Power', power);
    return { voltage };
  },
});

/** Fuel cells. */
export const fuelCells = defineTopic<DcSource>({
  name: 'fuel-cells',
  about: 'Fuel cells that charge the main battery.',
  reads: { devices: { fuelcell: ['/Dc/0/Voltage', '/Dc/0/Current'] } },
  publishes: { '/Dc/FuelCell/Power': 'sum of voltage times current of all fuel cells' },
  compute(look, out) {
    const { power, voltage } = sumOf(look, 'fuelcell');
    out.set('/Dc/FuelCell/Power', power);
    return { voltage };
  },
});

/** Alternators and DC generator sets. */
export const alternators = defineTopic<undefined>({
  name: 'alternators',
  about: 'Alternators and DC generator sets that charge the main battery.',
  reads: {
    devices: { alternator: ['/Dc/0/Power'], dcgenset: ['/Dc/0/Power', '/Dc/0/Voltage', '/Dc/0/Current'] },
  },
  publishes: {
    '/Dc/Alternator/Power':
      'sum of the power of all alternators and DC generator sets; of the latter voltage times current when they tell no power',
  },
  compute(look, out) {
    let power: Maybe = null;
    for (const alternator of look.devices('alternator')) power = add(power, alternator.number('/Dc/0/Power'));
    for (const genset of look.devices('dcgenset')) {
      const told = genset.number('/Dc/0/Power');
      power = add(power, told ?? times(genset.number('/Dc/0/Voltage'), genset.number('/Dc/0/Current')));
    }
    out.set('/Dc/Alternator/Power', power);
    return undefined;
  },
});

function sumOf(look: Picture, type: string): { power: Maybe; voltage: VoltageSource | null } {
  let power: Maybe = null;
  let voltage: VoltageSource | null = null;
  for (const device of look.devices(type)) {
    const volts = device.number('/Dc/0/Voltage');
    if (volts === null) continue;
    voltage = { volts, service: device.name };
    power = add(power, times(volts, device.number('/Dc/0/Current')));
  }
  return { power, voltage };
}
