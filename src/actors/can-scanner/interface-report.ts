/** What is known and done at one CAN interface, for `com.victronenergy.canscanner` and `gxd ports`. */
import type { CanState, CanTrouble } from '../../ports/can.ts';

export type InterfaceState =
  /** The profile keeps it down. */
  | 'off'
  | 'setting up'
  | 'up'
  /** Something went wrong: `why` says what. It is tried again. */
  | 'failed'
  /** It has left the bus too often: it is down for a while. */
  | 'resting';

export interface InterfaceReport {
  readonly name: string;
  /** What the board calls it; empty when it calls it nothing. */
  readonly label: string;
  readonly config: string;
  readonly profile: number;
  readonly state: InterfaceState;
  readonly why: string;
  /** Drivers that speak. */
  readonly drivers: readonly string[];
  /** As the system tells it; undefined while it tells nothing. */
  readonly link: CanState | undefined;
  /** What the controller complained of last; undefined when it never did. */
  readonly trouble: CanTrouble | undefined;
  /** How often the interface was set up anew after trouble. */
  readonly recoveries: number;
  /** Frames and messages that the drivers could not read. */
  readonly faults: number;
}
