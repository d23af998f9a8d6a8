/** The ESS assistant of the VE.Bus system, and whether it may feed in. */
import type { Picture, SeenDevice } from '../../picture.ts';

const ESS_ASSISTANT = 5;
const GENSET = 2;
export const OVERVOLTAGE_FEED_IN = '/Settings/CGwacs/OvervoltageFeedIn';
const AC_INPUTS = ['/Settings/SystemSetup/AcInput1', '/Settings/SystemSetup/AcInput2'] as const;

/** What is read by these rules. */
export const FEED_IN_PATHS = ['/Hub4/AssistantId', '/Ac/ActiveIn/Connected', '/Ac/ActiveIn/ActiveInput'] as const;
export const FEED_IN_SETTINGS = [OVERVOLTAGE_FEED_IN, ...AC_INPUTS] as const;

export function hasEss(vebus: SeenDevice | undefined): vebus is SeenDevice {
  return vebus?.number('/Hub4/AssistantId') === ESS_ASSISTANT;
}

/** Whether excess solar power of the DC side goes to the grid: not by way of a generator. */
export function mayFeedIn(look: Picture, vebus: SeenDevice | undefined): boolean {
  if (!hasEss(vebus) || vebus.number('/Ac/ActiveIn/Connected') !== 1) return false;
  return activeSource(look, vebus) !== GENSET && look.setting(OVERVOLTAGE_FEED_IN) === 1;
}

/** What is connected to the active AC input, by its setting; null when none is active. */
function activeSource(look: Picture, vebus: SeenDevice): number | null {
  const input = vebus.number('/Ac/ActiveIn/ActiveInput');
  const setting = input === null ? undefined : AC_INPUTS[input];
  return setting === undefined ? null : look.setting(setting);
}
