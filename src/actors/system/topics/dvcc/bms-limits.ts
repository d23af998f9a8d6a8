import type { Maybe } from '../../arithmetic.ts';
import type { Picture } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';

/** Steps out of turn are at least so far apart, however often the BMS changes its mind. Milliseconds. */
const LEAST_MS = 500;

export interface BmsLimits {
  /** The battery whose BMS steers. */
  readonly battery: string | null;
  /** Volts and amperes. */
  readonly volts: Maybe;
  readonly amperes: Maybe;
}

/** What the BMS allows: a change of it is a reason for DVCC not to wait for its next step. */
export const bmsLimits = defineTopic<BmsLimits>({
  name: 'bms-limits',
  about: 'The charge limits of the BMS that steers. When they change, DVCC takes a step at once.',
  reads: { devices: { battery: ['/Info/MaxChargeVoltage', '/Info/MaxChargeCurrent'] }, topics: [bmsChoice] },
  publishes: {},
  compute(look) {
    const battery = look.device(look.result(bmsChoice).bms);
    return {
      battery: battery?.name ?? null,
      volts: battery?.number('/Info/MaxChargeVoltage') ?? null,
      amperes: battery?.number('/Info/MaxChargeCurrent') ?? null,
    };
  },
});

/** What DVCC has led by, and when it last took a step out of turn. */
export interface LimitsMemory {
  told?: BmsLimits;
  /** Monotonic milliseconds. */
  at: number;
}

/**
 * Whether the BMS that led the last step says something else by now. One that appears waits for its turn.
 *
 * @returns milliseconds until a step may be taken, 0 for at once; undefined when there is nothing new
 */
export function waitForNewLimits(look: Picture, memory: LimitsMemory): number | undefined {
  const now = look.result(bmsLimits);
  const { told } = memory;
  if (told === undefined || now.battery === null || now.battery !== told.battery) return undefined;
  if (now.volts === told.volts && now.amperes === told.amperes) return undefined;
  return Math.max(0, memory.at + LEAST_MS - look.monotonicMs);
}
