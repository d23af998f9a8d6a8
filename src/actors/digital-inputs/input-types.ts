/** What can be connected to a digital input, and what its levels mean. Source: the stock program. */

export const TYPE_GENERATOR = 9;
export const TYPE_TOUCH = 11;

/** Low and high, in words. `/State` is twice the number of the pair, and 1 more for high. */
export const STATE_PAIRS = [
  ['low', 'high'],
  ['off', 'on'],
  ['no', 'yes'],
  ['open', 'closed'],
  ['ok', 'alarm'],
  ['running', 'stopped'],
] as const;

export interface PulseMeterType {
  readonly service: 'pulsemeter';
  readonly name: string;
  readonly productId: number;
}

export interface StateType {
  readonly service: 'digitalinput';
  readonly name: string;
  readonly productId: number;
  /** Which of STATE_PAIRS. */
  readonly states: number;
}

const PULSE_METER_ID = 0xa165;
const DIGITAL_INPUT_ID = 0xa166;

/** By `/Settings/DigitalInput/1/Type`; those without a service of their own are left out. */
export const INPUT_TYPES: Readonly<Record<number, PulseMeterType | StateType>> = {
  1: { service: 'pulsemeter', name: 'Generic pulse meter', productId: PULSE_METER_ID },
  2: stateType('Door alarm', 3),
  3: stateType('Bilge pump', 1),
  4: stateType('Bilge alarm', 4),
  5: stateType('Burglar alarm', 4),
  6: stateType('Smoke alarm', 4),
  7: stateType('Fire alarm', 4),
  8: stateType('CO2 alarm', 4),
  9: stateType('Generator', 5),
  10: stateType('Generic I/O', 0),
};

function stateType(name: string, states: number): StateType {
  return { service: 'digitalinput', name, productId: DIGITAL_INPUT_ID, states };
}
