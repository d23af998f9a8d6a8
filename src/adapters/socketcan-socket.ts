/** CAN sockets of the kernel, by the addon of the package `socketcan`. */
import { Fault } from '../kernel/fault.ts';
import { type CanFilter, type CanFrame, type CanSocket, type CanTrouble, passes } from '../ports/can.ts';
import { ERROR_CLASSES, troublesOf } from './can-errors.ts';

/** Frames that wait for a bus that does not take them, besides those in the interface's own queue. */
const SEND_QUEUE_FRAMES = 100;
/** A frame that nobody has taken for so long is given up: what it says is old. Milliseconds. */
const SEND_MS = 1_000;
/** The interface's queue is full: tried again after so long. Milliseconds. */
const SEND_AGAIN_MS = 5;
/** The same trouble is told once in so long: a bad cable makes thousands a second. Milliseconds. */
const TROUBLE_MS = 500;
/** What the kernel takes for one socket. */
const FILTER_LIMIT = 512;
const FRAME_OCTETS = 8;

/** Flags of identifiers and of filters: linux/can.h. */
const EXTENDED = 0x8000_0000;
const REMOTE = 0x4000_0000;

/** What the addon tells of a frame. */
export interface RawMessage {
  readonly id: number;
  readonly ext?: boolean;
  readonly rtr?: boolean;
  readonly err?: boolean;
  readonly data: Uint8Array;
}

interface RawFilter {
  readonly id: number;
  readonly mask: number;
  readonly invert?: boolean;
}

/** A channel of the addon, as far as it is used. */
export interface RawChannel {
  addListener(event: 'onMessage', listener: (message: RawMessage) => void): void;
  addListener(event: 'onStopped', listener: () => void): void;
  start(): void;
  /** Throws when it is not started. */
  stop(): void;
  /** Below 0 when the system did not take the frame. */
  send(message: { readonly id: number; readonly ext: boolean; readonly data: Uint8Array }): number;
  setRxFilters(filters: readonly RawFilter[]): void;
  setErrorFilters(mask: number): void;
}

/** The kernel takes no empty list: the opposite of all is none. */
const NONE: RawFilter = { id: 0, mask: 0, invert: true };

export class SocketCanSocket implements CanSocket {
  readonly interface: string;
  readonly #channel: RawChannel;
  readonly #ended: (socket: SocketCanSocket) => void;
  readonly #told = new Map<CanTrouble, number>();
  #filters: readonly CanFilter[] = [];
  #heard: CanFrame[] = [];
  #waiting: Waiting[] = [];
  #again: NodeJS.Timeout | undefined;
  #gone: Error | undefined;
  #frames: (frames: readonly CanFrame[]) => void = () => {};
  #trouble: (trouble: CanTrouble) => void = () => {};
  #closed: ((reason: Error) => void) | undefined;

