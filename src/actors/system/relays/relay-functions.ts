/** Which functions the relays of the board can have. */

/** Functions of the first relay, a bit each. */
const FIRST_FUNCTIONS = 0b111111;
/** Functions of the others: manual and temperature. */
const OTHER_FUNCTIONS = 0b10100;

/** Bits of the functions that a relay can have. */
export function validFunctions(relay: number): number {
  return relay === 0 ? FIRST_FUNCTIONS : OTHER_FUNCTIONS;
}

export function mayHaveFunction(relay: number, wanted: number): boolean {
  return Number.isInteger(wanted) && wanted >= 0 && wanted < 31 && (validFunctions(relay) & (1 << wanted)) !== 0;
}
