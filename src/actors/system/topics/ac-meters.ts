import type { Picture } from '../picture.ts';
import { defineTopic } from '../topic.ts';

export interface AcMeters {
  readonly grid: string | null;
  readonly genset: string | null;
}

/** Which energy meters count. */
export const acMeters = defineTopic<AcMeters>({
  name: 'ac-meters',
  about: 'Chooses the meter of the grid and that of the generator: of several the one with the lowest device instance.',
  reads: { devices: { grid: [], genset: [] } },
  publishes: {},
  compute(look) {
    return { grid: lowest(look, 'grid'), genset: lowest(look, 'genset') };
  },
});

function lowest(look: Picture, type: string): string | null {
  const meter = look.choose(look.devices(type), {
    what: `${type} meter`,
    name: device => device.name,
    rank: device => [device.instance],
    because: 'the lowest device instance',
  });
  return meter?.name ?? null;
}
