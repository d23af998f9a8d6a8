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

/** Relays that every gateway has settings for. */
const RELAYS = 2;
const ALARM = 0;
const MANUAL = 2;

/** @param relay its number, from 0; the first relay has no number in its paths */
export function relayFunctionSettings(relay: number): readonly SettingRow[] {
  const path = relay === 0 ? '/Settings/Relay' : `/Settings/Relay/${relay}`;
  const initial = relay === 0 ? ALARM : MANUAL;
  return addedBy('platform', [
    integer(`${path}/Function`, initial, 0, 0, { enum: FUNCTIONS, label: `Function of relay ${relay + 1}` }),
    integer(`${path}/Polarity`, 0, 0, 0, { enum: POLARITY, label: `Polarity of relay ${relay + 1}` }),
  ]);
}

export const relaySettings: readonly SettingRow[] = Array.from({ length: RELAYS }, (_, relay) =>
  relayFunctionSettings(relay),
).flat();
