import { jsonFixture } from '../../../support/fixture.ts';

export interface Vector {
  readonly pgn: number;
  readonly src: number;
  readonly dst: number;
  readonly prio: number;
  readonly bytes: Uint8Array;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly line: string;
  readonly pgn: number;
  readonly src: number;
  readonly dst: number;
  readonly prio: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const VECTORS: readonly Vector[] = jsonFixture<{ vectors: Line[] }>('nmea2000/vectors.json').vectors.map(
  ({ line, ...rest }) => ({
    ...rest,
    bytes: Uint8Array.from(line.split(',').slice(6), octet => Number.parseInt(octet, 16)),
  }),
);

/** `1CEF3001` and octets such as `66990100`. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(' ', '').match(/../g) ?? [], octet => Number.parseInt(octet, 16));
}
