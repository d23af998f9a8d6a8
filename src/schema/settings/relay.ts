/** What the relays of the machine do. Names, groups and start states are among the settings of the system. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, integer } from './setting.ts';

const FUNCTIONS = {
  [-1]: 'None',
  0: 'Alarm',
  1: 'Generator start/stop',
  2: 'Manual',
  3: 'Tank pump',
  4: 'Temperature',
  5: 'Generator set helper',
  6: 'Opportunity load',
} as const;

const POLARITY = { 0: 'Normally open', 1: 'Normally closed' } as const;

/** The first relay has no number in its paths. */
export const relaySettings: readonly SettingRow[] = addedBy('platform', [
  integer('/Settings/Relay/Function', 0, 0, 0, { enum: FUNCTIONS, label: 'Function of relay 1' }),
  integer('/Settings/Relay/Polarity', 0, 0, 0, { enum: POLARITY, label: 'Polarity of relay 1' }),
  integer('/Settings/Relay/1/Function', 2, 0, 0, { enum: FUNCTIONS, label: 'Function of relay 2' }),
  integer('/Settings/Relay/1/Polarity', 0, 0, 0, { enum: POLARITY, label: 'Polarity of relay 2' }),
]);
