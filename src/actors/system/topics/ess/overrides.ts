/**
 * The orders that an ESS takes: of com.victronenergy.hub4, which leads VE.Bus systems. It forgets what is not
 * repeated, so each order is given again with every step.
 */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture } from '../../picture.ts';
import { put, putFlag } from '../dvcc/chargers.ts';

/** No limit of the discharge power. */
export const NO_LIMIT = -1;

export const HUB4_READS = [
  '/Overrides/ForceCharge',
  '/Overrides/MaxDischargePower',
  '/Overrides/Setpoint',
  '/Overrides/FeedInExcess',
] as const;

export function forceCharge(look: Picture, out: Outcome, isOn: boolean): void {
  for (const hub4 of look.devices('hub4')) putFlag(out, hub4, '/Overrides/ForceCharge', Number(isOn));
}

/** Whether it has the order to charge. */
export function isForcedToCharge(look: Picture): boolean {
  return look.devices('hub4').some(hub4 => (hub4.number('/Overrides/ForceCharge') ?? 0) !== 0);
}

/** @param watts NO_LIMIT, or what may be taken from the DC side, solar power included */
export function limitDischarge(look: Picture, out: Outcome, watts: number): void {
  for (const hub4 of look.devices('hub4')) put(out, hub4, '/Overrides/MaxDischargePower', watts);
}

/** @param watts what to take from the grid, null for the set point of the user */
export function setPoint(look: Picture, out: Outcome, watts: Maybe): void {
  for (const hub4 of look.devices('hub4')) put(out, hub4, '/Overrides/Setpoint', watts);
}

/** @param allowed null for the setting of the user */
export function feedInExcess(look: Picture, out: Outcome, allowed: boolean | null): void {
  const order = allowed === null ? 0 : allowed ? 2 : 1;
  for (const hub4 of look.devices('hub4')) putFlag(out, hub4, '/Overrides/FeedInExcess', order);
}
