/**
 * Which positions are believed. Two octets that are changed alike pass the checksum of NMEA 0183, so a position far from
 * the last one counts when it is said twice.
 */

/** Degrees between two sentences: two kilometres, more than anything travels in a second. */
const JUMP_DEGREES = 0.02;
const TURN = 360;

interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

export class PositionCheck {
  #last: Position | undefined;
  #doubt: Position | undefined;

  /** The last position is too old to be compared with. */
  forget(): void {
    this.#last = undefined;
    this.#doubt = undefined;
  }

  accepts(position: Position): boolean {
    const isSure = this.#last === undefined || isNear(this.#last, position);
    const isConfirmed = this.#doubt !== undefined && isNear(this.#doubt, position);
    const isAccepted = isSure || isConfirmed;
    if (isAccepted) this.#last = position;
    this.#doubt = isAccepted ? undefined : position;
    return isAccepted;
  }
}

function isNear(one: Position, other: Position): boolean {
  const around = Math.abs(one.longitude - other.longitude);
  const longitude = Math.min(around, TURN - around);
  return Math.abs(one.latitude - other.latitude) < JUMP_DEGREES && longitude < JUMP_DEGREES;
}
