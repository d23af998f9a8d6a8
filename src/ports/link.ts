/** Lines beside the data, from which some interfaces take their power. Those that are absent stay as they are. */
export interface ControlLines {
  readonly dtr?: boolean;
  readonly rts?: boolean;
}

/** A byte stream to a device: a serial port, a pty, a TCP connection to a serial server. */
export interface Link {
  /** What a person calls it: `/dev/ttyUSB0`, `tcp://host:port`. */
  readonly name: string;
  /** Bytes as they arrive. One listener; set it before bytes are wanted. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once when the link is gone: unplugged, closed by the other side, I/O error. Not called after close(). */
  onClose(listener: (reason: Error) => void): void;
  /** Queues bytes. Rejects when the link is gone or the queue is above its limit. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes queued and not yet taken by the other side. */
  readonly queued: number;
  /** Undefined where it is the other side's business: TCP. */
  readonly baudRate: number | undefined;
  setBaudRate(baud: number): Promise<void>;
  /** Never rejects: a pseudo terminal and a TCP connection have no such lines. */
  setLines(lines: ControlLines): Promise<void>;
  /** Stops reading until told to go on; what comes meanwhile is for whoever reads. A link without it can only be closed. */
  pause?(): void;
  /** Reads again, what comes from now on. */
  resume?(): void;
  close(): Promise<void>;
}

export interface LinkOptions {
  /** 8N1, no flow control, at this rate. Ignored by TCP links. */
  readonly baudRate: number;
}

export interface Links {
  /** Opens exclusively. Rejects with a Fault (device: busy or gone; configuration: no permission, no such port). */
  open(name: string, options: LinkOptions): Promise<Link>;
}
