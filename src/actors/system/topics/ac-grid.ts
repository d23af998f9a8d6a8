import { add, atLeastZero, type Maybe, negative } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import { countPhases, type FlowPaths, flowPaths, phasePaths, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { acMeters } from './ac-meters.ts';
import { acSource, NOT_CONNECTED } from './ac-source.ts';

const METER_PATHS = ['/ProductId', '/DeviceType', ...phasePaths('/Ac', 'Power', 'Current')];
const GRID = 1;
const GENSET = 2;
const SHORE = 3;

/** One of the two places where AC comes in. */
interface Inlet {
  readonly name: 'Grid' | 'Genset';
  /** Values of `/Ac/ActiveIn/Source` that mean this place. */
  readonly sources: readonly number[];
  readonly shown: readonly FlowPaths[];
  readonly pv: readonly FlowPaths[];
  readonly phases: string;
  readonly product: string;
  readonly kind: string;
}
const INLETS: readonly Inlet[] = [inlet('Grid', [GRID, SHORE]), inlet('Genset', [GENSET])];

function inlet(name: Inlet['name'], sources: readonly number[]): Inlet {
  return {
    name,
    sources,
    shown: flowPaths(`/Ac/${name}`),
    pv: flowPaths(`/Ac/PvOn${name}`),
    phases: `/Ac/${name}/NumberOfPhases`,
    product: `/Ac/${name}/ProductId`,
    kind: `/Ac/${name}/DeviceType`,
  };
}

const METER = flowPaths('/Ac');
const ACTIVE = flowPaths('/Ac/ActiveIn');
const VEBUS_INPUT = flowPaths('/Ac/ActiveIn', 'P', 'I');
const OTHER_INPUTS = [flowPaths('/Ac/In/1', 'P', 'I'), flowPaths('/Ac/In/2', 'P', 'I')];
/** Phases by their place in the tables above. */
const PLACES = [0, 1, 2] as const;
type Place = (typeof PLACES)[number];

/** Power and current of one phase. */
interface Flow {
  readonly power: Maybe;
  readonly current: Maybe;
}
const NOTHING: Flow = { power: null, current: null };
const ZERO: Flow = { power: 0, current: 0 };

export interface AcGrid {
  /** What the loads between the meters and the inverter/charger take, per phase. */
  readonly loadsOnInput: readonly Flow[];
}

/** What comes from grid and generator, and what is used before the inverter/charger. */
export const acGrid = defineTopic<AcGrid>({
  name: 'ac-grid',
  about:
    'What comes from the grid and from the generator, by their meters; without a meter, by the inverter/charger. What a meter counts and neither inverter/charger nor PV inverters explain, is used by loads on the input.',
  reads: {
    devices: {
      grid: METER_PATHS,
      genset: METER_PATHS,
      vebus: ['/ProductId', ...phasePaths('/Ac/ActiveIn', 'P', 'I')],
      multi: ['/ProductId', ...phasePaths('/Ac/In/1', 'P', 'I'), ...phasePaths('/Ac/In/2', 'P', 'I')],
      inverter: ['/ProductId', ...phasePaths('/Ac/In/1', 'P', 'I'), ...phasePaths('/Ac/In/2', 'P', 'I')],
    },
    own: [
      '/Ac/ActiveIn/Source',
      ...phasePaths('/Ac/PvOnGrid', 'Power', 'Current'),
      ...phasePaths('/Ac/PvOnGenset', 'Power', 'Current'),
    ],
    topics: [acMeters, acSource],
  },
  publishes: {
    ...Object.assign({}, ...['Grid', 'Genset'].map(rulesOf)),
    ...sameRule(
      'as of the source that is active; while the inverter/charger is off or not connected, of the only meter there is',
      phasePaths('/Ac/ActiveIn', 'Power', 'Current'),
    ),
    '/Ac/ActiveIn/NumberOfPhases': 'the highest phase with a power',
  },
  compute(look, out) {
    const source = look.ownNumber('/Ac/ActiveIn/Source');
    const shown = shownSource(look, source);
    const loadsOnInput: Flow[] = [NOTHING, NOTHING, NOTHING];
    for (const inlet of INLETS) {
      const isActive = source !== null && inlet.sources.includes(source);
      const isShown = shown !== null && inlet.sources.includes(shown);
      const meter = meterOf(look, inlet);
      const inverters = connectedTo(look, inlet);
      const powers = PLACES.map(place =>
        out.part(() => {
          const { flow, loads } = phaseOf(look, inlet, place, meter, inverters);
          loadsOnInput[place] = plus(loadsOnInput[place] ?? NOTHING, loads);
          publish(out, inlet.shown[place], flow);
          if (isShown) publish(out, ACTIVE[place], flow);
          return flow.power;
        }),
      );
      out.set(inlet.phases, countPhases(powers));
      if (isShown) out.set('/Ac/ActiveIn/NumberOfPhases', countPhases(powers));
      out.part(() => publishDevice(look, out, inlet, meter, isActive));
    }
    return { loadsOnInput };
  },
});

function rulesOf(name: string): Record<string, string> {
  return {
    ...sameRule(
      'as the meter counts; without a meter what the inverter/charger takes from it, less the PV inverters there',
      phasePaths(`/Ac/${name}`, 'Power', 'Current'),
    ),
    [`/Ac/${name}/NumberOfPhases`]: 'the highest phase with a power',
    [`/Ac/${name}/ProductId`]: 'product of the meter; without one that of the inverter/charger connected to it',
    [`/Ac/${name}/DeviceType`]: 'kind of meter; 0 for a grid meter that does not tell',
  };
}

/** With the inverter/charger off or cut off, the only meter there is tells what there is to see. */
function shownSource(look: Picture, source: number | null): number | null {
  if (source !== null && source !== NOT_CONNECTED) return source;
  const { grid, genset } = look.result(acMeters);
  if (grid !== null && genset === null) return GRID;
  if (grid === null && genset !== null) return GENSET;
  return source;
}

function meterOf(look: Picture, { name }: Inlet): SeenDevice | undefined {
  const { grid, genset } = look.result(acMeters);
  return look.device(name === 'Grid' ? grid : genset);
}

function phaseOf(
  look: Picture,
  inlet: Inlet,
  place: Place,
  meter: SeenDevice | undefined,
  inverters: readonly Connected[],
): { flow: Flow; loads: Flow } {
  const pv = ownFlow(look, inlet.pv[place]);
  const taken = takenByInverters(inverters, place);
  if (meter === undefined) {
    // Nobody counts what is used before the inverter/charger: nothing is assumed to be.
    const loads = taken.power === null ? NOTHING : ZERO;
    return { flow: plus(taken, minus(pv)), loads };
  }
  const flow = flowAt(meter, METER[place]);
  // PV at an input that is not active counts too: there may be loads at that input.
  const left = plus(plus(flow, pv), minus(taken));
  return { flow, loads: { power: atLeastZero(left.power), current: atLeastZero(left.current) } };
}

/** An inverter/charger, and the paths of the input that is connected to a place. */
interface Connected {
  readonly device: SeenDevice;
  readonly paths: readonly FlowPaths[] | undefined;
}

function connectedTo(look: Picture, { sources }: Inlet): Connected[] {
  const connected: Connected[] = [];
  for (const { device: name, input, source } of look.result(acSource).connections) {
    const device = sources.includes(source) ? look.device(name) : undefined;
    if (device !== undefined)
      connected.push({ device, paths: device.type === 'vebus' ? VEBUS_INPUT : OTHER_INPUTS[input] });
  }
  return connected;
}

/** What all inverter/chargers that are connected to a place take from it. */
function takenByInverters(inverters: readonly Connected[], place: Place): Flow {
  let taken = NOTHING;
  for (const { device, paths } of inverters) taken = plus(taken, flowAt(device, paths?.[place]));
  return taken;
}

function flowAt(device: SeenDevice, paths: FlowPaths | undefined): Flow {
  if (paths === undefined) return NOTHING;
  return { power: device.number(paths.power), current: device.number(paths.current) };
}

function ownFlow(look: Picture, paths: FlowPaths | undefined): Flow {
  if (paths === undefined) return NOTHING;
  return { power: look.ownNumber(paths.power), current: look.ownNumber(paths.current) };
}

function plus(a: Flow, b: Flow): Flow {
  return { power: add(a.power, b.power), current: add(a.current, b.current) };
}

function minus({ power, current }: Flow): Flow {
  return { power: negative(power), current: negative(current) };
}

function publish(out: Outcome, paths: FlowPaths | undefined, { power, current }: Flow): void {
  if (paths === undefined) return;
  out.set(paths.power, power);
  out.set(paths.current, current);
}

function publishDevice(
  look: Picture,
  out: Outcome,
  { name, product, kind }: Inlet,
  meter: SeenDevice | undefined,
  isActive: boolean,
): void {
  const { multi, inverters } = look.result(acSource);
  const inverter = isActive ? look.device(multi ?? inverters[0] ?? null) : undefined;
  out.set(product, meter?.number('/ProductId') ?? inverter?.number('/ProductId') ?? null);
  const told = meter?.number('/DeviceType') ?? null;
  out.set(kind, meter !== undefined && name === 'Grid' ? (told ?? 0) : told);
}
