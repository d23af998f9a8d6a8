import type { Maybe } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import { phasePaths } from '../paths.ts';
import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';

const GAUGES = '/Settings/Gui/Gauges';
const AUTO_MAX = `${GAUGES}/AutoMax`;
const PROPULSION = '/Settings/Gui/ElectricPropulsionUI/Enabled';
const ACTIVE_CURRENTS = phasePaths('/Ac/ActiveIn', 'Current');
const CONSUMED_CURRENTS = phasePaths('/Ac/Consumption', 'Current');
const DC_SOURCES = ['/Dc/Charger/Power', '/Dc/FuelCell/Power', '/Dc/Alternator/Power'];
const PV_POWERS = [
  '/Dc/Pv/Power',
  ...phasePaths('/Ac/PvOnGrid', 'Power'),
  ...phasePaths('/Ac/PvOnGenset', 'Power'),
  ...phasePaths('/Ac/PvOnOutput', 'Power'),
];

const LIMITS = [
  'Ac/In/0/Current/Min',
  'Ac/In/0/Current/Max',
  'Ac/In/1/Current/Min',
  'Ac/In/1/Current/Max',
  'Ac/NoAcIn/Consumption/Current/Max',
  'Ac/AcIn1/Consumption/Current/Max',
  'Ac/AcIn2/Consumption/Current/Max',
  'Dc/Input/Power/Max',
  'Dc/System/Power/Max',
  'Pv/Power/Max',
  'MotorDrive/Power/Max',
  'MotorDrive/RPM/Max',
  'Speed/Max',
].map(name => `${GAUGES}/${name}`);

/** The ranges of the gauges on the display. */
export const gauges = defineTopic({
  name: 'gauges',
  about: `Widens the ranges of the gauges to what has been seen, unless the user sets them himself (${AUTO_MAX} off).`,
  reads: {
    settings: [AUTO_MAX, PROPULSION, ...LIMITS],
    own: [
      '/Ac/In/0/Connected',
      '/Ac/In/1/Connected',
      ...ACTIVE_CURRENTS,
      ...CONSUMED_CURRENTS,
      ...DC_SOURCES,
      '/Dc/System/Power',
      ...PV_POWERS,
      '/MotorDrive/Power',
      '/MotorDrive/0/RPM',
      '/GpsSpeed',
    ],
  },
  publishes: {},
  everyMs: 1_000,
  onBeatOnly: true,
  compute(look, out) {
    if (look.setting(AUTO_MAX) !== 1) return;
    const input = look.own('/Ac/In/0/Connected') === 1 ? 0 : look.own('/Ac/In/1/Connected') === 1 ? 1 : null;
    const read = (paths: readonly string[]): Maybe[] => paths.map(path => look.ownNumber(path));
    if (input !== null) {
      const currents = read(ACTIVE_CURRENTS);
      widen(look, out, `Ac/In/${input}/Current/Min`, Math.min, currents);
      widen(look, out, `Ac/In/${input}/Current/Max`, Math.max, currents);
    }
    const situation = input === null ? 'NoAcIn' : `AcIn${input + 1}`;
    widen(look, out, `Ac/${situation}/Consumption/Current/Max`, Math.max, read(CONSUMED_CURRENTS));
    widen(look, out, 'Dc/Input/Power/Max', Math.max, [sum(read(DC_SOURCES))]);
    widen(look, out, 'Dc/System/Power/Max', Math.max, read(['/Dc/System/Power']));
    widen(look, out, 'Pv/Power/Max', Math.max, [sum(read(PV_POWERS))]);
    if (look.setting(PROPULSION) !== 1) return;
    widen(look, out, 'MotorDrive/Power/Max', Math.max, read(['/MotorDrive/Power']));
    widen(look, out, 'MotorDrive/RPM/Max', Math.max, read(['/MotorDrive/0/RPM']));
    widen(look, out, 'Speed/Max', Math.max, read(['/GpsSpeed']));
  },
});

/** A minimum is never above 0, a maximum never below. */
function widen(
  look: Picture,
  out: Outcome,
  name: string,
  outermost: (...values: number[]) => number,
  seen: readonly Maybe[],
): void {
  const path = `${GAUGES}/${name}`;
  out.setting(path, outermost(0, look.setting(path) ?? 0, ...seen.filter(value => value !== null)));
}

function sum(values: readonly Maybe[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
