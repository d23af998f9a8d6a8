/** What a relay of the board is for, as the user has set it. */

/** `/Settings/Relay/Function`, `/Settings/Relay/1/Function` … */
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

/** Functions of the first relay, a bit each. */
const FIRST_FUNCTIONS = 0b111111;
/** Functions of the others: manual and temperature. */
const OTHER_FUNCTIONS = 0b10100;

export function functionSetting(relay: number): string {
  return relay === 0 ? '/Settings/Relay/Function' : `/Settings/Relay/${relay}/Function`;
}

export function polaritySetting(relay: number): string {
  return relay === 0 ? '/Settings/Relay/Polarity' : `/Settings/Relay/${relay}/Polarity`;
}

/** Bits of the functions that a relay can have. */
export function validFunctions(relay: number): number {
  return relay === 0 ? FIRST_FUNCTIONS : OTHER_FUNCTIONS;
}

export function mayHaveFunction(relay: number, wanted: number): boolean {
  return Number.isInteger(wanted) && wanted >= 0 && wanted < 31 && (validFunctions(relay) & (1 << wanted)) !== 0;
}