  /**
   * @param channel not yet started
   * @param ended called once when it is closed, by whomever
   */
  constructor(
    name: string,
    channel: RawChannel,
    filters: readonly CanFilter[],
    ended: (socket: SocketCanSocket) => void,
  ) {
    this.interface = name;
    this.#channel = channel;
    this.#ended = ended;
    channel.setErrorFilters(ERROR_CLASSES);
    this.#filter(filters);
    channel.addListener('onMessage', message => this.#take(message));
    channel.addListener('onStopped', () => this.#stopped());
    channel.start();
  }

  get queued(): number {
    return this.#waiting.length;
  }

  onFrames(listener: (frames: readonly CanFrame[]) => void): void {
    this.#frames = listener;
  }

  onTrouble(listener: (trouble: CanTrouble) => void): void {
    this.#trouble = listener;
  }

  onClose(listener: (reason: Error) => void): void {
    this.#closed = listener;
    if (this.#gone !== undefined) listener(this.#gone);
  }

  send(frame: CanFrame): Promise<void> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    if (frame.data.length > FRAME_OCTETS)
      return Promise.reject(new Fault('bug', `${frame.data.length} octets do not fit a frame`));
    if (this.#waiting.length === 0 && this.#handOver(frame)) return Promise.resolve();
    if (this.#waiting.length >= SEND_QUEUE_FRAMES) return Promise.reject(this.#notTaken());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ frame, since: performance.now(), resolve, reject });
      this.#tryAgain();
    });
  }

  async setFilters(filters: readonly CanFilter[]): Promise<void> {
    if (this.#gone === undefined) this.#filter(filters);
  }

  async close(): Promise<void> {
    this.#closed = undefined;
    if (this.#gone === undefined) this.lose(new Fault('device', `${this.interface} was closed`));
  }

  /** The interface is gone or down. */
  lose(reason: Error): void {
    if (this.#gone !== undefined) return;
    // The addon keeps its socket until it is garbage: nothing should gather in it.
    this.#channel.setRxFilters([NONE]);
    this.#channel.setErrorFilters(0);
    this.#end(reason);
    this.#channel.stop();
  }

  /** The addon has stopped: by our own word, or because the interface is not there any more. */
  #stopped(): void {
    this.#end(new Fault('device', `${this.interface} is gone`));
  }

  #end(reason: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    clearTimeout(this.#again);
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    this.#heard = [];
    this.#ended(this);
    this.#closed?.(reason);
  }

  #filter(filters: readonly CanFilter[]): void {
    if (filters.length > FILTER_LIMIT)
      throw new Fault('bug', `${filters.length} filters; a socket takes ${FILTER_LIMIT}`);
    this.#filters = filters;
    this.#channel.setRxFilters(filters.length === 0 ? [NONE] : filters.map(rawFilter));
  }

  #take(message: RawMessage): void {
    if (this.#gone !== undefined) return;
    if (message.err === true) {
      for (const trouble of troublesOf(message.id, message.data)) this.#suffer(trouble);
      return;
    }
    const frame: CanFrame = { id: message.id, extended: message.ext === true, data: message.data };
    // Before the filters were set the kernel let all pass; requests and longer frames are nothing that we know.
    const isOurs = message.rtr !== true && frame.data.length <= FRAME_OCTETS && passes(this.#filters, frame);
    if (!isOurs) return;
    this.#heard.push(frame);
    // The addon gives what is there frame by frame, up to a hundred: they go on together.
    if (this.#heard.length === 1) setImmediate(() => this.#give());
  }

  #give(): void {
    const heard = this.#heard;
    this.#heard = [];
    if (heard.length > 0 && this.#gone === undefined) this.#frames(heard);
  }

  #suffer(trouble: CanTrouble): void {
    const now = performance.now();
    if (now - (this.#told.get(trouble) ?? Number.NEGATIVE_INFINITY) < TROUBLE_MS) return;
    this.#told.set(trouble, now);
    this.#trouble(trouble);
  }

  #handOver({ id, extended, data }: CanFrame): boolean {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return this.#channel.send({ id, ext: extended, data: bytes }) >= 0;
  }

  #tryAgain(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.#pump();
    }, SEND_AGAIN_MS);
  }

  #pump(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#handOver(next.frame)) next.resolve();
      else if (performance.now() - next.since >= SEND_MS) next.reject(this.#notTaken());
      else {
        this.#tryAgain();
        return;
      }
      this.#waiting.shift();
    }
  }

  #notTaken(): Fault {
    return new Fault('device', `${this.interface}: nobody takes the frames (no other device, or another bit rate)`);
  }
}

interface Waiting {
  readonly frame: CanFrame;
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Of one length of identifiers, and no requests. */
function rawFilter({ id, mask, extended }: CanFilter): RawFilter {
  return { id: ((extended ? EXTENDED : 0) | id) >>> 0, mask: (EXTENDED | REMOTE | mask) >>> 0 };
}
