import type { Value } from '../../../schema/row.ts';
import type { Outcome } from '../outcome.ts';
import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { putFlag } from './dvcc/chargers.ts';
import { dynamicEss } from './dynamic-ess/dynamic-ess.ts';

const PATH = '/Pv/Disable';
/** Who switches solar power off must say so again within this time. Milliseconds. */
const EXPIRY_MS = 60_000;

interface Memory {
  /** When solar power comes back, on the monotonic clock; null while it is not off. */
  until: number | null;
  /** When Dynamic ESS last said something, and whether that was off. */
  saidAt: number;
  byPlan: boolean;
}

/** Solar power that must not be made, as selling it would cost. */
export const pvControl = defineTopic<{ readonly isSolarOff: boolean }, Memory>({
  name: 'pv-control',
  about: `Switches solar power off and on: of solar chargers by DVCC, of PV inverters by ESS, of Multi RS by themselves. It comes back ${EXPIRY_MS / 1000} s after it was last asked to be off.`,
  reads: { devices: { hub4: [PATH], shelly: [PATH], acsystem: [PATH] }, topics: [dynamicEss] },
  publishes: { [PATH]: '1 while solar power is off' },
  accepts: { [PATH]: { initial: 0, take: asFlag, everyWrite: true } },
  start: () => ({ until: null, saidAt: 0, byPlan: false }),
  compute(look, out, memory) {
    const { isSolarOff, at } = look.result(dynamicEss);
    const wasOff = memory.until !== null;
    if (look.wasWritten(PATH)) turn(look, out, look.last(PATH) === 1, memory);
    if (at !== memory.saidAt) {
      memory.saidAt = at;
      if (isSolarOff || memory.byPlan) turn(look, out, isSolarOff, memory);
      memory.byPlan = isSolarOff;
    }
    if (memory.until !== null && look.monotonicMs >= memory.until) {
      look.note(() => 'nobody has asked for it any more');
      turn(look, out, false, memory);
    }
    const isOff = memory.until !== null;
    if (isOff !== wasOff) out.log(isOff ? 'solar power is switched off' : 'solar power is on again');
    out.set(PATH, Number(isOff));
    if (memory.until !== null) out.again(memory.until - look.monotonicMs);
    return { isSolarOff: isOff };
  },
});

function turn(look: Picture, out: Outcome, isOff: boolean, memory: Memory): void {
  memory.until = isOff ? look.monotonicMs + EXPIRY_MS : null;
  const systems = look.devices('acsystem').filter(device => device.instance === 0);
  for (const device of [...look.devices('hub4'), ...look.devices('shelly'), ...systems])
    putFlag(out, device, PATH, Number(isOff));
}

function asFlag(value: Value): Value | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Number(Math.trunc(number) > 0) : undefined;
}
