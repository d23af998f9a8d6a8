/** All messages that are known here, by their PGN; and how those are sent that are not. */
import type { Message } from './message.ts';
import * as ac from './tables/ac.ts';
import * as acBus from './tables/ac-bus.ts';
import * as dc from './tables/dc.ts';
import * as engine from './tables/engine.ts';
import * as environment from './tables/environment.ts';
import * as navigation from './tables/navigation.ts';
import * as network from './tables/network.ts';

/** Commands to other nodes: group-function.ts. */
export const GROUP_FUNCTION = 126_208;
/** Registers and other things that only makers know; which, says the maker's code in front: vreg.ts. */
export const PROPRIETARY_SINGLE = 61_184;
export const PROPRIETARY_FAST = 126_720;

/** Every table, in the order of the PGNs. */
export const MESSAGES: readonly Message[] = [
  ...Object.values(ac),
  ...Object.values(acBus),
  ...Object.values(dc),
  ...Object.values(engine),
  ...Object.values(environment),
  ...Object.values(navigation),
  ...Object.values(network),
].sort((a, b) => a.pgn - b.pgn);

const BY_PGN: ReadonlyMap<number, Message> = new Map(MESSAGES.map(message => [message.pgn, message]));

/** @returns undefined for a message that is not known here */
export function messageOf(pgn: number): Message | undefined {
  return BY_PGN.get(pgn);
}

/** PGN → whether the frames of it are parts of longer messages, where the number tells and no table does. */
const FAST_RANGES: readonly { readonly first: number; readonly last: number }[] = [
  { first: 0x1_ed00, last: 0x1_ee00 },
  { first: PROPRIETARY_FAST, last: PROPRIETARY_FAST },
  { first: 0x1_ff00, last: 0x1_ffff },
];

/** Whether the frames of a PGN are parts of fast packets. Of a PGN that nobody knows, in the mixed range: false. */
export function isFast(pgn: number): boolean {
  const known = BY_PGN.get(pgn);
  if (known !== undefined) return known.kind === 'fast';
  return FAST_RANGES.some(({ first, last }) => pgn >= first && pgn <= last);
}

/** Whether the first two octets of a message are the code of its maker. */
export function isProprietary(pgn: number): boolean {
  return (
    pgn === PROPRIETARY_SINGLE ||
    pgn === PROPRIETARY_FAST ||
    (pgn >= 0xff00 && pgn <= 0xffff) ||
    (pgn >= 0x1_ff00 && pgn <= 0x1_ffff)
  );
}
