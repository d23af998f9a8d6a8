/** What is known and done at one port, for `com.victronenergy.serialscanner` and `gxd ports`. */

export type PortState = 'left alone' | 'held by another program' | 'not to be opened' | 'waiting' | 'trying' | 'served';

export interface PortReport {
  readonly path: string;
  readonly tty: string;
  readonly state: PortState;
  /** Drivers in the order of trying. */
  readonly candidates: readonly string[];
  /** What was tried since a device was recognised last: `vedirect 19200`. */
  readonly tried: readonly string[];
  /** The driver at work, or on trial; empty when there is none. */
  readonly driver: string;
  readonly baudRate: number | undefined;
  /** What was recognised; empty when nothing was. */
  readonly device: string;
  /** Why it is so: the rule for the port, and what ended the last session. */
  readonly why: string;
  /** Devices recognised since the start. */
  readonly recognised: number;
  /** Frames that could not be read, of devices that were recognised. */
  readonly faults: number;
  /** Sessions that ended, by whatever, after a device was recognised. */
  readonly lost: number;
}
