/**
 * What the setting `/Settings/Canbus/<interface>/Profile` stands for: the bit rate, and who speaks (fact sheet
 * serial-starter, section 7).
 */
import type { CanFacts } from '../../ports/can.ts';

export interface Profile {
  /** Undefined: the interface is taken down. */
  readonly bitRate?: number;
  /** Names of drivers. Nobody else speaks. */
  readonly drivers: readonly string[];
  /** Why nobody of ours speaks, or what is left to others. */
  readonly others?: string;
}

const SLOW = 250_000;
const FAST = 500_000;

const PROFILES: ReadonlyMap<number, Profile> = new Map<number, Profile>([
  [0, { drivers: [] }],
  [1, { bitRate: SLOW, drivers: ['vecan'] }],
  [2, { bitRate: SLOW, drivers: ['vecan', 'can-bms'] }],
  [3, { bitRate: FAST, drivers: ['can-bms'] }],
  [4, { bitRate: SLOW, drivers: ['vecan'], others: 'Oceanvolt motor drives and Valence batteries are left to others' }],
  [5, { bitRate: SLOW, drivers: [], others: 'up, for programs of others' }],
  [6, { bitRate: SLOW, drivers: [], others: 'RV-C is left to others' }],
  [7, { bitRate: FAST, drivers: [], others: 'the frames of high-voltage batteries are not public: left to others' }],
  [8, { bitRate: FAST, drivers: [], others: 'up, for programs of others' }],
  [9, { bitRate: SLOW, drivers: ['vecan'], others: 'CANopen motor drives are left to others' }],
  [10, { bitRate: FAST, drivers: [], others: 'CANopen motor drives are left to others' }],
]);

/** @returns a profile in which nobody speaks for a number that stands for none */
export function profileOf(number: number): Profile {
  return PROFILES.get(number) ?? { drivers: [], others: `there is no profile ${number}` };
}

const VECAN = 1;
const VECAN_AND_BMS = 2;
const BMS = 3;

/** The profile of an interface of which the settings say nothing yet. */
export function defaultProfile({ config, remote }: CanFacts): number {
  // Its bit rate is not ours to choose, so both may be spoken.
  if (remote) return VECAN_AND_BMS;
  return config === 'bms-only' || config === 'classic-and-hv' ? BMS : VECAN;
}
