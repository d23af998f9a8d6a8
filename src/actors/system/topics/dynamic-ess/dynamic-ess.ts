import type { Value } from '../../../../schema/row.ts';
import { DYNAMIC_ESS_SCHEDULES } from '../../../../schema/settings/system.ts';
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';
import { hasEss } from '../ess/assistant.ts';
import { LIFE, LIFE_STATE } from '../ess/battery-life.ts';
import { HUB4_READS } from '../ess/overrides.ts';
import { periodEnds } from '../ess/seconds-on.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { type ChargePower, MAX_FEED_IN, type Orders, vebusOrders } from './orders.ts';
import { overheadOf, PLANT_PATHS, PLANT_SETTINGS, type Plant, plantOf } from './plant.ts';
import { RS_READS, rsOrders } from './rs-orders.ts';
import { type Act, actOf, type Decision, decide, KEEP_CHARGED_RATE, REACTION } from './strategy.ts';
import { endOf, STRATEGY, WINDOW_SETTINGS, type Window, windowAt, windowsOf } from './windows.ts';

const MODE = '/Settings/DynamicEss/Mode';
const HUB4_MODE = '/Settings/CGwacs/Hub4Mode';
/** `Mode`: auto, and led by a local program. */
const MODES_ON: readonly (number | null)[] = [1, 4];
const EXTERNAL_CONTROL = 3;
const RS_OPTIMIZED: readonly (number | null)[] = [0, 1];

const STEP_S = 5;
/** An error is shown when it has lasted for so long. Seconds. */
const ERROR_AFTER_S = 60;
/** Wh that a plan may be off: as much change of the state of charge begins nothing, but never more than 1 %. */
const TOLERATED_WH = 250;
/** A target up to this is a mistake. Percent. */
const NO_TARGET = 0.1;
/** Decimals of the state of charge that are reckoned with. */
const MOST_DECIMALS = 2;

const ERROR = { none: 0, noEss: 1, essMode: 2, noWindow: 3, socLow: 4, noCapacity: 5 } as const;

/** What the program can do, for who makes the plans: a bit each, from restrictions to switching solar off. */
const CAPABILITIES = 0b1011_1111;

export interface DynamicEssResult {
  /** It gives the orders: others must not. */
  readonly inControl: boolean;
  /** What the inverter/charger may charge with. Watts; null for no limit. */
  readonly chargePower: Maybe;
  readonly isSolarOff: boolean;
  /** When that was said, on the monotonic clock. */
  readonly at: number;
}

interface Memory {
  readonly since: { seconds: number };
  /** Paths below /DynamicEss as they stand. */
  shown: Record<string, Value>;
  isActive: boolean;
  errorSeconds: number;
  /** Watts, negative for a discharge; null when there is none. */
  rate: Maybe;
  rateSoc: Maybe;
  target: Maybe;
  targetBefore: Maybe;
  reaction: number | null;
  /** Idle: feeding in is allowed or not; null while something else is done. */
  idle: boolean | null;
  solarOff: boolean;
  power: ChargePower;
  at: number;
}

const INITIAL = {
  Active: 0,
  AllowGridFeedIn: null,
  AvailableOverhead: null,
  ChargeHysteresis: 0,
  ChargeRate: 0,
  DischargeHysteresis: 0,
  ErrorCode: ERROR.none,
  Flags: null,
  LastScheduledEnd: null,
  LastScheduledStart: null,
  MinimumSoc: null,
  ReactiveStrategy: null,
  Restrictions: null,
  Strategy: null,
  TargetSoc: 0,
  WindowSlot: 0,
  WindowSoc: 0,
  WorkingSocPrecision: 0,
} as const satisfies Record<string, Value>;
type Shown = keyof typeof INITIAL;

