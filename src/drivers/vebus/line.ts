/** The line to an interface: one request in flight, time-outs, retries, the selected device. */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Link } from '../../ports/link.ts';
import { encodeFrame, type Mk2FaultCounts, type Mk2Frame, Mk2Stream } from '../../protocols/mk2/frame.ts';
import {
  decodeAddress,
  decodeInterfaceVersion,
  decodePanel,
  type InterfaceVersion,
} from '../../protocols/mk2/interface.ts';
import { type Answer, type Request, selectAddress } from '../../protocols/mk2/requests.ts';
import { LETTERS } from '../../protocols/mk2/winmon.ts';

/** From one request to the next at least (fact sheet mk2-vebus, section 1). */
const REQUEST_GAP_MS = 50;
const ANSWER_MS = 1_000;
/** An answer that takes so long was lost more likely than it is late: what may be asked twice is asked again then. */
const ASK_AGAIN_MS = 500;
/** A frame that has begun and gets no more octets for so long is cut. */
const PAUSE_MS = 300;
/** Requests that may wait. */
const QUEUE_LIMIT = 32;
/** A version frame that was under way while the address was selected may still tell the old one. */
const SELECTION_SETTLES_MS = 1_000;

export interface LineFaultCounts extends Mk2FaultCounts {
  /** Requests without an answer in time. */
  timeout: number;
  /** Frames that nobody asked for. */
  unexpected: number;
  /** Another device than the selected one. */
  otherAddress: number;
}

export interface LineListener {
  /** Lets the work on the line run beside. */
  spawn(task: Promise<void>): void;
  /** The interface told its version by itself. */
  version(version: InterfaceVersion): void;
  /** Another panel on the bus has its switch at this mode. */
  panel(mode: number): void;
}

export interface AskOptions {
  /** The device asked; without it the request is for the interface or the whole system. */
  readonly address?: number;
  /** How often it is asked at most. */
  readonly tries?: number;
}

const DEFAULT_TRIES = 1;

interface Job {
  readonly run: () => Promise<void>;
  readonly drop: () => void;
}

interface Pending {
  readonly take: (data: Uint8Array) => boolean;
  readonly give: () => void;
}

export class Mk2Line {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listener: LineListener;
  readonly #stream: Mk2Stream;
  readonly #jobs: Job[] = [];
  readonly #counts = { timeout: 0, unexpected: 0, otherAddress: 0 };
  #working = false;
  #stopped = false;
  #pending: Pending | undefined;
  #letter = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #octetAt = Number.NEGATIVE_INFINITY;
  #selected: number | undefined;
  #selectedAt = Number.NEGATIVE_INFINITY;
  /** Wakes a wait for the next request when the line is stopped. */
  #wake: (() => void) | undefined;
  /** How often in a row the interface confirmed another device than the selected one. */
  othersConfirmed = 0;
  /** When the last good frame came, monotonic milliseconds. */
  frameAt: number | undefined;
  /** When a device, not the interface alone, answered last. */
  deviceAnsweredAt: number | undefined;
  /** Whether anything at all has been received. */
  heard = false;

  constructor(link: Link, clock: Clock, log: Log, listener: LineListener) {
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#listener = listener;
    this.#stream = new Mk2Stream(frame => this.#frame(frame));
  }

