import { atLeastZero, type Maybe, times } from '../arithmetic.ts';
import { type Flow, NO_FLOW, plus } from '../flow.ts';
import type { Outcome } from '../outcome.ts';
import { type FlowPaths, flowPathsOf, type Phase, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic, type Topic } from '../topic.ts';
import { acGrid } from './ac-grid.ts';
import { acSource } from './ac-source.ts';

const HAS_AC_OUT = '/Settings/SystemSetup/HasAcOutSystem';
const HAS_AC_IN_LOADS = '/Settings/SystemSetup/HasAcInLoads';
const WITHOUT_METER = '/Settings/CGwacs/RunWithoutGridMeter';
/** Assistants that regulate the grid by a meter: Hub-4 and ESS. */
const ESS_ASSISTANTS: readonly (number | null)[] = [4, 5];

/** What one phase of the output is made of. */
interface OutputPaths {
  readonly pv: FlowPaths;
  readonly inverter: FlowPaths;
  /** For inverters that tell no power. */
  readonly apparent: string;
  readonly volts: string;
}

/** What the AC loads use. A topic for each phase. */
export const acConsumption: readonly Topic[] = [acConsumptionOf(1), acConsumptionOf(2), acConsumptionOf(3)];

function acConsumptionOf(phase: Phase): Topic {
  const total = flowPathsOf(phase, '/Ac/Consumption');
  const onInput = flowPathsOf(phase, '/Ac/ConsumptionOnInput');
  const onOutput = flowPathsOf(phase, '/Ac/ConsumptionOnOutput');
  const output: OutputPaths = {
    pv: flowPathsOf(phase, '/Ac/PvOnOutput'),
    inverter: flowPathsOf(phase, '/Ac/Out', 'P', 'I'),
    apparent: `/Ac/Out/L${phase}/S`,
    volts: `/Ac/Out/L${phase}/V`,
  };
  const inverterPaths = [output.inverter.power, output.inverter.current];
  return defineTopic({
    name: `ac-consumption-l${phase}`,
    about: `What the AC loads on phase ${phase} use: those on the output of the inverter/charger, and those between it and the meters.`,
    reads: {
      devices: {
        vebus: ['/Hub4/AssistantId', ...inverterPaths],
        multi: [...inverterPaths, output.apparent, output.volts],
        inverter: [...inverterPaths, output.apparent, output.volts],
      },
      settings: [HAS_AC_OUT, HAS_AC_IN_LOADS, WITHOUT_METER],
      own: [output.pv.power, output.pv.current],
      topics: [acSource, acGrid[phase]],
    },
    publishes: {
      ...sameRule(
        'what the inverter/charger gives at its output, plus the PV inverters there, never below 0; not computed when the user says that an ESS has no loads there',
        [onOutput.power, onOutput.current],
      ),
      ...sameRule(
        'what the meters count and the inverter/charger does not take, plus the PV inverters there, never below 0; invalid when the user says that there are no loads',
        [onInput.power, onInput.current],
      ),
      ...sameRule('on input and output together', [total.power, total.current]),
    },
    compute(look, out) {
      const hasLoadsOnInput = look.setting(HAS_AC_IN_LOADS) === 1;
      const atInput = look.result(acGrid[phase]);
      const atOutput = countsOutput(look, hasLoadsOnInput) ? outputOf(look, output) : NO_FLOW;
      publish(out, total, plus(atInput, atOutput));
      publish(out, onOutput, atOutput);
      if (hasLoadsOnInput) publish(out, onInput, atInput);
    },
  });
}

/**
 * Without ESS all loads are on the output, and so they are in an ESS without a grid meter. In an ESS with one, the
 * user says whether there is something.
 */
function countsOutput(look: Picture, hasLoadsOnInput: boolean): boolean {
  if (!hasLoadsOnInput || look.setting(HAS_AC_OUT) === 1 || look.setting(WITHOUT_METER) === 1) return true;
  const multi = look.device(look.result(acSource).multi);
  return multi !== undefined && !ESS_ASSISTANTS.includes(multi.number('/Hub4/AssistantId'));
}

function outputOf(look: Picture, paths: OutputPaths): Flow {
  let flow: Flow = { power: look.ownNumber(paths.pv.power), current: look.ownNumber(paths.pv.current) };
  for (const name of look.result(acSource).all) {
    const device = look.device(name);
    if (device === undefined) continue;
    flow = plus(flow, { power: powerAt(device, paths), current: device.number(paths.inverter.current) });
  }
  return { power: atLeastZero(flow.power), current: atLeastZero(flow.current) };
}

/** Some inverters tell no power: then the apparent power, or voltage times current. */
function powerAt(device: SeenDevice, { inverter, apparent, volts }: OutputPaths): Maybe {
  const power = device.number(inverter.power);
  if (power !== null || device.type === 'vebus') return power;
  return device.number(apparent) ?? times(device.number(volts), device.number(inverter.current));
}

function publish(out: Outcome, paths: FlowPaths, { power, current }: Flow): void {
  out.set(paths.power, power);
  out.set(paths.current, current);
}
