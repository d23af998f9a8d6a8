/** Digital outputs of the board: its relays and its buzzer. */

/** One output that is on or off. */
export interface DigitalOutput {
  /** What a person calls it: `/dev/gpio/relay_1`. */
  readonly name: string;
  /** Whether it is on. Rejects when the output cannot be read. */
  read(): Promise<boolean>;
  /** Rejects when the output cannot be set. */
  write(on: boolean): Promise<void>;
}

export interface Gpio {
  /** The relays, in the order of their numbers; none on a board without. */
  relays(): Promise<readonly DigitalOutput[]>;
  /** The buzzer; undefined on a board without. */
  buzzer(): Promise<DigitalOutput | undefined>;
}
