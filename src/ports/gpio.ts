/** Digital outputs and inputs of the board: its relays, its buzzer, its terminals for switches and pulses. */
import type { Owned } from '../kernel/actor.ts';

/** One output that is on or off. */
export interface DigitalOutput {
  /** What a person calls it: `/dev/gpio/relay_1`. */
  readonly name: string;
  /** Whether it is on. Rejects when the output cannot be read. */
  read(): Promise<boolean>;
  /** Rejects when the output cannot be set. */
  write(on: boolean): Promise<void>;
}

/** One input that is high or low. */
export interface DigitalInput {
  /** What a person calls it: `/dev/gpio/digital_input_1`. */
  readonly name: string;
  /** The number at the terminal, from 1. */
  readonly number: number;
  /**
   * Tells the level: at first as it is now, then at each edge, as far as the hardware tells them.
   * null when it cannot be read (any more); that is told once, and the watch goes on.
   */
  watch(changed: (high: boolean | null) => void): Owned;
}

export interface Gpio {
  /** The relays, in the order of their numbers; none on a board without. */
  relays(): Promise<readonly DigitalOutput[]>;
  /** The buzzer; undefined on a board without. */
  buzzer(): Promise<DigitalOutput | undefined>;
  /** The digital inputs, in the order of their numbers; none on a board without. */
  inputs(): Promise<readonly DigitalInput[]>;
}
