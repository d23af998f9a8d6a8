import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

/** `/Ac/ActiveIn/ActiveInput` and `/Ac/ActiveIn/Source` when nothing is connected. */
export const NOT_CONNECTED = 240;
const INPUT_PATHS = ['/Ac/ActiveIn/ActiveInput', '/Ac/In/1/Type', '/Ac/In/2/Type'];

export interface AcSource {
  /** The main VE.Bus system. */
  readonly multi: string | null;
  /** All other inverters, Multi RS first, each kind by instance. */
  readonly inverters: readonly string[];
  /** The connected AC input, 0 or 1; 240 for none. */
  readonly activeInput: number | null;
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
    const first = inverters[0];
    const activeInput = (multi ?? first)?.number('/Ac/ActiveIn/ActiveInput') ?? null;
    let source: number | null = null;
    if (multi !== undefined) {
      if (activeInput === NOT_CONNECTED) source = NOT_CONNECTED;
      else if (activeInput === 0 || activeInput === 1)
        source = look.setting(`/Settings/SystemSetup/AcInput${activeInput + 1}`);
    } else if (first !== undefined) {
      const type = activeInput === 0 || activeInput === 1 ? first.number(`/Ac/In/${activeInput + 1}/Type`) : null;
      source = type ?? NOT_CONNECTED;
    }
    out.set('/Ac/ActiveIn/Source', source);
    return { multi: multi?.name ?? null, inverters: inverters.map(inverter => inverter.name), activeInput };
  },
});
