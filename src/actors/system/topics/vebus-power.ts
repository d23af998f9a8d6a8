import { times } from '../arithmetic.ts';
import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

/** What VE.Bus systems do at the battery. */
export const vebusPower = defineTopic<{ readonly total: number }>({
  name: 'vebus-power',
  about: 'DC power of the main VE.Bus system, and that of all of them together, for the balance of the battery.',
  reads: { devices: { vebus: ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power'] }, topics: [vebusChoice] },
  publishes: {
    '/Dc/Vebus/Current': 'DC current of the main VE.Bus system; positive charges the battery',
    '/Dc/Vebus/Power': 'DC power of the main VE.Bus system, or voltage times current when it does not tell',
  },
  compute(look, out) {
    const multi = look.device(look.result(vebusChoice).multi);
    if (multi !== undefined) {
      out.copy('/Dc/Vebus/Current', multi, '/Dc/0/Current');
      out.set(
        '/Dc/Vebus/Power',
        () => multi.number('/Dc/0/Power') ?? times(multi.number('/Dc/0/Voltage'), multi.number('/Dc/0/Current')),
      );
    }
    let total = 0;
    for (const vebus of look.devices('vebus'))
      total += times(vebus.number('/Dc/0/Voltage'), vebus.number('/Dc/0/Current')) ?? 0;
    return { total };
  },
});
