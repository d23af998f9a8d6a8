import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { acMeters } from './ac-meters.ts';
import { GENSET, GRID, SHORE } from './ac-source.ts';
import { vebusChoice } from './vebus-choice.ts';

const ESS_ASSISTANT = 5;
const PREVENT_FEEDBACK = '/Settings/CGwacs/PreventFeedback';
/** Types of which any one means that there are AC loads to show. */
const LOAD_TYPES = ['inverter', 'evcharger', 'acload', 'heatpump', 'vebus', 'acsystem'] as const;

/** An AC input of the inverter/charger that is in use. */
interface Input {
  readonly type: number;
  readonly active: boolean;
}

/** The AC inputs. */
export const acInputs = defineTopic({
  name: 'ac-inputs',
  about:
    'The AC inputs in use, and who measures them: the meter of grid or generator, else the inverter/charger. Without an inverter/charger the meters alone.',
  reads: {
    devices: {
      ...Object.fromEntries(LOAD_TYPES.map(type => [type, []])),
      vebus: ['/Ac/ActiveIn/ActiveInput', '/Ac/NumberOfAcInputs', '/Hub4/AssistantId', '/Hub4/DoNotFeedInOvervoltage'],
      acsystem: ['/Ac/ActiveIn/ActiveInput', '/Ac/NumberOfAcInputs', '/Ac/In/1/Type', '/Ac/In/2/Type'],
      grid: [],
      genset: [],
    },
    settings: [PREVENT_FEEDBACK, '/Settings/SystemSetup/AcInput1', '/Settings/SystemSetup/AcInput2'],
    topics: [vebusChoice, acMeters],
  },
  publishes: {
    ...Object.assign({}, ...[0, 1].map(rulesOf)),
    '/Ac/In/NumberOfAcInputs': 'how many AC inputs are in use',
    '/Ac/ActiveIn/GridParallel': '1 when an ESS, or a system of Multi RS, is connected to grid or shore',
    '/Ac/ActiveIn/FeedbackEnabled': '1 when it may feed in: by its own setting for DC solar, or by that for AC solar',
    '/Ac/ActiveIn/ServiceType': 'type of the service that measures the active input',
    '/Ac/HasAcLoads': '1 when there is an inverter, inverter/charger, EV charger, heat pump or AC load',
  },
  compute(look, out) {
    out.set('/Ac/HasAcLoads', () => Number(LOAD_TYPES.some(type => look.devices(type).length > 0)));
    const main = look.device(look.result(vebusChoice).multi) ?? look.inOrder('acsystem')[0];
    const places = main === undefined ? meterPlaces(look) : inverterPlaces(look, main);
    places.slice(0, 2).forEach((place, n) => {
      publishInput(out, n, place);
    });
    out.set('/Ac/In/NumberOfAcInputs', places.length);
    const active = places.find(place => place.active);
    out.set('/Ac/ActiveIn/ServiceType', active?.device.type ?? null);
    const parallel = main !== undefined && active !== undefined && active.type !== GENSET && runsParallel(main);
    out.set('/Ac/ActiveIn/GridParallel', Number(parallel));
    out.set('/Ac/ActiveIn/FeedbackEnabled', () => Number(parallel && mayFeedIn(look, main)));
  },
});

interface Place extends Input {
  readonly device: SeenDevice;
}

function rulesOf(n: number): Record<string, string> {
  const input = `AC input in use number ${n + 1}`;
  return {
    [`/Ac/In/${n}/ServiceName`]: `${input}: the service that measures it`,
    [`/Ac/In/${n}/ServiceType`]: `${input}: the type of that service`,
    [`/Ac/In/${n}/DeviceInstance`]: `${input}: the device instance of that service`,
    [`/Ac/In/${n}/VrmDeviceInstance`]: `${input}: the same as VRM knows it; 0 for the VE.Bus port of a CCGX`,
    [`/Ac/In/${n}/Source`]: `${input}: 1 grid, 2 generator, 3 shore`,
    [`/Ac/In/${n}/Connected`]: `${input}: 1 when it is the active one`,
  };
}

/** A meter is fed by what it measures: where there is one, there is an input, and the first counts as connected. */
function meterPlaces(look: Picture): Place[] {
  const { grid, genset } = look.result(acMeters);
  const meters = [look.device(grid), look.device(genset)].filter(meter => meter !== undefined);
  return meters.map((device, n) => ({ device, type: n === 0 ? GRID : GENSET, active: n === 0 }));
}

function inverterPlaces(look: Picture, main: SeenDevice): Place[] {
  const { grid, genset } = look.result(acMeters);
  const activeInput = main.number('/Ac/ActiveIn/ActiveInput');
  const count = Math.min(main.number('/Ac/NumberOfAcInputs') ?? 0, 2);
  const places: Place[] = [];
  for (let n = 0; n < count; n++) {
    const type =
      main.type === 'vebus'
        ? look.setting(`/Settings/SystemSetup/AcInput${n + 1}`)
        : main.number(`/Ac/In/${n + 1}/Type`);
    if (type !== GRID && type !== GENSET && type !== SHORE) continue;
    const meter = look.device(type === GENSET ? genset : grid);
    places.push({ device: meter ?? main, type, active: activeInput === n });
  }
  return places;
}

function publishInput(out: Outcome, n: number, { device, type, active }: Place): void {
  out.set(`/Ac/In/${n}/ServiceName`, device.name);
  out.set(`/Ac/In/${n}/ServiceType`, device.type);
  out.set(`/Ac/In/${n}/DeviceInstance`, device.instance);
  out.set(`/Ac/In/${n}/VrmDeviceInstance`, device.name.endsWith('.vebus.ttyO1') ? 0 : device.instance);
  out.set(`/Ac/In/${n}/Source`, type);
  out.set(`/Ac/In/${n}/Connected`, Number(active));
}

/** Systems of Multi RS always can. */
function runsParallel(main: SeenDevice): boolean {
  return main.type !== 'vebus' || main.number('/Hub4/AssistantId') === ESS_ASSISTANT;
}

function mayFeedIn(look: Picture, main: SeenDevice): boolean {
  if (main.type !== 'vebus') return true;
  return main.number('/Hub4/DoNotFeedInOvervoltage') === 0 || look.setting(PREVENT_FEEDBACK) === 0;
}
