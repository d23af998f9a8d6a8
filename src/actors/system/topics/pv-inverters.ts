import { sumOf } from '../arithmetic.ts';
import { countPhases, flowPaths, phasePaths, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';

const ON_OUTPUT = 1;
/** `/Position` of a PV inverter at an AC input → the setting that says what is connected there. */
const INPUT_SETTING: ReadonlyMap<number, string> = new Map([
  [0, '/Settings/SystemSetup/AcInput1'],
  [2, '/Settings/SystemSetup/AcInput2'],
]);
/** What is connected to an AC input → where its PV inverters count. */
const PLACE: ReadonlyMap<number, string> = new Map([
  [1, '/Ac/PvOnGrid'],
  [2, '/Ac/PvOnGenset'],
  [3, '/Ac/PvOnGrid'],
]);
const PLACES = ['/Ac/PvOnGrid', '/Ac/PvOnGenset', '/Ac/PvOnOutput'] as const;
const INVERTER = flowPaths('/Ac');
const SHOWN = PLACES.map(place => ({ place, phases: flowPaths(place), count: `${place}/NumberOfPhases` }));

/** AC-coupled solar. */
export const pvInverters = defineTopic({
  name: 'pv-inverters',
  about: 'PV inverters, by where they feed in: at the grid, at the generator, or at the AC output.',
  reads: {
    devices: { pvinverter: ['/Position', '/ProductId', ...phasePaths('/Ac', 'Power', 'Current')] },
    settings: [...INPUT_SETTING.values()],
  },
  publishes: {
    ...Object.assign(
      {},
      ...PLACES.map(place => ({
        ...sameRule('sum of the PV inverters at this place', phasePaths(place, 'Power', 'Current')),
        [`${place}/NumberOfPhases`]: 'the highest phase with a power',
      })),
    ),
    '/PvInvertersProductIds': 'the products of all PV inverters, each once',
  },
  compute(look, out) {
    const inverters = look.devices('pvinverter');
    const ids = inverters.map(inverter => inverter.number('/ProductId')).filter(id => id !== null);
    out.set('/PvInvertersProductIds', [...new Set(ids)]);
    const places = inverters.map(inverter => placeOf(look, inverter));
    for (const { place, phases, count } of SHOWN) {
      const here = inverters.filter((_, i) => places[i] === place);
      const powers = INVERTER.map((from, i) =>
        out.part(() => {
          const to = phases[i] ?? from;
          const power = sumOf(here, from.power);
          out.set(to.power, power);
          out.set(to.current, () => sumOf(here, from.current));
          return power;
        }),
      );
      out.set(count, countPhases(powers));
    }
  },
});

function placeOf(look: Picture, inverter: SeenDevice): string | undefined {
  const position = inverter.number('/Position');
  if (position === ON_OUTPUT) return '/Ac/PvOnOutput';
  const setting = position === null ? undefined : INPUT_SETTING.get(position);
  const connected = setting === undefined ? null : look.setting(setting);
  const place = connected === null ? undefined : PLACE.get(connected);
  if (place === undefined)
    look.note(
      () => `${inverter.name} counts nowhere: its position is ${position}, ${setting ?? 'no input'} is ${connected}`,
    );
  return place;
}
