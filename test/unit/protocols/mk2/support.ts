import { jsonFixture } from '../../../support/fixture.ts';

interface Vectors {
  readonly sessions: readonly {
    readonly name: string;
    readonly received: readonly string[];
    readonly shows: Readonly<Record<string, number>>;
  }[];
  readonly exchanges: readonly { readonly sent: readonly string[]; readonly received: readonly string[] }[];
}

export const VECTORS = jsonFixture<Vectors>('mk2/vectors.json');

/** `02 FF 56 A9` as octets. */
export function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(' '), octet => Number.parseInt(octet, 16));
}

/** All frames of the recordings. */
export const FRAMES: readonly Uint8Array[] = [
  ...VECTORS.sessions.flatMap(session => session.received),
  ...VECTORS.exchanges.flatMap(({ sent, received }) => [...sent, ...received]),
].map(octets);
