/** The device's other end: a VE.Direct device that sends its fields once a second. */
import type { Owned } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';

/** Fact sheet vedirect, section 1. */
const PERIOD_MS = 1_000;

/** Fields as on the wire, in the order of sending. */
export type SimulatedFields = Readonly<Record<string, string | number>>;

/** A TEXT block with its checksum octet. */
export function textBlock(fields: SimulatedFields): Uint8Array {
  const lines = Object.entries(fields).map(([label, value]) => `\r\n${label}\t${value}`);
  const head = new TextEncoder().encode(`${lines.join('')}\r\nChecksum\t`);
  const sum = head.reduce((total, octet) => (total + octet) & 0xff, 0);
  return Uint8Array.of(...head, (0x100 - sum) & 0xff);
}

/**
 * Sends a block a second.
 *
 * @param read what the device shows now; the blocks of one second, as a BMV sends two
 * @param write takes the bytes
 */
export function simulateVeDirect(
  clock: Clock,
  read: () => readonly SimulatedFields[],
  write: (bytes: Uint8Array) => void,
): Owned {
  const timer = clock.every(PERIOD_MS, () => {
    for (const fields of read()) write(textBlock(fields));
  });
  return { release: () => timer.cancel() };
}
