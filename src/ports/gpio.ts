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

/** How an input is called, and where. */
export interface InputNames {
  /** In settings and paths: `1`, or `HQ2412ABCDE_input_1` on an extender. */
  readonly id: string;
  /** Among the devices of the settings: `digital_input_1`. */
  readonly device: string;
  /** For people: `GX Built-in - Digital input 1`. */
  readonly label: string;
  /** The device instance that its service asks for. */
  readonly instance: number;
}

/** One input that is high or low. */
export interface DigitalInput extends InputNames {
  /** Where it is: `/dev/gpio/digital_input_1`. */
  readonly name: string;
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
  /** Tells the inputs of the extenders that are plugged in: now, and each time when others are there. */
  watchExtenders(changed: (inputs: readonly DigitalInput[]) => void): Owned;
}

/** How the input of the board with this number (from 1) is called. */
export function boardInput(number: number): InputNames {
  return {
    id: String(number),
    device: `digital_input_${number}`,
    label: `GX Built-in - Digital input ${number}`,
    instance: number,
  };
}

/** The instance that inputs of extenders ask for, as the stock program does; the settings give the next free one. */
const EXTENDER_INSTANCE = 10;

/**
 * How an input of an extender is called.
 * @param tag the serial number of the extender
 * @param line `input_1`
 * @param label what is printed beside the terminal
 */
export function extenderInput(tag: string, line: string, label: string): InputNames {
  const id = `${tag}_${line}`.replace(/[^A-Za-z0-9_]/g, '_');
  return {
    id,
    device: id,
    label: `GX IO ext. ${tag} - Digital input ${label}`,
    instance: EXTENDER_INSTANCE,
  };
}
