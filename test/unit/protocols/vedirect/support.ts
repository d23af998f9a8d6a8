import type { HexFrame } from '../../../../src/protocols/vedirect/hex-frame.ts';
import { type FaultCounts, VeDirectStream } from '../../../../src/protocols/vedirect/text-parser.ts';

/** All that came out of a stream. */
export interface Received {
  readonly blocks: Record<string, string>[];
  readonly frames: HexFrame[];
  readonly faults: FaultCounts;
}

/** One octet per character. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0));
}

/** Feeds chunks to a new parser. */
export function receive(...chunks: (Uint8Array | string)[]): Received {
  const blocks: Record<string, string>[] = [];
  const frames: HexFrame[] = [];
  const stream = new VeDirectStream({
    block: fields => blocks.push(Object.fromEntries(fields)),
    // A frame's payload is its own: it must outlive the next one.
    frame: frame => frames.push(frame),
  });
  for (const chunk of chunks) stream.push(typeof chunk === 'string' ? octets(chunk) : chunk);
  return { blocks, frames, faults: stream.faults };
}

/** A block with its checksum. */
export function block(fields: Record<string, string>): Uint8Array {
  const text = Object.entries(fields).map(([label, value]) => `\r\n${label}\t${value}`);
  const bytes = octets(`${text.join('')}\r\nChecksum\t\0`);
  bytes[bytes.length - 1] = -bytes.reduce((sum, octet) => sum + octet, 0);
  return bytes;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** The counts that are not 0. */
export function faultsOf(received: Received): Partial<FaultCounts> {
  return Object.fromEntries(Object.entries(received.faults).filter(([, count]) => count > 0));
}