/** An ESS that follows a plan of when to charge and to discharge, as prices and the weather want it. */
export const dynamicEss = defineTopic<DynamicEssResult, Memory>({
  name: 'dynamic-ess',
  about: `Dynamic ESS: leads the battery to the state of charge that a plan wants at the end of each window of time, every ${STEP_S} s. Within a window it takes what sun and loads offer, as far as the plan leaves that open.`,
  reads: {
    devices: {
      hub4: HUB4_READS,
      vebus: ['/Connected', '/Hub4/AssistantId'],
      acsystem: RS_READS,
      solarcharger: ['/Yield/Power'],
      battery: ['/Info/MaxChargeCurrent', '/Info/MaxChargeVoltage'],
    },
    settings: [MODE, HUB4_MODE, MAX_FEED_IN, LIFE_STATE, ...PLANT_SETTINGS, ...WINDOW_SETTINGS],
    own: ['/Dc/Battery/Soc', '/Control/ActiveSocLimit', ...PLANT_PATHS],
    topics: [vebusChoice, bmsChoice],
    last: ['/SystemState/LowSoc'],
  },
  publishes: {
    '/DynamicEss/Active': '1 while a window of the plan is followed',
    '/DynamicEss/Available': '1 when there is an ESS that can follow a plan',
    '/DynamicEss/ErrorCode': `why no plan is followed, when that has lasted for ${ERROR_AFTER_S} s`,
    '/DynamicEss/Capabilities': 'what this program can do, for who makes the plans',
    '/DynamicEss/NumberOfSchedules': 'how many windows a plan can have',
    '/DynamicEss/LastScheduledStart': 'start of the last window of the plan',
    '/DynamicEss/LastScheduledEnd': 'end of the last window of the plan',
    '/DynamicEss/WindowSlot': 'number of the window that is followed',
    '/DynamicEss/WindowSoc': 'its target',
    '/DynamicEss/Strategy': 'its strategy',
    '/DynamicEss/Restrictions': 'its restrictions between battery and grid',
    '/DynamicEss/AllowGridFeedIn': 'whether feeding in is allowed in it',
    '/DynamicEss/Flags': 'its flags',
    '/DynamicEss/TargetSoc': 'the state of charge that is aimed at; 0 without a target',
    '/DynamicEss/MinimumSoc': 'the state of charge down to which ESS discharges',
    '/DynamicEss/ChargeRate': 'power at the battery that leads to the target at the end of the window',
    '/DynamicEss/AvailableOverhead': 'solar power that the loads leave, after losses; negative when they take more',
    '/DynamicEss/ReactiveStrategy': 'what is done about all that',
    '/DynamicEss/ChargeHysteresis': 'how far below the target a charge begins',
    '/DynamicEss/DischargeHysteresis': 'how far above the target a discharge begins',
    '/DynamicEss/WorkingSocPrecision': 'decimals of the state of charge, as far as they have been seen',
  },
  everyMs: 1_000,
  onBeatOnly: true,
  start: () => ({
    since: { seconds: 0 },
    shown: { ...INITIAL },
    isActive: false,
    errorSeconds: 0,
    rate: null,
    rateSoc: null,
    target: null,
    targetBefore: null,
    reaction: null,
    idle: null,
    solarOff: false,
    power: { watts: null },
    at: 0,
  }),
  compute(look, out, memory) {
    const ess = essOf(look);
    out.set('/DynamicEss/Available', Number(isAvailable(look, ess)));
    out.set('/DynamicEss/Capabilities', CAPABILITIES);
    out.set('/DynamicEss/NumberOfSchedules', DYNAMIC_ESS_SCHEDULES);
    const plant = plantOf(look);
    const orders = ess === undefined ? undefined : ordersFor(look, out, ess, plant, memory);
    if (!MODES_ON.includes(look.setting(MODE))) {
      look.note(() => `${MODE} is off`);
      if (memory.since.seconds > 0) stop(look, orders, memory, ERROR.none);
      memory.since.seconds = 0;
      show(memory, { ReactiveStrategy: REACTION.disabled });
    } else if (periodEnds(memory.since, look.beats, STEP_S) || look.isExplaining) {
      step(look, ess, orders, plant, memory);
      memory.at = look.monotonicMs;
    } else if (memory.isActive && memory.idle !== null && look.beats > 0) {
      // What idle takes follows the sun and the loads more closely.
      orders?.idle(memory.idle);
    }
    for (const [name, value] of Object.entries(memory.shown)) out.set(`/DynamicEss/${name}`, value);
    return {
      inControl: memory.isActive,
      chargePower: memory.power.watts,
      isSolarOff: memory.solarOff,
      at: memory.at,
    };
  },
});

function show(memory: Memory, values: Partial<Record<Shown, Value>>): void {
  Object.assign(memory.shown, values);
}

/** The one of the lowest instance that is connected, where 0 counts as the highest: it favours Multi RS. */
function essOf(look: Picture): SeenDevice | undefined {
  return look.choose([...look.devices('vebus'), ...look.devices('acsystem')], {
    what: 'ESS that follows the plan',
    name: device => device.name,
    objections: [device => (device.number('/Connected') === 1 ? undefined : 'it is not connected')],
    rank: device => [device.instance === 0 ? 0xff : device.instance],
    because: 'the lowest device instance, 0 last',
  });
}

function isAvailable(look: Picture, ess: SeenDevice | undefined): boolean {
  if (ess?.type === 'vebus') return hasEss(look.device(look.result(vebusChoice).service));
  return ess?.number('/Capabilities/HasDynamicEssSupport') === 1;
}

