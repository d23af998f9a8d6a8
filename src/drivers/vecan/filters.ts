/** What of the traffic of an NMEA 2000 network is given to us: the system drops all else, so that it costs nothing. */
import type { CanFilter } from '../../ports/can.ts';
import { isAddressedPgn } from '../../protocols/nmea2000/can-id.ts';
import { TRANSPORT_CONTROL, TRANSPORT_DATA } from '../../protocols/nmea2000/iso-transport.ts';
import { GROUP_FUNCTION, MESSAGES, PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../protocols/nmea2000/pgns.ts';

/** Of the identifier: the PGN, without the destination that some have in it. */
const PGN_MASK = 0x1ff_ff00;
const ADDRESSED_MASK = 0x1ff_0000;
const SOURCE_MASK = 0xff;

/** All messages that are known. */
export const VECAN_FILTERS: readonly CanFilter[] = [
  ...new Set([
    ...MESSAGES.map(({ pgn }) => pgn),
    GROUP_FUNCTION,
    PROPRIETARY_SINGLE,
    PROPRIETARY_FAST,
    TRANSPORT_CONTROL,
    TRANSPORT_DATA,
  ]),
].map(pgn => ({
  id: (pgn << 8) >>> 0,
  mask: isAddressedPgn(pgn) ? ADDRESSED_MASK : PGN_MASK,
  extended: true,
}));

/** With what others say from our address: they have missed our claim. */
export function filtersWith(address: number): readonly CanFilter[] {
  return [...VECAN_FILTERS, { id: address, mask: SOURCE_MASK, extended: true }];
}
