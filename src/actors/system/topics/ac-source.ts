import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

/** `/Ac/ActiveIn/ActiveInput` and `/Ac/ActiveIn/Source` when nothing is connected. */
export const NOT_CONNECTED = 240;
/** What may be connected to an AC input. */
export const GRID = 1;
export const GENSET = 2;
export const SHORE = 3;
const INPUT_PATHS = ['/Ac/ActiveIn/ActiveInput', '/Ac/In/1/Type', '/Ac/In/2/Type'];

/** An inverter/charger at its active AC input. */
export interface Connection {
  readonly device: string;
  /** 0 or 1. */
  readonly input: number;
  /** What is connected there: 1 grid, 2 generator, 3 shore. */
  readonly source: number;
}

export interface AcSource {
  /** The main VE.Bus system. */
  readonly multi: string | null;
  /** That, and all other inverters: Multi RS first, each kind by instance. */
  readonly all: readonly string[];
  /** Those that are connected to something. */
  readonly connections: readonly Connection[];
}

/** What feeds the system. */
export const acSource = defineTopic<AcSource>({
  name: 'ac-source',
  about: 'What the inverter/charger is connected to at present: grid, generator, shore, or nothing.',
  reads: {
    devices: { vebus: ['/Ac/ActiveIn/ActiveInput'], multi: INPUT_PATHS, inverter: INPUT_PATHS },
    settings: ['/Settings/SystemSetup/AcInput1', '/Settings/SystemSetup/AcInput2'],
    topics: [vebusChoice],
  },
  publishes: {
    '/Ac/ActiveIn/Source':
      'what is connected to the active AC input: for VE.Bus systems by the setting of that input, for other inverter/chargers as they tell; 240 when none is active or there is only an inverter',
  },
  compute(look, out) {
    const inverters = look.inOrder('multi', 'inverter');
    const multi = look.device(look.result(vebusChoice).multi);
    const main = multi ?? inverters[0];
    const source = main === undefined ? null : sourceOf(look, main);
    out.set('/Ac/ActiveIn/Source', source);
    const all = [...(multi === undefined ? [] : [multi]), ...inverters];
    return {
      multi: multi?.name ?? null,
      all: all.map(device => device.name),
      connections: all.flatMap(device => connectionOf(look, device, source)),
    };
  },
});

function sourceOf(look: Picture, device: SeenDevice): number | null {
  const input = device.number('/Ac/ActiveIn/ActiveInput');
  if (device.type === 'vebus') {
    if (input === NOT_CONNECTED) return NOT_CONNECTED;
    return isInput(input) ? look.setting(`/Settings/SystemSetup/AcInput${input + 1}`) : null;
  }
  return (isInput(input) ? device.number(`/Ac/In/${input + 1}/Type`) : null) ?? NOT_CONNECTED;
}

/** Units of one system need not all tell what is connected: they go with the system then. */
function connectionOf(look: Picture, device: SeenDevice, systemSource: number | null): Connection[] {
  const input = device.number('/Ac/ActiveIn/ActiveInput');
  if (!isInput(input)) return [];
  const own = sourceOf(look, device);
  const source = own === NOT_CONNECTED ? systemSource : own;
  return source === null ? [] : [{ device: device.name, input, source }];
}

function isInput(input: number | null): input is 0 | 1 {
  return input === 0 || input === 1;
}
