import type { Outcome } from '../outcome.ts';
import { sameRule } from '../paths.ts';
import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { acMeters } from './ac-meters.ts';
import { acSource, GENSET, GRID, SHORE } from './ac-source.ts';

const METER_PATHS = ['/ProductId', '/DeviceType'];

/** What measures the grid and the generator. */
export const acProducts = defineTopic({
  name: 'ac-products',
  about: 'Which product measures the grid, and which the generator.',
  reads: {
    devices: {
      grid: METER_PATHS,
      genset: METER_PATHS,
      vebus: ['/ProductId'],
      multi: ['/ProductId'],
      inverter: ['/ProductId'],
    },
    own: ['/Ac/ActiveIn/Source'],
    topics: [acMeters, acSource],
  },
  publishes: {
    ...sameRule('product of the meter; without one that of the inverter/charger connected to it', [
      '/Ac/Grid/ProductId',
      '/Ac/Genset/ProductId',
    ]),
    ...sameRule('kind of meter; 0 for a grid meter that does not tell', [
      '/Ac/Grid/DeviceType',
      '/Ac/Genset/DeviceType',
    ]),
  },
  compute(look, out) {
    const { grid, genset } = look.result(acMeters);
    out.part(() => publishProduct(look, out, '/Ac/Grid', grid, [GRID, SHORE]));
    out.part(() => publishProduct(look, out, '/Ac/Genset', genset, [GENSET]));
  },
});

/** @param sources values of `/Ac/ActiveIn/Source` that mean this place */
function publishProduct(
  look: Picture,
  out: Outcome,
  place: '/Ac/Grid' | '/Ac/Genset',
  meterName: string | null,
  sources: readonly number[],
): void {
  const meter = look.device(meterName);
  const source = look.ownNumber('/Ac/ActiveIn/Source');
  const isActive = source !== null && sources.includes(source);
  const inverter = isActive ? look.device(look.result(acSource).all[0] ?? null) : undefined;
  out.set(`${place}/ProductId`, meter?.number('/ProductId') ?? inverter?.number('/ProductId') ?? null);
  const told = meter?.number('/DeviceType') ?? null;
  out.set(`${place}/DeviceType`, meter !== undefined && place === '/Ac/Grid' ? (told ?? 0) : told);
}
