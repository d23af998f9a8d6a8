/** What a driver of serial devices is to the scanner that finds it a port. */
import type { GatewayContext } from '../bus/gateway-context.ts';
import type { Link } from '../ports/link.ts';

/** A port as the drivers know it. */
export interface SerialPort {
  /** `/dev/ttyUSB0` */
  readonly path: string;
  /** The last part of the path, which names the services: `ttyUSB0`. */
  readonly tty: string;
}

/** How a session ended by itself. */
export type SessionEnd =
  /** Nothing of ours was heard in time. */
  | 'not recognised'
  /** The device was served and has fallen silent. */
  | 'device silent'
  /** The name of its service is owned by another program: an external driver has the device. */
  | 'name taken';

/** A driver at work on an open link. */
export interface DriverSession {
  /** Takes bytes from the device. */
  receive(bytes: Uint8Array): void;
  /** Settles when the session is over by itself. */
  readonly ended: Promise<SessionEnd>;
  /** Takes the device off the bus. */
  stop(): Promise<void>;
}

export interface SerialDriver {
  /** `vedirect` */
  readonly name: string;
  readonly baudRate: number;
  begin(link: Link, port: SerialPort, context: GatewayContext): DriverSession;
}

/** Device instances by port, as drivers have always proposed them (fact sheet serial-starter, section 6). */
const INSTANCE_BASES: readonly { readonly tty: RegExp; readonly base: number }[] = [
  { tty: /^ttyO(\d+)$/, base: 256 },
  { tty: /^ttyS(\d+)$/, base: 272 },
  { tty: /^ttyUSB(\d+)$/, base: 288 },
];
/** For ports of no known family, so that they get an instance and collide with none of the others. */
const OTHER_BASE = 512;

/** ttyO1 → 257, ttyS5 → 277, ttyUSB0 → 288. */
export function deviceInstanceOf(tty: string): number {
  for (const { tty: pattern, base } of INSTANCE_BASES) {
    const number = pattern.exec(tty)?.[1];
    if (number !== undefined) return base + Number(number);
  }
  return OTHER_BASE + Number(/(\d{1,3})$/.exec(tty)?.[1] ?? 0);
}
