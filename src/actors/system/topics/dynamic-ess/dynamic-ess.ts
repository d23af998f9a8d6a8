import { DYNAMIC_ESS_SCHEDULES } from '../../../../schema/settings/system.ts';
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';
import { LIFE_STATE } from '../ess/battery-life.ts';
import { HUB4_READS } from '../ess/overrides.ts';
import { periodEnds } from '../ess/seconds-on.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { errorOf, essOf, HUB4_MODE, isAvailable, minimumSoc, ordersFor } from './ess-system.ts';
import { follow } from './follow.ts';
import { aimAt, ERROR, ERROR_AFTER_S, type Memory, STEP_S, show, showError, startMemory } from './memory.ts';
import { MAX_FEED_IN, type Orders } from './orders.ts';
import { PLANT_PATHS, PLANT_SETTINGS, type Plant, plantOf } from './plant.ts';
import { RS_READS } from './rs-orders.ts';
import { REACTION } from './strategy.ts';
import { endOf, WINDOW_SETTINGS, type Window, windowAt, windowsOf } from './windows.ts';

const MODE = '/Settings/DynamicEss/Mode';
/** `Mode`: auto, and led by a local program. */
const MODES_ON: readonly (number | null)[] = [1, 4];

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
  start: startMemory,
  compute(look, out, memory) {
    const ess = essOf(look);
    out.set('/DynamicEss/Available', Number(isAvailable(look, ess)));
    out.set('/DynamicEss/Capabilities', CAPABILITIES);
    out.set('/DynamicEss/NumberOfSchedules', DYNAMIC_ESS_SCHEDULES);
    const isOn = MODES_ON.includes(look.setting(MODE));
    if (isOn || memory.since.seconds > 0) work(look, out, ess, isOn, memory);
    else look.note(() => `${MODE} is off`);
    if (!isOn) show(memory, { ReactiveStrategy: REACTION.disabled });
    for (const [name, value] of Object.entries(memory.shown)) out.set(`/DynamicEss/${name}`, value);
    return {
      inControl: memory.isActive,
      chargePower: memory.power.watts,
      isSolarOff: memory.solarOff,
      at: memory.at,
    };
  },
});

/** What is done in this second: a step of the plan, or what idle takes, or the end of it all. */
function work(look: Picture, out: Outcome, ess: SeenDevice | undefined, isOn: boolean, memory: Memory): void {
  const plant = plantOf(look);
  const orders = ess === undefined ? undefined : ordersFor(look, out, ess, plant, memory);
  if (!isOn) {
    stop(look, orders, memory, ERROR.none);
    memory.since.seconds = 0;
  } else if (periodEnds(memory.since, look.beats, STEP_S) || look.isExplaining) {
    step(look, ess, orders, plant, memory);
    memory.at = look.monotonicMs;
  } else if (memory.isActive && memory.idle !== null && look.beats > 0) {
    // What idle takes follows the sun and the loads more closely.
    orders?.idle(memory.idle);
  }
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
    // What was done before the gap holds nothing back after it.
    show(memory, { ChargeHysteresis: 0, DischargeHysteresis: 0 });
    return;
  }
  memory.isActive = true;
  memory.idle = null;
  memory.solarOff = window.isSolarOff;
  showError(memory, ERROR.none);
  follow(look, ess, orders, plant, window, windowAt(windows, endOf(window) + 1), memory);
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
