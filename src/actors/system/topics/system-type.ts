import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

const ESS_ASSISTANT = 5;

interface Kind {
  readonly hub: number | null;
  readonly type: string | null;
}

/** What kind of system this is. */
export const systemType = defineTopic({
  name: 'system-type',
  about: 'What kind of system this is, by its ESS assistant or by where its solar power comes in.',
  reads: {
    devices: { vebus: ['/Hub4/AssistantId', '/Hub/ChargeVoltage'], acsystem: [] },
    ownValid: [
      '/Dc/Pv/Power',
      '/Ac/PvOnOutput/NumberOfPhases',
      '/Ac/PvOnGrid/NumberOfPhases',
      '/Ac/PvOnGenset/NumberOfPhases',
    ],
    topics: [vebusChoice],
  },
  publishes: {
    '/Hub':
      '4 with an ESS or Hub-4 assistant, 1 with DC-coupled solar, 2 with PV inverters on the output, 3 on the input',
    '/SystemType': 'the same in words; AC System for a system of Multi RS',
  },
  compute(look, out) {
    const { hub, type } = kindOf(look);
    out.set('/Hub', hub);
    out.set('/SystemType', type);
  },
});

function kindOf(look: Picture): Kind {
  const vebus = look.device(look.result(vebusChoice).service);
  if (vebus === undefined) return { hub: null, type: look.devices('acsystem').length > 0 ? 'AC System' : null };
  const assistant = vebus.number('/Hub4/AssistantId');
  if (assistant !== null) return { hub: 4, type: assistant === ESS_ASSISTANT ? 'ESS' : 'Hub-4' };
  if (vebus.number('/Hub/ChargeVoltage') !== null || look.isOwnValid('/Dc/Pv/Power')) return { hub: 1, type: 'Hub-1' };
  if (look.isOwnValid('/Ac/PvOnOutput/NumberOfPhases')) return { hub: 2, type: 'Hub-2' };
  const onInput = look.isOwnValid('/Ac/PvOnGrid/NumberOfPhases') || look.isOwnValid('/Ac/PvOnGenset/NumberOfPhases');
  return onInput ? { hub: 3, type: 'Hub-3' } : { hub: null, type: null };
}
