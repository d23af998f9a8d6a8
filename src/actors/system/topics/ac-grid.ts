import { atLeastZero } from '../arithmetic.ts';
import { type Flow, minus, NO_FLOW, plus, ZERO_FLOW } from '../flow.ts';
import type { Outcome } from '../outcome.ts';
import { bothOf, type FlowPaths, flowPathsOf, type Phase, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic, type Topic } from '../topic.ts';
import { acMeters } from './ac-meters.ts';
import { acSource, GENSET, GRID, NOT_CONNECTED, SHORE } from './ac-source.ts';

/** One phase of a place where AC comes in. */
interface Inlet {
  readonly name: 'grid' | 'genset';
  /** Values of `/Ac/ActiveIn/Source` that mean this place. */
  readonly sources: readonly number[];
  readonly shown: FlowPaths;
  readonly pv: FlowPaths;
}

/** Where devices tell what flows on one phase. */
interface Measured {
  readonly meter: FlowPaths;
  readonly vebusInput: FlowPaths;
  /** At the two inputs of the other inverter/chargers. */
  readonly otherInputs: readonly FlowPaths[];
}

/**
 * What comes from grid and generator, and what is used before the inverter/charger. A topic for each phase; its result
 * is what the loads between the meters and the inverter/charger take.
 */
export const acGrid: Readonly<Record<Phase, Topic<Flow>>> = { 1: acGridOf(1), 2: acGridOf(2), 3: acGridOf(3) };

function acGridOf(phase: Phase): Topic<Flow> {
  const inlets: readonly Inlet[] = [
    {
      name: 'grid',
      sources: [GRID, SHORE],
      shown: flowPathsOf(phase, '/Ac/Grid'),
      pv: flowPathsOf(phase, '/Ac/PvOnGrid'),
    },
    {
      name: 'genset',
      sources: [GENSET],
      shown: flowPathsOf(phase, '/Ac/Genset'),
      pv: flowPathsOf(phase, '/Ac/PvOnGenset'),
    },
  ];
  const active = flowPathsOf(phase, '/Ac/ActiveIn');
  const measured: Measured = {
    meter: flowPathsOf(phase, '/Ac'),
    vebusInput: flowPathsOf(phase, '/Ac/ActiveIn', 'P', 'I'),
    otherInputs: [flowPathsOf(phase, '/Ac/In/1', 'P', 'I'), flowPathsOf(phase, '/Ac/In/2', 'P', 'I')],
  };
  const meterPaths = bothOf(measured.meter);
  const inverterPaths = measured.otherInputs.flatMap(bothOf);
  return defineTopic<Flow>({
    name: `ac-grid-l${phase}`,
    about: `What comes on phase ${phase} from the grid and from the generator, by their meters; without a meter, by the inverter/charger. What a meter counts and neither inverter/charger nor PV inverters explain, is used by loads on the input.`,
    reads: {
      devices: {
        grid: meterPaths,
        genset: meterPaths,
        vebus: bothOf(measured.vebusInput),
        multi: inverterPaths,
        inverter: inverterPaths,
      },
      own: ['/Ac/ActiveIn/Source', ...inlets.flatMap(({ pv }) => bothOf(pv))],
      topics: [acMeters, acSource],
    },
    publishes: {
      ...sameRule(
        'as the meter counts; without a meter what the inverter/charger takes from it, less the PV inverters there',
        inlets.flatMap(({ shown }) => bothOf(shown)),
      ),
      ...sameRule(
        'as of the source that is active; while the inverter/charger is off or not connected, of the only meter there is',
        bothOf(active),
      ),
    },
    compute(look, out) {
      const source = shownSource(look);
      let loads = NO_FLOW;
      for (const inlet of inlets)
        out.part(() => {
          const meter = look.device(look.result(acMeters)[inlet.name]);
          const taken = takenFrom(look, inlet, measured);
          const pv = { power: look.ownNumber(inlet.pv.power), current: look.ownNumber(inlet.pv.current) };
          const flow = meter === undefined ? plus(taken, minus(pv)) : flowAt(meter, measured.meter);
          loads = plus(loads, meter === undefined ? uncounted(taken) : left(plus(plus(flow, pv), minus(taken))));
          publish(out, inlet.shown, flow);
          if (source !== null && inlet.sources.includes(source)) publish(out, active, flow);
        });
      return loads;
    },
  });
}

/** With the inverter/charger off or cut off, the only meter there is tells what there is to see. */
function shownSource(look: Picture): number | null {
  const source = look.ownNumber('/Ac/ActiveIn/Source');
  if (source !== null && source !== NOT_CONNECTED) return source;
  const { grid, genset } = look.result(acMeters);
  if (grid !== null && genset === null) return GRID;
  if (grid === null && genset !== null) return GENSET;
  return source;
}

/** What all inverter/chargers that are connected to a place take from it. */
function takenFrom(look: Picture, { sources }: Inlet, { vebusInput, otherInputs }: Measured): Flow {
  let taken = NO_FLOW;
  for (const { device: name, input, source } of look.result(acSource).connections) {
    const device = sources.includes(source) ? look.device(name) : undefined;
    const paths = device?.type === 'vebus' ? vebusInput : otherInputs[input];
    if (device !== undefined && paths !== undefined) taken = plus(taken, flowAt(device, paths));
  }
  return taken;
}

function flowAt(device: SeenDevice, { power, current }: FlowPaths): Flow {
  return { power: device.number(power), current: device.number(current) };
}

/** Nobody counts what is used before the inverter/charger: nothing is assumed to be. */
function uncounted(taken: Flow): Flow {
  return taken.power === null ? NO_FLOW : ZERO_FLOW;
}

/** PV at an input that is not active counts too: there may be loads at that input. */
function left({ power, current }: Flow): Flow {
  return { power: atLeastZero(power), current: atLeastZero(current) };
}

function publish(out: Outcome, paths: FlowPaths, { power, current }: Flow): void {
  out.set(paths.power, power);
  out.set(paths.current, current);
}
