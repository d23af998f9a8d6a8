/** A step within a window of the plan. */
import type { Maybe } from '../../arithmetic.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import { minimumSoc } from './ess-system.ts';
import { aimAt, type Memory, show } from './memory.ts';
import type { Orders } from './orders.ts';
import { overheadOf, type Plant } from './plant.ts';
import { type Act, actOf, type Decision, decide, KEEP_CHARGED_RATE, REACTION } from './strategy.ts';
import { endOf, STRATEGY, type Window } from './windows.ts';

/** Wh that a plan may be off: as much change of the state of charge begins nothing, but never more than 1 %. */
const TOLERATED_WH = 250;
/** A target up to this is a mistake. Percent. */
const NO_TARGET = 0.1;
/** Decimals of the state of charge that are reckoned with. */
const MOST_DECIMALS = 2;

/** @param next the window that follows without a gap */
export function follow(
  look: Picture,
  ess: SeenDevice,
  orders: Orders,
  plant: Plant,
  window: Window,
  next: Window | undefined,
  memory: Memory,
): void {
  const raw = look.ownNumber('/Dc/Battery/Soc') ?? 0;
  const decimals = Math.max(decimalsOf(raw), Number(memory.shown['WorkingSocPrecision']));
  const round = (soc: number): number => roundTo(soc, decimals);
  const overhead = overheadOf(plant);
  show(memory, {
    Active: 1,
    Strategy: window.strategy,
    Restrictions: window.restrictions,
    AllowGridFeedIn: Number(window.mayFeedIn),
    AvailableOverhead: overhead,
    WindowSoc: round(window.target),
    WindowSlot: window.slot,
    WorkingSocPrecision: decimals,
  });
  const hasNewTarget = (memory.target ?? 0) !== (memory.targetBefore ?? 0);
  memory.targetBefore = memory.target;
  const decision = decisionFor(
    look,
    ess,
    plant,
    { window, next, overhead, soc: round(raw), round, hasNewTarget },
    memory,
  );
  const act = carryOut(orders, window, decision, memory);
  const hysteresis = round(Math.min(TOLERATED_WH / (plant.capacity * 10), 1));
  show(memory, {
    ChargeRate: memory.rate ?? 0,
    ChargeHysteresis: act === 'charge' || act === 'none' ? 0 : hysteresis,
    DischargeHysteresis: act === 'charge' ? hysteresis : 0,
  });
  memory.reaction = look.last('/SystemState/LowSoc') === 1 ? REACTION.lowSoc : decision.reaction;
  show(memory, { ReactiveStrategy: memory.reaction });
}

interface Moment {
  readonly window: Window;
  readonly next: Window | undefined;
  readonly overhead: number;
  readonly soc: number;
  readonly round: (soc: number) => number;
  readonly hasNewTarget: boolean;
}

function decisionFor(look: Picture, ess: SeenDevice, plant: Plant, moment: Moment, memory: Memory): Decision {
  const { window, soc, round } = moment;
  if (window.strategy === STRATEGY.selfConsumption) {
    aimAt(memory, null);
    return { reaction: REACTION.scheduledSelfConsumption };
  }
  const target = round(window.target);
  if (target <= NO_TARGET) return { reaction: REACTION.invalidTarget };
  if (memory.target !== null && round(memory.target) !== target) memory.rate = null;
  aimAt(memory, target);
  show(memory, { Flags: window.flags });
  const now = look.wallMs / 1000;
  return decide({
    ...moment,
    target,
    minimumSoc: minimumSoc(look, ess) ?? 0,
    chargeHysteresis: Number(memory.shown['ChargeHysteresis']),
    dischargeHysteresis: Number(memory.shown['DischargeHysteresis']),
    progress: ((now - window.start) / window.duration) * 100,
    reactionBefore: memory.reaction,
    rate: () => rateTo(target, soc, endOf(window) - now, plant, memory),
  });
}

/** Reckoned anew when the state of charge has moved: else it would creep up while the battery does not tell. */
function rateTo(target: number, soc: number, secondsLeft: number, plant: Plant, memory: Memory): Maybe {
  if (memory.rate === null || memory.rateSoc === null || roundTo(soc, 1) !== roundTo(memory.rateSoc, 1)) {
    const wattSeconds = (Math.abs(target - soc) / 100) * plant.capacity * 1000 * 3600;
    const limit = soc <= target ? plant.chargeLimit : plant.dischargeLimit;
    const watts = roundTo(wattSeconds / secondsLeft);
    memory.rate = limit === null ? watts : Math.min(watts, limit);
    memory.rateSoc = soc;
  }
  if (target < soc) memory.rate = -Math.abs(memory.rate);
  return memory.rate;
}

/** @returns what was done; none when the plan could not be followed */
function carryOut(orders: Orders, window: Window, { reaction, power }: Decision, memory: Memory): Act | 'none' {
  const act = actOf(reaction);
  if (reaction === REACTION.keepCharged) memory.rate = KEEP_CHARGED_RATE;
  const rate = power ?? memory.rate;
  if (act === 'idle') {
    memory.rate = null;
    memory.idle = window.mayFeedIn;
    orders.idle(window.mayFeedIn);
    return act;
  }
  if ((act === 'charge' || act === 'discharge') && rate !== null) {
    if (act === 'charge') orders.charge(window, Math.abs(rate));
    else orders.discharge(window, Math.abs(rate));
    return act;
  }
  memory.rate = null;
  if (act === 'self-consume' && !isError(reaction)) {
    orders.selfConsume(window, window.mayFeedIn);
    return act;
  }
  orders.selfConsume(undefined, null);
  return 'none';
}

function isError(reaction: number): boolean {
  return reaction === REACTION.invalidTarget || reaction === REACTION.noRate || reaction === REACTION.unforeseen;
}

/** Decimals that a state of charge has, up to two. */
function decimalsOf(soc: number): number {
  const rounded = roundTo(soc, MOST_DECIMALS);
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals++)
    if (roundTo(rounded, decimals) === rounded) return decimals;
  return MOST_DECIMALS;
}
