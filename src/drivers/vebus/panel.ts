/**
 * Switch and input limit as this program sends them, once a second, like any panel on the bus (fact sheet mk2-vebus,
 * section 7). Another panel goes first until somebody writes here.
 */
import type { Clock } from '../../kernel/clock.ts';
import { LIMIT_UNCHANGED, MODE, type PanelState } from '../../protocols/mk2/interface.ts';

/** So long the bus is listened to before anything is sent, and another panel is heard of before it is forgotten. */
const LISTEN_MS = 4_000;
/** So long another panel may need until it follows what a client wrote here. */
const FOLLOW_MS = 4_000;

export class Panel {
  readonly #clock: Clock;
  readonly #began: number;
  #foreignAt = Number.NEGATIVE_INFINITY;
  #writtenAt: number | undefined;
  #mode: number = MODE.on;
  /** AC input (0 or 1) → tenths of an ampere. A limit is never sent while another input is active. */
  readonly #limits = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  get mode(): number {
    return this.#mode;
  }

  /** Whether it is our turn to tell the devices. */
  get sends(): boolean {
    if (this.#writtenAt !== undefined) return true;
    const now = this.#clock.monotonic();
    return now - this.#began >= LISTEN_MS && now - this.#foreignAt >= LISTEN_MS;
  }

  /** Tenths of an ampere that a client set for an input; undefined when none did. */
  limitOf(input: number | undefined): number | undefined {
    return input === undefined ? undefined : this.#limits.get(input);
  }

  /** What is to be sent while this input is active. */
  state(input: number | undefined): PanelState {
    return { mode: this.#mode, limit: this.limitOf(input) ?? LIMIT_UNCHANGED, silent: false };
  }

  /** The interface still holds the mode that was set before this start. */
  held(mode: number): void {
    if (this.#writtenAt === undefined && this.#foreignAt < this.#began) this.#mode = mode;
  }

  /** Another panel tells its mode: it is followed, and one that does not follow us takes over again. */
  heard(mode: number): void {
    this.#foreignAt = this.#clock.monotonic();
    if (mode === this.#mode) return;
    if (this.#writtenAt !== undefined && this.#foreignAt - this.#writtenAt < FOLLOW_MS) return;
    this.#writtenAt = undefined;
    this.#limits.clear();
    this.#mode = mode;
  }

  /** A client sets the mode. Returns what takes it back, should the interface not take it. */
  setMode(mode: number): () => void {
    const [oldMode, oldAt] = [this.#mode, this.#writtenAt];
    this.#mode = mode;
    this.#writtenAt = this.#clock.monotonic();
    return () => {
      this.#mode = oldMode;
      this.#writtenAt = oldAt;
    };
  }

  /** A client sets the limit of an input, in tenths of an ampere. Returns what takes it back. */
  setLimit(input: number, limit: number): () => void {
    const [oldLimit, oldAt] = [this.#limits.get(input), this.#writtenAt];
    this.#limits.set(input, limit);
    this.#writtenAt = this.#clock.monotonic();
    return () => {
      if (oldLimit === undefined) this.#limits.delete(input);
      else this.#limits.set(input, oldLimit);
      this.#writtenAt = oldAt;
    };
  }
}