function ordersFor(look: Picture, out: Outcome, ess: SeenDevice, plant: Plant, memory: Memory): Orders {
  if (ess.type === 'vebus') return vebusOrders(look, out, plant, bmsPower(look), memory.power);
  const solarChargers = look
    .devices('solarcharger')
    .reduce((sum, charger) => sum + (charger.number('/Yield/Power') ?? 0), 0);
  return rsOrders(out, ess, plant, solarChargers);
}

/** What the BMS lets the battery be charged with. Watts. */
function bmsPower(look: Picture): Maybe {
  const bms = look.device(look.result(bmsChoice).bms);
  const amperes = bms?.number('/Info/MaxChargeCurrent') ?? null;
  const volts = bms?.number('/Info/MaxChargeVoltage') ?? null;
  return amperes === null || volts === null ? null : amperes * volts;
}

/** Why no plan can be followed; ERROR.none when it can. */
function errorOf(look: Picture, ess: SeenDevice | undefined, plant: Plant): number {
  if (plant.capacity <= 0) return ERROR.noCapacity;
  if (ess === undefined) return ERROR.noEss;
  if (look.ownNumber('/Dc/Battery/Soc') === null) return ERROR.socLow;
  if (ess.type === 'vebus') {
    if (!isAvailable(look, ess)) return ERROR.noEss;
    if (look.setting(LIFE_STATE) === LIFE.keepCharged || look.setting(HUB4_MODE) === EXTERNAL_CONTROL)
      return ERROR.essMode;
  } else if (!RS_OPTIMIZED.includes(ess.number('/Settings/Ess/Mode'))) return ERROR.essMode;
  return minimumSoc(look, ess) === null ? ERROR.socLow : ERROR.none;
}

function minimumSoc(look: Picture, ess: SeenDevice): Maybe {
  return ess.type === 'vebus' ? look.ownNumber('/Control/ActiveSocLimit') : ess.number('/Settings/Ess/MinimumSocLimit');
}

function step(
  look: Picture,
  ess: SeenDevice | undefined,
  orders: Orders | undefined,
  plant: Plant,
  memory: Memory,
): void {
  const error = errorOf(look, ess, plant);
  if (error !== ERROR.none || ess === undefined || orders === undefined) {
    look.note(() => `no plan can be followed: error ${error}`);
    if (memory.isActive) orders?.release();
    memory.isActive = false;
    memory.idle = null;
    memory.solarOff = false;
    memory.power.watts = null;
    aimAt(memory, null);
    show(memory, { Active: 0, MinimumSoc: null });
    showError(memory, error);
    return;
  }
  const windows = windowsOf(look);
  const last = windows.reduce<Window | undefined>((a, b) => (a === undefined || b.start > a.start ? b : a), undefined);
  show(memory, {
    LastScheduledStart: last?.start ?? null,
    LastScheduledEnd: last === undefined ? null : endOf(last),
    MinimumSoc: minimumSoc(look, ess),
  });
  const now = look.wallMs / 1000;
  const window = windowAt(windows, now);
  if (window === undefined) {
    look.note(() => 'the plan has no window for this time');
    if (memory.isActive || memory.reaction !== REACTION.noWindow) stop(look, orders, memory, ERROR.noWindow);
    else showError(memory, ERROR.noWindow);
    memory.reaction = look.last('/SystemState/LowSoc') === 1 ? REACTION.lowSoc : REACTION.noWindow;
    show(memory, { ReactiveStrategy: memory.reaction, ChargeRate: 0, MinimumSoc: minimumSoc(look, ess) });
    return;
  }
  memory.isActive = true;
  memory.idle = null;
  memory.solarOff = window.isSolarOff;
  showError(memory, ERROR.none);
  follow(look, ess, orders, plant, window, windowAt(windows, endOf(window) + 1), memory);
}

/** No error is shown at once: many go by themselves. */
function showError(memory: Memory, error: number): void {
  if (error === ERROR.none) {
    memory.errorSeconds = 0;
    show(memory, { ErrorCode: ERROR.none });
    return;
  }
  if (memory.errorSeconds >= ERROR_AFTER_S) show(memory, { ErrorCode: error });
  else memory.errorSeconds += STEP_S;
}

function stop(look: Picture, orders: Orders | undefined, memory: Memory, error: number): void {
  look.note(() => 'the ESS is left to itself');
  orders?.release();
  memory.isActive = false;
  memory.idle = null;
  memory.solarOff = false;
  memory.rate = null;
  memory.power.watts = null;
  aimAt(memory, null);
  showError(memory, error);
  show(memory, {
    Active: 0,
    ChargeRate: null,
    Strategy: null,
    Restrictions: null,
    AllowGridFeedIn: null,
    MinimumSoc: null,
  });
}

function aimAt(memory: Memory, target: Maybe): void {
  memory.target = target;
  show(memory, { TargetSoc: target ?? 0 });
}

function follow(
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
