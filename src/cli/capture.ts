/** Captured VE.Direct streams, cut into what the device sent in one second. */

const FIRST_LABEL = '\r\nPID\t';

/** @returns the pieces from one product id to the next: each is what the device sends in a second */
export function blocksBySecond(stream: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let from = stream.indexOf(FIRST_LABEL);
  while (from >= 0) {
    const to = stream.indexOf(FIRST_LABEL, from + 1);
    pieces.push(stream.subarray(from, to < 0 ? stream.length : to));
    from = to;
  }
  return pieces;
}
