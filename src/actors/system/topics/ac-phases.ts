import { phasePaths, sameRule } from '../paths.ts';
import { defineTopic } from '../topic.ts';

/** Everything that has a power for each phase. */
const GROUPS = [
  '/Ac/ActiveIn',
  '/Ac/Grid',
  '/Ac/Genset',
  '/Ac/PvOnGrid',
  '/Ac/PvOnGenset',
  '/Ac/PvOnOutput',
  '/Ac/Consumption',
  '/Ac/ConsumptionOnInput',
  '/Ac/ConsumptionOnOutput',
].map(group => ({ powers: phasePaths(group, 'Power'), count: `${group}/NumberOfPhases` }));

/** How many phases there are. */
export const acPhases = defineTopic({
  name: 'ac-phases',
  about: 'How many phases grid, generator, PV inverters and AC loads have, as far as their powers are known.',
  reads: { ownValid: GROUPS.flatMap(({ powers }) => powers) },
  publishes: sameRule(
    'the highest phase with a power',
    GROUPS.map(({ count }) => count),
  ),
  compute(look, out) {
    for (const { powers, count } of GROUPS)
      out.set(count, () => {
        const highest = powers.findLastIndex(power => look.isOwnValid(power)) + 1;
        return highest === 0 ? null : highest;
      });
  },
});
