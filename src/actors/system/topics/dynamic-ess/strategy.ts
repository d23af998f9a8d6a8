/**
 * What Dynamic ESS does at a moment within a window: it follows the plan where that can be done, and finds what comes
 * nearest where the sun, the loads or a restriction stand against it.
 */
import { STRATEGY, type Window } from './windows.ts';

/** `/DynamicEss/ReactiveStrategy`: other programs know these numbers. */
export const REACTION = {
  scheduledSelfConsumption: 1,
  chargeWithGrid: 2,
  chargeMore: 3,
  acceptCharge: 4,
  idleFeedIn: 5,
  discharge: 6,
  acceptDischarge: 7,
  idleAtTarget: 9,
  chargeOn: 10,
  chargeFeedIn: 11,
  dischargeAtLeast: 13,
  chargeFromSun: 14,
  idleNoCharge: 15,
  dischargeMore: 17,
  keepCharged: 18,
  dischargeOn: 19,
  acceptBelowTarget: 20,
  idleNoDischarge: 21,
  invalidTarget: 91,
  disabled: 92,
  noRate: 94,
  lowSoc: 96,
  unforeseen: 98,
  noWindow: 99,
} as const;

/** What is done about it. */
export type Act = 'charge' | 'discharge' | 'idle' | 'self-consume';

const ACTS: ReadonlyMap<number, Act> = new Map<number, Act>([
  [REACTION.scheduledSelfConsumption, 'self-consume'],
  [REACTION.chargeWithGrid, 'charge'],
  [REACTION.chargeMore, 'charge'],
  [REACTION.chargeOn, 'charge'],
  [REACTION.chargeFeedIn, 'charge'],
  [REACTION.keepCharged, 'charge'],
  [REACTION.discharge, 'discharge'],
  [REACTION.dischargeAtLeast, 'discharge'],
  [REACTION.dischargeOn, 'discharge'],
  [REACTION.idleFeedIn, 'idle'],
  [REACTION.idleAtTarget, 'idle'],
  [REACTION.idleNoCharge, 'idle'],
  [REACTION.idleNoDischarge, 'idle'],
]);

export function actOf(reaction: number): Act {
  return ACTS.get(reaction) ?? 'self-consume';
}

/** From this part of a window on, the rate goes on into a window that leads further the same way. Percent. */
const NEARLY_OVER = 90;
/** A full battery is kept so with this. Watts. */
export const KEEP_CHARGED_RATE = 250;

/** What the decision is made by. */
export interface Situation {
  readonly window: Window;
  /** The window that follows without a gap. */
  readonly next: Window | undefined;
  /** State of charge, target and the least one that ESS allows. Percent. */
  readonly soc: number;
  readonly target: number;
  readonly minimumSoc: number;
  /** How far the state of charge must be off for a charge or discharge to begin. Percent. */
  readonly chargeHysteresis: number;
  readonly dischargeHysteresis: number;
  /** Solar power that the loads leave, after losses; negative when the loads take more. Watts. */
  readonly overhead: number;
  /** How much of the window has passed. Percent. */
  readonly progress: number;
  /** Of the step before. */
  readonly reactionBefore: number | null;
  readonly hasNewTarget: boolean;
  /** Rounds to what the battery tells. */
  readonly round: (soc: number) => number;
  /** The rate that leads to the target at the end of the window, negative for a discharge. Watts; null: unknown. */
  readonly rate: () => number | null;
}

export interface Decision {
  readonly reaction: number;
  /** Charge or discharge with this, rather than by the rate of the plan. Watts. */
  readonly power?: number;
}

export function decide(situation: Situation): Decision {
  const { soc, chargeHysteresis, target, round } = situation;
  return round(soc + chargeHysteresis) < target || target >= 100 ? towardsTarget(situation) : atTarget(situation);
}

function excessToGrid({ strategy }: Window): boolean {
  return strategy === STRATEGY.proGrid || strategy === STRATEGY.targetSoc;
}

function missingFromGrid({ strategy }: Window): boolean {
  return strategy === STRATEGY.targetSoc || strategy === STRATEGY.proBattery;
}

/** The battery is below the target. */
function towardsTarget(situation: Situation): Decision {
  const { window, soc, target, overhead } = situation;
  const fromGrid = missingFromGrid(window);
  if (target >= 100 && soc >= 100 && (fromGrid || overhead > KEEP_CHARGED_RATE))
    return { reaction: REACTION.keepCharged, power: KEEP_CHARGED_RATE };
  const rate = situation.rate();
  if (rate === null) return { reaction: REACTION.noRate };
  if (overhead > rate) {
    if (excessToGrid(window) && window.mayFeedIn) return { reaction: REACTION.chargeFeedIn };
    return { reaction: REACTION.chargeMore, power: overhead };
  }
  if (fromGrid && !window.keepsGrid) return { reaction: REACTION.chargeWithGrid };
  if (overhead > 0) return { reaction: REACTION.chargeFromSun };
  return { reaction: fromGrid ? REACTION.idleNoCharge : REACTION.acceptBelowTarget };
}

/** The battery is at the target or above it. */
function atTarget(situation: Situation): Decision {
  const { window, next, target, overhead, reactionBefore, hasNewTarget } = situation;
  const leadsUp = next !== undefined && next.target > window.target && next.strategy !== STRATEGY.selfConsumption;
  if (goesOn(situation, 'charge', leadsUp) || (reactionBefore === REACTION.chargeOn && !hasNewTarget))
    return { reaction: REACTION.chargeOn };
  if (overhead > 0 && !excessToGrid(window)) return { reaction: REACTION.acceptCharge };
  const isAbove = situation.soc - situation.dischargeHysteresis > Math.max(target, situation.minimumSoc);
  return isAbove ? fromAbove(situation) : spotOn(situation);
}

/** A charge or discharge that is nearly through goes on, when the next window wants more of it. */
function goesOn({ reactionBefore, progress }: Situation, act: Act, nextWantsMore: boolean): boolean {
  return reactionBefore !== null && actOf(reactionBefore) === act && nextWantsMore && progress >= NEARLY_OVER;
}

function fromAbove(situation: Situation): Decision {
  const { window, overhead } = situation;
  if (!excessToGrid(window) || window.keepsBattery) {
    // The loads may take it. With more sun than loads there is no way down.
    if (overhead > 0 && window.keepsBattery) return { reaction: REACTION.idleNoDischarge };
    return { reaction: REACTION.acceptDischarge };
  }
  const rate = situation.rate();
  if (rate === null) return { reaction: REACTION.noRate };
  if (missingFromGrid(window)) return { reaction: REACTION.discharge };
  // The loads may take more than the plan, but never less is taken.
  if (overhead < rate) return { reaction: REACTION.dischargeMore };
  return { reaction: REACTION.dischargeAtLeast, power: -Math.abs(rate) };
}

function spotOn(situation: Situation): Decision {
  const { window, next, overhead, reactionBefore, hasNewTarget } = situation;
  if (overhead > 0 && excessToGrid(window)) return { reaction: REACTION.idleFeedIn };
  const leadsDown = next !== undefined && next.target < window.target && next.strategy !== STRATEGY.selfConsumption;
  if (goesOn(situation, 'discharge', leadsDown) || (reactionBefore === REACTION.dischargeOn && !hasNewTarget))
    return { reaction: REACTION.dischargeOn };
  return { reaction: missingFromGrid(window) ? REACTION.idleAtTarget : REACTION.acceptBelowTarget };
}
