/** CAN: interfaces of the machine, and frames on them. Each program on an interface hears all frames of the others. */
import type { Owned } from '../kernel/actor.ts';

export interface CanFrame {
  /** 11 bits, or 29 when extended. */
  readonly id: number;
  readonly extended: boolean;
  /** Up to 8 octets. */
  readonly data: Uint8Array;
}

/** Frames of which `(id & mask) === (filter id & mask)`, of one of the two lengths of identifiers. */
export interface CanFilter {
  readonly id: number;
  readonly mask: number;
  readonly extended: boolean;
}

/** What the controller says of the bus. */
export type CanTrouble =
  /** Nobody acknowledges: no other device, or the wrong bit rate. */
  | 'no acknowledgement'
  /** Many errors were counted; frames still go out. */
  | 'error warning'
  /** So many that the controller no longer marks those it sees. */
  | 'error passive'
  /** The controller has left the bus; it comes back by itself after its restart time. */
  | 'bus off'
  /** It is back on the bus. */
  | 'restarted'
  /** It had to drop frames: they came faster than they were taken. */
  | 'overrun'
  /** A frame was damaged: cable, terminator, another bit rate. */
  | 'damaged frame';

/** One program's ear and mouth on an interface. */
export interface CanSocket {
  /** `can0`, `vecan0` */
  readonly interface: string;
  /** Frames as they arrive, those that came together in one call. Own frames are not among them. One listener. */
  onFrames(listener: (frames: readonly CanFrame[]) => void): void;
  /** One listener. */
  onTrouble(listener: (trouble: CanTrouble) => void): void;
  /** Called once when the interface is gone or was taken down. Not called after close(). */
  onClose(listener: (reason: Error) => void): void;
  /**
   * Queues a frame. Resolves when the interface has taken it; rejects with a Fault (device) when the interface is gone
   * or the queue is above its limit, as on a bus on which nobody acknowledges.
   */
  send(frame: CanFrame): Promise<void>;
  /** Frames queued and not yet taken by the interface. */
  readonly queued: number;
  /** Only frames that one of the filters takes are given from now on; none at all without filters. */
  setFilters(filters: readonly CanFilter[]): Promise<void>;
  close(): Promise<void>;
}

/** What an interface has counted since it is there. */
export interface CanStatistics {
  /** Frames. */
  readonly received: number;
  readonly sent: number;
  /** Frames that came too fast, or could not be sent. */
  readonly receiveDropped: number;
  readonly sendDropped: number;
  /** Frames that were damaged. */
  readonly busErrors: number;
  /** How often the controller warned, went passive, left the bus, and came back. */
  readonly warnings: number;
  readonly passives: number;
  readonly busOffs: number;
  readonly restarts: number;
}

/** How an interface stands. */
export interface CanState {
  readonly up: boolean;
  /** Bits each second; undefined for one that has none, as a virtual interface. */
  readonly bitRate: number | undefined;
  /** Undefined as the bit rate. 0: it does not come back by itself. */
  readonly restartMs: number | undefined;
  readonly bus: 'active' | 'warning' | 'passive' | 'off' | 'stopped' | 'unknown';
  /** The error counters of the controller, that fall again while all is well. */
  readonly receiveErrors: number;
  readonly transmitErrors: number;
  readonly statistics: CanStatistics;
  /** All that the system tells of it, as the JSON of `ip -details -statistics -json link show`; empty where it tells nothing. */
  readonly told: string;
}

export interface CanSetting {
  readonly bitRate: number;
  /** After so long a controller that left the bus tries again. Milliseconds. */
  readonly restartMs: number;
}

/** What the image says of an interface. */
export interface CanFacts {
  /** What a person calls it: `BMS-Can port`. */
  readonly label?: string;
  /** What it is for, in the words of the image's rules: `bms-only`, `vecan-only`, `classic-and-hv`. */
  readonly config?: string;
  /** It is a link to another machine: its bit rate is the business of that one. */
  readonly remote?: true;
}

export interface CanInterfaces {
  /** Names of the CAN interfaces, sorted. */
  list(): Promise<string[]>;
  /** Calls `changed` when an interface may have come or gone, or gone up or down. */
  watch(changed: () => void): Owned;
  /** Which thing has the name: another text when an interface went and came again. Never rejects. */
  identity(name: string): Promise<string>;
  /** Never rejects: what is not known is left out. */
  facts(name: string): Promise<CanFacts>;
  /** Undefined when there is no such interface. Rejects with a Fault (system) when the system does not tell. */
  state(name: string): Promise<CanState | undefined>;
  /**
   * Takes an interface down, sets it up anew and takes it up; without a setting it stays down. Rejects with a Fault
   * (configuration: no permission, no such interface, a bit rate that it does not know).
   */
  configure(name: string, setting: CanSetting | undefined): Promise<void>;
  /** Rejects with a Fault (configuration: no such interface, no permission; device: the interface is down). */
  open(name: string, filters: readonly CanFilter[]): Promise<CanSocket>;
}

export const NOTHING_COUNTED: CanStatistics = {
  received: 0,
  sent: 0,
  receiveDropped: 0,
  sendDropped: 0,
  busErrors: 0,
  warnings: 0,
  passives: 0,
  busOffs: 0,
  restarts: 0,
};

/** All frames with 11-bit, or all with 29-bit identifiers. */
export const ALL_STANDARD: CanFilter = { id: 0, mask: 0, extended: false };
export const ALL_EXTENDED: CanFilter = { id: 0, mask: 0, extended: true };

/** Whether a socket with these filters is given the frame. */
export function passes(filters: readonly CanFilter[], frame: CanFrame): boolean {
  return filters.some(({ id, mask, extended }) => extended === frame.extended && ((frame.id ^ id) & mask) === 0);
}
