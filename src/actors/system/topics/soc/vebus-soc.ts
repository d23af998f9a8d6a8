import type { Value } from '../../../../schema/row.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { vebusChoice } from '../vebus-choice.ts';

/**
 * Assistants of the Hub-2 kind: they keep the state of charge for themselves, and must not be disturbed. Newer ones
 * would show a path instead.
 */
const HUB2_ASSISTANTS: ReadonlySet<number> = new Set([
  0x134, 0x135, 0x137, 0x138, 0x13a, 0x141, 0x146, 0x14d, 0x15f, 0x160, 0x165,
]);

/** The state of charge of the battery, for the VE.Bus system to go by. */
export const vebusSoc = defineTopic({
  name: 'vebus-soc',
  about: 'Writes the state of charge of the battery monitor to the VE.Bus system every 10 s, which shows and uses it.',
  reads: {
    devices: { vebus: ['/Soc', '/Hub2', '/Devices/0/Assistants'] },
    own: ['/Dc/Battery/Soc', '/ActiveBatteryService'],
    topics: [vebusChoice],
  },
  publishes: {
    '/Control/VebusSoc':
      '1 when it was written; not when the VE.Bus system is the monitor itself, when its assistants are not known yet, or one of them keeps the state of charge',
  },
  everyMs: 10_000,
  onBeatOnly: true,
  compute(look, out) {
    const multi = look.device(look.result(vebusChoice).multi);
    const soc = look.ownNumber('/Dc/Battery/Soc');
    const isWritten = multi !== undefined && soc !== null && takesSoc(look, multi);
    if (isWritten) out.write(multi.name, '/Soc', soc, { repeat: true, type: 'float' });
    out.set('/Control/VebusSoc', Number(isWritten));
  },
});

function takesSoc(look: Picture, multi: SeenDevice): boolean {
  const monitor = look.ownText('/ActiveBatteryService');
  if (monitor === null || monitor.startsWith('com.victronenergy.vebus')) return false;
  if (multi.get('/Hub2') !== null) return true;
  const assistants = assistantsOf(multi.get('/Devices/0/Assistants'));
  if (assistants === undefined) {
    look.note(() => 'its assistants are not known yet');
    return false;
  }
  const hub2 = assistants.find(id => HUB2_ASSISTANTS.has(id));
  if (hub2 !== undefined) look.note(() => `assistant 0x${hub2.toString(16)} keeps the state of charge`);
  return hub2 === undefined;
}

/** Ids of two bytes each, the low one first; undefined when they are not known. */
function assistantsOf(bytes: Value): number[] | undefined {
  if (!Array.isArray(bytes)) return undefined;
  const ids: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const [low, high] = [bytes[i], bytes[i + 1]];
    if (typeof low === 'number' && typeof high === 'number') ids.push(low | (high << 8));
  }
  return ids;
}
