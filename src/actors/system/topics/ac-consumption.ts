import { add, atLeastZero, type Maybe, times } from '../arithmetic.ts';
import { countPhases, PHASES, type Phase, phasePaths, sameRule } from '../paths.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { acGrid } from './ac-grid.ts';
import { acSource } from './ac-source.ts';

const HAS_AC_OUT = '/Settings/SystemSetup/HasAcOutSystem';
const HAS_AC_IN_LOADS = '/Settings/SystemSetup/HasAcInLoads';
const WITHOUT_METER = '/Settings/CGwacs/RunWithoutGridMeter';
/** Assistants that regulate the grid by a meter: Hub-4 and ESS. */
const ESS_ASSISTANTS: readonly (number | null)[] = [4, 5];

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
    const loadsOnOutput = countsOutput(look, loadsOnInput);
    const totals: Maybe[] = [];
    const inputs: Maybe[] = [];
    const outputs: Maybe[] = [];
    for (const phase of PHASES) {
      out.part(() => {
        const onInput = look.result(acGrid).loadsOnInput[phase - 1] ?? { power: null, current: null };
        const onOutput = loadsOnOutput ? outputOf(look, phase) : { power: null, current: null };
        const power = add(onInput.power, onOutput.power);
        out.set(`/Ac/Consumption/L${phase}/Power`, power);
        out.set(`/Ac/Consumption/L${phase}/Current`, add(onInput.current, onOutput.current));
        out.set(`/Ac/ConsumptionOnOutput/L${phase}/Power`, onOutput.power);
        out.set(`/Ac/ConsumptionOnOutput/L${phase}/Current`, onOutput.current);
        if (loadsOnInput) {
          out.set(`/Ac/ConsumptionOnInput/L${phase}/Power`, onInput.power);
          out.set(`/Ac/ConsumptionOnInput/L${phase}/Current`, onInput.current);
          inputs.push(onInput.power);
        }
        totals.push(power);
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

function outputOf(look: Picture, phase: Phase): { power: Maybe; current: Maybe } {
  const { multi, inverters } = look.result(acSource);
  const group = `/Ac/Out/L${phase}`;
  const devices = [multi, ...inverters].flatMap(name => look.device(name) ?? []);
  const power = add(look.ownNumber(`/Ac/PvOnOutput/L${phase}/Power`), ...devices.map(device => powerAt(device, group)));
  const current = add(
    look.ownNumber(`/Ac/PvOnOutput/L${phase}/Current`),
    ...devices.map(device => device.number(`${group}/I`)),
  );
  return { power: atLeastZero(power), current: atLeastZero(current) };
}

/** Some inverters tell no power: then the apparent power, or voltage times current. */
function powerAt(device: SeenDevice, group: string): Maybe {
  const power = device.number(`${group}/P`);
  if (power !== null || device.type === 'vebus') return power;
  return device.number(`${group}/S`) ?? times(device.number(`${group}/V`), device.number(`${group}/I`));
}
