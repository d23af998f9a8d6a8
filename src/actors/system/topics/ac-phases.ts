import { type FlowPaths, flowPaths, sameRule } from '../paths.ts';
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
].map(group => ({ phases: flowPaths(group), count: `${group}/NumberOfPhases` }));

/** How many phases there are. */
export const acPhases = defineTopic({
  name: 'ac-phases',
  about: 'How many phases grid, generator, PV inverters and AC loads have, as far as their powers are known.',
  reads: { ownValid: GROUPS.flatMap(({ phases }) => phases.map(({ power }) => power)) },
  publishes: sameRule(
    'the highest phase with a power',
    GROUPS.map(({ count }) => count),
  ),
  compute(look, out) {
    const highest = (phases: readonly FlowPaths[]): number | null =>
      phases.findLast(({ power }) => look.isOwnValid(power))?.phase ?? null;
    for (const { phases, count } of GROUPS) out.set(count, () => highest(phases));
  },
});
