/** What a driver is to the scanner that finds it a port: a driver of serial devices, and one of devices on CAN. */
import type { GatewayContext } from '../bus/gateway-context.ts';
import type { Random } from '../kernel/random.ts';
import type { BoardFacts } from '../ports/board.ts';
import type { CanFilter, CanSocket } from '../ports/can.ts';
import type { Link } from '../ports/link.ts';

/** A port as the drivers know it. */
export interface SerialPort {
  /** `/dev/ttyUSB0` */
  readonly path: string;
  /** The last part of the path, which names the services: `ttyUSB0`. */
  readonly tty: string;
  /** How it is connected, for `/Mgmt/Connection`: `USB`, `VE.Direct`. Without it the driver says what is usual. */
  readonly connection?: string;
  /** Only this driver's devices can hang there, so it may speak before it has heard anything. */
  readonly designated?: boolean;
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
  /**
   * Settles with what was found (`BMV-712 Smart`) once a device is recognised beyond doubt. Until then the driver is on
   * trial: it may write and take no more than PROBE_LIMITS. A session without it has no trial.
   */
  readonly recognised?: Promise<string>;
  /** Frames that could not be read, or were not for us, since the session began. */
  readonly faults: number;
  /** Takes the device off the bus. */
  stop(): Promise<void>;
}

export interface SerialDriver {
  /** `vedirect` */
  readonly name: string;
  readonly baudRate: number;
  /** Rates to try when nothing is recognised at the first. */
  readonly otherBaudRates?: readonly number[];
  /**
   * How its devices sound at the right rate, one character an octet. Heard while another driver is on trial, it makes
   * this one go next. It need not prove anything.
   */
  readonly signature?: RegExp;
  /** Its devices say nothing by themselves: where the line is silent, it need not wait for those who listen. */
  readonly asks?: true;
  begin(link: Link, port: SerialPort, context: GatewayContext): DriverSession;
}

/** A CAN interface as the drivers know it. */
export interface CanPort {
  /** `can0`, `vecan0`: names the services. */
  readonly name: string;
  /** Numbers from 0 to 1. */
  readonly random: Random;
  readonly board: BoardFacts;
}

/** A driver at work on an open socket. */
export interface CanSession {
  /** Settles with the reason when the interface is gone, or was taken down. */
  readonly ended: Promise<Error>;
  /** Frames, or messages, that could not be read. */
  readonly faults: number;
  /** Takes the devices off the bus and closes the socket. */
  stop(): Promise<void>;
}

/** Speaks one protocol on an interface, with all the devices there that know it. */
export interface CanDriver {
  /** `can-bms` */
  readonly name: string;
  /** What its socket listens to; the system drops all else. */
  readonly filters: readonly CanFilter[];
  /** @param socket open, with `filters`; the session closes it */
  begin(socket: CanSocket, port: CanPort, context: GatewayContext): CanSession;
}

/** What a driver on trial may do with a port that may hold something else. */
export const PROBE_LIMITS = {
  /** A driver that has recognised nothing after so long has to leave. Milliseconds. */
  timeMs: 8_000,
  /** Bytes of something else that are listened to. */
  receivedBytes: 16_384,
  /** Bytes that may be said to something else. */
  writtenBytes: 64,
} as const;

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
