import { add, type Maybe, negative, over, times } from '../arithmetic.ts';
import { PHASES, phasePaths } from '../paths.ts';
import type { SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

const DC_PATHS = ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power'];
const PATHS = [...DC_PATHS, ...phasePaths('/Ac/Out', 'P', 'V', 'I')];

interface Flow {
  readonly power: Maybe;
  readonly current: Maybe;
}

/** What the inverters do at the battery, whatever their make. */
export const inverterChargers = defineTopic({
  name: 'inverter-chargers',
  about: 'What the inverter/chargers do at the battery: the main VE.Bus system, or without one all others together.',
  reads: { devices: { vebus: DC_PATHS, multi: PATHS, inverter: PATHS }, topics: [vebusChoice] },
  publishes: {
    '/Dc/InverterCharger/Current': 'DC current; positive charges the battery',
    '/Dc/InverterCharger/Power':
      'DC power; of inverters that do not measure it, voltage times current, or what they give at the output',
  },
  compute(look, out) {
    const vebus = look.device(look.result(vebusChoice).service);
    if (vebus !== undefined) {
      out.copy('/Dc/InverterCharger/Current', vebus, '/Dc/0/Current');
      out.copy('/Dc/InverterCharger/Power', vebus, '/Dc/0/Power');
      return;
    }
    const flows = [...look.devices('multi'), ...look.devices('inverter')].flatMap(flowsOf);
    out.set('/Dc/InverterCharger/Current', add(...flows.map(flow => flow.current)));
    out.set('/Dc/InverterCharger/Power', add(...flows.map(flow => flow.power)));
  },
});

function flowsOf(device: SeenDevice): Flow[] {
  const current = device.number('/Dc/0/Current');
  const power = device.number('/Dc/0/Power');
  if (power !== null) return [{ power, current }];
  const volts = device.number('/Dc/0/Voltage');
  // Inverters that tell a current but no power are left out of the sum of currents, as ever.
  if (current !== null) return [{ power: times(volts, current), current: null }];
  return PHASES.map(phase => fromOutput(device, `/Ac/Out/L${phase}`, volts));
}

function fromOutput(device: SeenDevice, group: string, volts: Maybe): Flow {
  const told = device.number(`${group}/P`);
  const power = told ?? times(device.number(`${group}/V`), device.number(`${group}/I`));
  const current = over(power, volts);
  if (told === null && current === null) return { power: null, current: null };
  return { power: negative(power), current: negative(current) };
}
