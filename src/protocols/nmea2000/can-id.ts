/** The 29-bit identifier of a frame: what is said, by whom, to whom (fact sheet vecan-n2k, section 2). */

export interface CanId {
  /** 0 is the most urgent, 7 the least. */
  readonly priority: number;
  /** What the frame says: 0 to 0x3FFFF. */
  readonly pgn: number;
  readonly source: number;
  /** `BROADCAST` when the PGN has no place for a destination. */
  readonly destination: number;
}

/** Everybody. */
export const BROADCAST = 255;
/** The source of a node that has no address: it cannot claim one, or has not yet. */
export const NO_ADDRESS = 254;
/** The last address that a node may have. */
export const LAST_ADDRESS = 251;

/** From this PDU format on the octet behind it belongs to the PGN and is no destination. */
const FIRST_BROADCAST_FORMAT = 240;
/** The last identifier of 29 bits. */
const LAST_ID = 0x1fff_ffff;

/** @returns undefined when `id` is not one of 29 bits, or has the reserved bit of J1939 set, which NMEA 2000 does not use */
export function decodeId(id: number): CanId | undefined {
  if (!Number.isInteger(id) || id < 0 || id > LAST_ID) return undefined;
  const pgnBits = (id >>> 8) & 0x3_ffff;
  const isReservedSet = (pgnBits & 0x2_0000) !== 0;
  if (isReservedSet) return undefined;
  const isAddressed = isAddressedPgn(pgnBits);
  return {
    priority: id >>> 26,
    pgn: isAddressed ? pgnBits & 0x3_ff00 : pgnBits,
    source: id & 0xff,
    destination: isAddressed ? pgnBits & 0xff : BROADCAST,
  };
}

/** The identifier. Of a PGN without a destination the destination is not told; bits that do not fit are cut off. */
export function encodeId({ priority, pgn, source, destination }: CanId): number {
  const pgnBits = isAddressedPgn(pgn) ? (pgn & 0x1_ff00) | (destination & 0xff) : pgn & 0x1_ffff;
  return (((priority & 7) << 26) | (pgnBits << 8) | (source & 0xff)) >>> 0;
}

/** Whether frames of this PGN name a destination. */
export function isAddressedPgn(pgn: number): boolean {
  return ((pgn >>> 8) & 0xff) < FIRST_BROADCAST_FORMAT;
}
