import { sumOf } from '../arithmetic.ts';
import { bothOf, flowPathsOf, type Phase, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic, type Topic } from '../topic.ts';

const ON_OUTPUT = 1;
/** `/Position` of a PV inverter at an AC input → the setting that says what is connected there. */
const INPUT_SETTING: ReadonlyMap<number, string> = new Map([
  [0, '/Settings/SystemSetup/AcInput1'],
  [2, '/Settings/SystemSetup/AcInput2'],
]);
type Place = '/Ac/PvOnGrid' | '/Ac/PvOnGenset' | '/Ac/PvOnOutput';
const PLACES: readonly Place[] = ['/Ac/PvOnGrid', '/Ac/PvOnGenset', '/Ac/PvOnOutput'];
/** What is connected to an AC input → where its PV inverters count. */
const PLACE: ReadonlyMap<number, Place> = new Map([
  [1, '/Ac/PvOnGrid'],
  [2, '/Ac/PvOnGenset'],
  [3, '/Ac/PvOnGrid'],
]);

/** The PV inverters of each place, by name. */
type PvInverters = Readonly<Record<Place, readonly string[]>>;

/** Where AC-coupled solar comes in. */
export const pvInverters = defineTopic<PvInverters>({
  name: 'pv-inverters',
  about: 'PV inverters, by where they feed in: at the grid, at the generator, or at the AC output.',
  reads: { devices: { pvinverter: ['/Position', '/ProductId'] }, settings: [...INPUT_SETTING.values()] },
  publishes: { '/PvInvertersProductIds': 'the products of all PV inverters, each once' },
  compute(look, out) {
    const inverters = look.devices('pvinverter');
    const ids = inverters.map(inverter => inverter.number('/ProductId')).filter(id => id !== null);
    out.set('/PvInvertersProductIds', [...new Set(ids)]);
    const found: Record<Place, string[]> = { '/Ac/PvOnGrid': [], '/Ac/PvOnGenset': [], '/Ac/PvOnOutput': [] };
    for (const inverter of inverters) {
      const place = placeOf(look, inverter);
      if (place !== undefined) found[place].push(inverter.name);
    }
    return found;
  },
});

function placeOf(look: Picture, inverter: SeenDevice): Place | undefined {
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

/** What AC-coupled solar gives. A topic for each phase. */
export const pvPower: readonly Topic[] = [pvPowerOf(1), pvPowerOf(2), pvPowerOf(3)];

function pvPowerOf(phase: Phase): Topic {
  const from = flowPathsOf(phase, '/Ac');
  const shown = PLACES.map(place => ({ place, to: flowPathsOf(phase, place) }));
  return defineTopic({
    name: `pv-power-l${phase}`,
    about: `What the PV inverters give on phase ${phase}, at each of the places where they feed in.`,
    reads: { devices: { pvinverter: bothOf(from) }, topics: [pvInverters] },
    publishes: sameRule(
      'sum of the PV inverters at this place',
      shown.flatMap(({ to }) => bothOf(to)),
    ),
    compute(look, out) {
      const places = look.result(pvInverters);
      for (const { place, to } of shown) {
        const here = look.named(places[place]);
        out.set(to.power, () => sumOf(here, from.power));
        out.set(to.current, () => sumOf(here, from.current));
      }
    },
  });
}
