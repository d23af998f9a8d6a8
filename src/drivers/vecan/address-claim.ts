/**
 * How a node gets its address on an NMEA 2000 network, and keeps it (fact sheet vecan-n2k, section 3): it claims one,
 * and the lower NAME wins.
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { LAST_ADDRESS, NO_ADDRESS } from '../../protocols/nmea2000/can-id.ts';
import { compareNames } from '../../protocols/nmea2000/name.ts';

/** Before the first claim, and before a node without address speaks: up to so long, so that not all speak at once. */
export const CLAIM_DELAY_MS = 153;
/** An address to which nobody objected for so long is ours. */
export const CLAIM_WAIT_MS = 250;
/** The claim is repeated for those who missed it. */
export const CLAIM_REPEAT_MS = 60_000;

const ADDRESSES = LAST_ADDRESS + 1;

export interface ClaimEvents {
  /** Sends the claim from this source. */
  claim(source: number): void;
  /** The address is ours, or we have none: undefined. */
  changed(address: number | undefined): void;
  /** Another node has the same NAME. */
  sameName(): void;
}

export class AddressClaim {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #name: Uint8Array;
  readonly #arbitrary: boolean;
  readonly #events: ClaimEvents;
  #source: number;
  /** The address with which the present search began. */
  #first: number;
  #state: 'delay' | 'waiting' | 'claimed' | 'none' | 'stopped' = 'delay';
  #timer: Timer | undefined;
  /** When the address was defended against a node that has missed our claim. */
  #defendedAt = Number.NEGATIVE_INFINITY;
  /** What `changed` said last; null before it said anything. */
  #told: number | undefined | null = null;

  /**
   * @param name 8 octets
   * @param preferred what we had last time
   * @param random numbers from 0 to 1
   */
  constructor(
    clock: Clock,
    random: Random,
    {
      name,
      arbitrary,
      preferred,
    }: { readonly name: Uint8Array; readonly arbitrary: boolean; readonly preferred: number },
    events: ClaimEvents,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#name = name;
    this.#arbitrary = arbitrary;
    this.#events = events;
    this.#source = preferred;
    this.#first = preferred;
    this.#later(() => this.#try(this.#source));
  }

  /** Our address; undefined while we have none, and may send nothing. */
  get address(): number | undefined {
    return this.#state === 'claimed' ? this.#source : undefined;
  }

  /** Another node claims an address. */
  heardClaim(source: number, name: Uint8Array): void {
    if (source !== this.#source || this.#state === 'none' || this.#state === 'stopped') return;
    const order = compareNames(this.#name, name);
    if (order < 0) {
      // Whoever hears it looks for another; our waiting goes on.
      if (this.#state !== 'delay') this.#events.claim(this.#source);
      return;
    }
    if (order === 0) this.#events.sameName();
    this.#lose();
  }

  /** Another node speaks with our address: it has missed our claim. */
  heardOwnSource(): void {
    const now = this.#clock.monotonic();
    if (this.#state !== 'claimed' || now - this.#defendedAt < CLAIM_WAIT_MS) return;
    this.#defendedAt = now;
    this.#events.claim(this.#source);
  }

  /** Somebody asks who has which address. */
  asked(): void {
    if (this.#state === 'claimed' || this.#state === 'waiting') this.#events.claim(this.#source);
    else if (this.#state === 'none') this.#later(() => this.#events.claim(NO_ADDRESS));
  }

  /** A node has been told to take another address. @param name of the node that is meant */
  commanded(name: Uint8Array, address: number): void {
    if (compareNames(this.#name, name) !== 0 || address > LAST_ADDRESS || this.#state === 'stopped') return;
    if (address === this.#source && this.#state === 'claimed') return;
    this.#leave();
    this.#first = address;
    this.#try(address);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#state = 'stopped';
  }

  #try(source: number): void {
    this.#source = source;
    this.#state = 'waiting';
    this.#timer?.cancel();
    this.#events.claim(source);
    this.#timer = this.#clock.after(CLAIM_WAIT_MS, () => this.#claimed());
  }

  #claimed(): void {
    this.#state = 'claimed';
    this.#first = this.#source;
    this.#timer = this.#clock.every(CLAIM_REPEAT_MS, () => this.#events.claim(this.#source));
    this.#tell(this.#source);
  }

  #lose(): void {
    this.#leave();
    const next = (this.#source + 1) % ADDRESSES;
    if (this.#arbitrary && next !== this.#first) {
      this.#try(next);
      return;
    }
    this.#timer?.cancel();
    this.#state = 'none';
    this.#source = NO_ADDRESS;
    this.#later(() => this.#events.claim(NO_ADDRESS));
    this.#tell(undefined);
  }

  #leave(): void {
    if (this.#state === 'claimed') this.#tell(undefined);
  }

  #tell(address: number | undefined): void {
    if (address === this.#told) return;
    this.#told = address;
    this.#events.changed(address);
  }

  #later(run: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.floor(this.#random() * CLAIM_DELAY_MS), run);
  }
}
