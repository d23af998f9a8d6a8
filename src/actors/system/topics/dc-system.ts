import { add, type Maybe, over } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';
import { solar } from './solar.ts';
import { vebusPower } from './vebus-power.ts';

const HAS_DC_SYSTEM = '/Settings/SystemSetup/HasDcSystem';
const ESTIMATED = 0;
const MEASURED = 1;
const INVERTER_PATHS = ['/Dc/0/Voltage', '/Dc/0/Current', '/Ac/Out/L1/V', '/Ac/Out/L1/I'];

/** Loads, and sources, at the battery that are no Victron devices. */
export const dcSystem = defineTopic({
  name: 'dc-system',
  about:
    'DC loads: measured by DC meters; else, when the user says that there are some, what is left of the sources after the battery.',
  reads: {
    devices: {
      dcsystem: ['/Dc/0/Power', '/Dc/0/Current'],
      multi: INVERTER_PATHS,
      inverter: INVERTER_PATHS,
    },
    settings: [HAS_DC_SYSTEM],
    own: [
      '/Dc/Battery/Power',
      '/Dc/Battery/Voltage',
      '/Dc/Charger/Power',
      '/Dc/FuelCell/Power',
      '/Dc/Alternator/Power',
    ],
    topics: [batteryChoice, solar, vebusPower],
  },
  publishes: {
    '/Dc/System/Power':
      'sum of the DC meters; without one, solar + chargers + fuel cells + alternators + inverters - battery; without a battery monitor, the load outputs of the solar chargers; positive consumes',
    '/Dc/System/Current': 'sum of the DC meters, or power over battery voltage',
    '/Dc/System/MeasurementType': '1 measured, 0 estimated',
  },
  compute(look, out) {
    const meters = look.devices('dcsystem');
    if (meters.length > 0) {
      out.set('/Dc/System/MeasurementType', MEASURED);
      out.set('/Dc/System/Power', () => add(0, ...meters.map(meter => meter.number('/Dc/0/Power'))));
      out.set('/Dc/System/Current', () => add(0, ...meters.map(meter => meter.number('/Dc/0/Current'))));
      return;
    }
    if (look.setting(HAS_DC_SYSTEM) !== 1) {
      look.note(() => `${HAS_DC_SYSTEM} is off: there are no DC loads to know of`);
      return;
    }
    if (look.result(batteryChoice).type === 'battery') estimate(look, out, leftOver(look));
    else estimate(look, out, look.result(solar).loadPower);
  },
});

function estimate(look: Picture, out: Outcome, power: Maybe): void {
  if (power === null) return;
  out.set('/Dc/System/MeasurementType', ESTIMATED);
  out.set('/Dc/System/Power', power);
  out.set('/Dc/System/Current', over(power, look.ownNumber('/Dc/Battery/Voltage')));
}

/** What the sources give and the battery does not take. */
function leftOver(look: Picture): Maybe {
  const battery = look.ownNumber('/Dc/Battery/Power');
  if (battery === null) return null;
  let sources = add(
    look.result(solar).totalPower,
    look.ownNumber('/Dc/Charger/Power'),
    look.ownNumber('/Dc/FuelCell/Power'),
    look.ownNumber('/Dc/Alternator/Power'),
    look.result(vebusPower).total,
  );
  for (const inverter of look.devices('multi')) sources = add(sources, atBattery(inverter));
  for (const inverter of look.devices('inverter')) sources = add(sources, atBattery(inverter));
  return add(sources, -battery);
}

/** What an inverter does at the battery; one that does not measure it takes what it gives at its output. */
function atBattery(inverter: SeenDevice): number {
  const amperes = inverter.number('/Dc/0/Current');
  if (amperes !== null) return (inverter.number('/Dc/0/Voltage') ?? 0) * amperes;
  return -(inverter.number('/Ac/Out/L1/V') ?? 0) * (inverter.number('/Ac/Out/L1/I') ?? 0);
}
