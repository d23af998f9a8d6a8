/** Which serial ports there are, and what is known of them before they are opened. */
import type { Owned } from '../kernel/actor.ts';

export interface SerialPorts {
  /**
   * Paths that match a pattern such as `/dev/ttyUSB*`, sorted. `*` stands for any characters but a slash. A link that is
   * no file, `tcp://host:port`, is always there.
   */
  find(patterns: readonly string[]): Promise<string[]>;
  /** Calls `changed` when a port may have come or gone. Where it is missing, ports are only looked for now and then. */
  watch?(patterns: readonly string[], changed: () => void): Owned;
  /**
   * Which thing stands at a path: another text when a port was unplugged and plugged in again, however quickly. Empty
   * when that cannot be told. Never rejects.
   */
  identity?(path: string): Promise<string>;
  /** What the system knows of a port. Never rejects: what is not known is left out. */
  facts?(path: string): Promise<PortFacts>;
}

export interface PortFacts {
  /** `platform` is built into the board. */
  readonly bus?: 'usb' | 'platform';
  /** Product of the USB adapter, blanks as underscores: `VE_Direct_cable`. */
  readonly product?: string;
  /** Four hexadecimal digits, lower case. */
  readonly vendorId?: string;
  readonly productId?: string;
  /** Of the USB adapter. */
  readonly serial?: string;
  /** What the udev rules of the image say: VE_SERVICE, VE_PRODUCT. */
  readonly veService?: string;
  readonly veProduct?: string;
}

/** Locks that serial programs of the image respect, ours and those of others. */
export interface PortLocks {
  /** @returns whether the port is ours now; false when a living program has it */
  take(tty: string): Promise<boolean>;
  release(tty: string): Promise<void>;
}