  get faults(): LineFaultCounts {
    return { ...this.#stream.faults, ...this.#counts };
  }

  receive(octets: Uint8Array): void {
    if (this.#stopped) return;
    this.heard = true;
    this.expire();
    this.#octetAt = this.#clock.monotonic();
    this.#stream.push(octets);
  }

  /** Gives up a frame that has begun long ago. */
  expire(): void {
    if (this.#stream.pending && this.#clock.monotonic() - this.#octetAt > PAUSE_MS) this.#stream.pause();
  }

  /** Sends a request and waits for its answer. Undefined: no answer, or the line is stopped or overloaded. */
  ask<T>(request: Request<T>, options: AskOptions = {}): Promise<Answer<T> | undefined> {
    if (this.#stopped || this.#jobs.length >= QUEUE_LIMIT) return Promise.resolve(undefined);
    return new Promise(resolve => {
      this.#jobs.push({
        run: async () => resolve(await this.#try(request, options)),
        drop: () => resolve(undefined),
      });
      if (!this.#working) this.#listener.spawn(this.#work());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#pending?.give();
    this.#wake?.();
    for (const job of this.#jobs.splice(0)) job.drop();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) await job.run();
    this.#working = false;
  }

  async #try<T>(request: Request<T>, { address, tries = DEFAULT_TRIES }: AskOptions): Promise<Answer<T> | undefined> {
    for (let left = tries; left > 0 && !this.#stopped; left--) {
      if (address !== undefined && !(await this.#select(address))) continue;
      const answer = await this.#exchange(request);
      if (answer !== undefined) return answer;
      // Perhaps the interface was without power, and has forgotten the device.
      this.#selected = undefined;
    }
    return undefined;
  }

  async #select(address: number): Promise<boolean> {
    if (this.#selected === address) return true;
    const others = this.#counts.otherAddress;
    const answer = await this.#exchange(selectAddress(address));
    this.#selected = answer === undefined ? undefined : address;
    this.#selectedAt = this.#clock.monotonic();
    if (answer !== undefined) this.othersConfirmed = 0;
    else if (this.#counts.otherAddress > others) this.othersConfirmed++;
    return answer !== undefined;
  }

  async #exchange<T>(request: Request<T>): Promise<Answer<T> | undefined> {
    await this.#rest();
    if (this.#stopped) return undefined;
    this.#letter = (this.#letter % (LETTERS.length - 1)) + 1; // X, Y, Z in turn: W is left to other programs
    const letter = LETTERS[this.#letter] ?? LETTERS[0];
    return new Promise(resolve => {
      const frames = request.frames(letter);
      const done = (answer: Answer<T> | undefined): void => {
        timer.cancel();
        again?.cancel();
        this.#pending = undefined;
        resolve(answer);
      };
      const timer: Timer = this.#clock.after(ANSWER_MS, () => {
        this.#counts.timeout++;
        done(undefined);
      });
      const again = request.acts ? undefined : this.#clock.after(ASK_AGAIN_MS, () => this.#write(frames));
      this.#pending = {
        take: data => {
          const answer = request.answer(data, letter);
          if (answer === undefined) return false;
          if (!request.ofInterface) this.deviceAnsweredAt = this.#clock.monotonic();
          done(answer);
          return true;
        },
        give: () => done(undefined),
      };
      this.#write(frames);
    });
  }

  async #rest(): Promise<void> {
    const restMs = this.#sentAt + REQUEST_GAP_MS - this.#clock.monotonic();
    if (restMs <= 0) return;
    await new Promise<void>(resolve => {
      const timer = this.#clock.after(restMs, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #write(frames: readonly Uint8Array[]): void {
    this.#sentAt = this.#clock.monotonic();
    const octets = Uint8Array.from(frames.flatMap(data => [...encodeFrame(data)]));
    // A link that has gone says so by itself, to the owner of the port; the request ends by its time-out.
    this.#link.write(octets).catch(error => this.#log.debug('not written', { error: describe(error) }));
  }

  #frame({ data }: Mk2Frame): void {
    this.frameAt = this.#clock.monotonic();
    const version = decodeInterfaceVersion(data);
    if (version !== undefined) this.#checkAddress(version);
    if (this.#pending?.take(data)) return;
    if (version !== undefined) {
      this.#listener.version(version);
      return;
    }
    const panel = decodePanel(data);
    if (panel !== undefined) {
      this.#listener.panel(panel);
      return;
    }
    if (decodeAddress(data) === undefined) this.#counts.unexpected++;
    else this.#counts.otherAddress++;
  }

  /** The interface also tells with its version which device is selected. */
  #checkAddress({ address }: InterfaceVersion): void {
    if (this.#selected === undefined || address === this.#selected) return;
    if (this.#clock.monotonic() - this.#selectedAt < SELECTION_SETTLES_MS) return;
    if (address !== undefined) this.#counts.otherAddress++;
    this.#selected = undefined;
  }
}
