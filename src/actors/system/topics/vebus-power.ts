import { times } from '../arithmetic.ts';
import { defineTopic } from '../topic.ts';

/** What all VE.Bus systems together do at the battery. */
export const vebusPower = defineTopic<{ readonly total: number }>({
  name: 'vebus-power',
  about: 'DC power of all VE.Bus systems together, also of those beside the main one.',
  reads: { devices: { vebus: ['/Dc/0/Voltage', '/Dc/0/Current'] } },
  publishes: {},
  compute(look) {
    let total = 0;
    for (const vebus of look.devices('vebus'))
      total += times(vebus.number('/Dc/0/Voltage'), vebus.number('/Dc/0/Current')) ?? 0;
    return { total };
  },
});
