/** What the relays of the machine do. Names, groups and start states are among the settings of the system. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, integer } from './setting.ts';

/** What a relay of the board is for: `/Settings/Relay/Function`, `/Settings/Relay/1/Function` … */
export const RELAY_FUNCTION = {
  /** Nobody uses it: it is off, and nobody may switch it. */
  disabled: -1,
  alarm: 0,
  generator: 1,
  manual: 2,
  pump: 3,
  temperature: 4,
  gensetHelper: 5,
  /** Of a program for such loads, where there is one: nobody here switches it. */
  opportunityLoad: 6,
} as const;
export type RelayFunction = keyof typeof RELAY_FUNCTION;

/** Values of the polarity. */
export const NORMALLY_CLOSED = 1;

/** @param relay its number, from 0; the first relay has no number in its paths */
export function functionSetting(relay: number): string {
  return relay === 0 ? '/Settings/Relay/Function' : `/Settings/Relay/${relay}/Function`;
}

export function polaritySetting(relay: number): string {
  return relay === 0 ? '/Settings/Relay/Polarity' : `/Settings/Relay/${relay}/Polarity`;
}

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

export function relayFunctionSettings(relay: number): readonly SettingRow[] {
  const initial = relay === 0 ? RELAY_FUNCTION.alarm : RELAY_FUNCTION.manual;
  return addedBy('platform', [
    integer(functionSetting(relay), initial, 0, 0, { enum: FUNCTIONS, label: `Function of relay ${relay + 1}` }),
    integer(polaritySetting(relay), 0, 0, 0, { enum: POLARITY, label: `Polarity of relay ${relay + 1}` }),
  ]);
}

export const relaySettings: readonly SettingRow[] = Array.from({ length: RELAYS }, (_, relay) =>
  relayFunctionSettings(relay),
).flat();
