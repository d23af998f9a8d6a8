import { add, atLeastZero, type Maybe, times } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import { countPhases, type FlowPaths, flowPathsOf, PHASES, phasePaths, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { acGrid } from './ac-grid.ts';
import { acSource } from './ac-source.ts';

const HAS_AC_OUT = '/Settings/SystemSetup/HasAcOutSystem';
const HAS_AC_IN_LOADS = '/Settings/SystemSetup/HasAcInLoads';
const WITHOUT_METER = '/Settings/CGwacs/RunWithoutGridMeter';
/** Assistants that regulate the grid by a meter: Hub-4 and ESS. */
const ESS_ASSISTANTS: readonly (number | null)[] = [4, 5];

/** The paths of one phase. */
interface PhasePaths {
  readonly total: FlowPaths;
  readonly onInput: FlowPaths;
  readonly onOutput: FlowPaths;
  readonly pv: FlowPaths;
  readonly output: FlowPaths;
  /** For inverters that tell no power. */
  readonly apparent: string;
  readonly volts: string;
}
const PATHS: readonly PhasePaths[] = PHASES.map(phase => ({
  total: flowPathsOf(phase, '/Ac/Consumption'),
  onInput: flowPathsOf(phase, '/Ac/ConsumptionOnInput'),
  onOutput: flowPathsOf(phase, '/Ac/ConsumptionOnOutput'),
  pv: flowPathsOf(phase, '/Ac/PvOnOutput'),
  output: flowPathsOf(phase, '/Ac/Out', 'P', 'I'),
  apparent: `/Ac/Out/L${phase}/S`,
  volts: `/Ac/Out/L${phase}/V`,
}));

interface Flow {
  readonly power: Maybe;
  readonly current: Maybe;
}
const NOTHING: Flow = { power: null, current: null };

/** What the AC loads use. */
export const acConsumption = defineTopic({
  name: 'ac-consumption',
  about: 'What the AC loads use: those on the output of the inverter/charger, and those between it and the meters.',
  reads: {
    devices: {
      vebus: ['/Hub4/AssistantId', ...phasePaths('/Ac/Out', 'P', 'I')],
      multi: phasePaths('/Ac/Out', 'P', 'S', 'V', 'I'),
      inverter: phasePaths('/Ac/Out', 'P', 'S', 'V', 'I'),
    },
    settings: [HAS_AC_OUT, HAS_AC_IN_LOADS, WITHOUT_METER],
    own: phasePaths('/Ac/PvOnOutput', 'Power', 'Current'),
    topics: [acSource, acGrid],
  },
  publishes: {
    ...sameRule(
      'what the inverter/charger gives at its output, plus the PV inverters there, never below 0; not computed when the user says that an ESS has no loads there',
      phasePaths('/Ac/ConsumptionOnOutput', 'Power', 'Current'),
    ),
    ...sameRule(
      'what the meters count and the inverter/charger does not take, plus the PV inverters there, never below 0; invalid when the user says that there are no loads',
      phasePaths('/Ac/ConsumptionOnInput', 'Power', 'Current'),
    ),
    ...sameRule('on input and output together', phasePaths('/Ac/Consumption', 'Power', 'Current')),
    ...sameRule('the highest phase with a power', [
      '/Ac/Consumption/NumberOfPhases',
      '/Ac/ConsumptionOnInput/NumberOfPhases',
      '/Ac/ConsumptionOnOutput/NumberOfPhases',
    ]),
  },
  compute(look, out) {
    const loadsOnInput = look.setting(HAS_AC_IN_LOADS) === 1;
    const devices = countsOutput(look, loadsOnInput) ? inverters(look) : undefined;
    const onInputs = look.result(acGrid).loadsOnInput;
    const totals: Maybe[] = [];
    const inputs: Maybe[] = [];
    const outputs: Maybe[] = [];
    for (const paths of PATHS) {
      out.part(() => {
        const onInput = onInputs[paths.total.phase - 1] ?? NOTHING;
        const onOutput = devices === undefined ? NOTHING : outputOf(look, devices, paths);
        const total = { power: add(onInput.power, onOutput.power), current: add(onInput.current, onOutput.current) };
        publish(out, paths.total, total);
        publish(out, paths.onOutput, onOutput);
        if (loadsOnInput) publish(out, paths.onInput, onInput);
        totals.push(total.power);
        inputs.push(loadsOnInput ? onInput.power : null);
        outputs.push(onOutput.power);
      });
    }
    out.set('/Ac/Consumption/NumberOfPhases', countPhases(totals));
    out.set('/Ac/ConsumptionOnInput/NumberOfPhases', countPhases(inputs));
    out.set('/Ac/ConsumptionOnOutput/NumberOfPhases', countPhases(outputs));
  },
});

/**
 * Without ESS all loads are on the output, and so they are in an ESS without a grid meter. In an ESS with one, the
 * user says whether there is something.
 */
function countsOutput(look: Picture, loadsOnInput: boolean): boolean {
  if (!loadsOnInput || look.setting(HAS_AC_OUT) === 1 || look.setting(WITHOUT_METER) === 1) return true;
  const multi = look.device(look.result(acSource).multi);
  return multi !== undefined && !ESS_ASSISTANTS.includes(multi.number('/Hub4/AssistantId'));
}

function inverters(look: Picture): SeenDevice[] {
  const { multi, inverters } = look.result(acSource);
  return [multi, ...inverters].map(name => look.device(name)).filter(device => device !== undefined);
}

function outputOf(look: Picture, devices: readonly SeenDevice[], paths: PhasePaths): Flow {
  let power = look.ownNumber(paths.pv.power);
  let current = look.ownNumber(paths.pv.current);
  for (const device of devices) {
    power = add(power, powerAt(device, paths));
    current = add(current, device.number(paths.output.current));
  }
  return { power: atLeastZero(power), current: atLeastZero(current) };
}

/** Some inverters tell no power: then the apparent power, or voltage times current. */
function powerAt(device: SeenDevice, paths: PhasePaths): Maybe {
  const power = device.number(paths.output.power);
  if (power !== null || device.type === 'vebus') return power;
  return device.number(paths.apparent) ?? times(device.number(paths.volts), device.number(paths.output.current));
}

function publish(out: Outcome, paths: FlowPaths, { power, current }: Flow): void {
  out.set(paths.power, power);
  out.set(paths.current, current);
}
