import { CHARGE_SCHEDULES, chargeScheduleSettings } from '../../../../schema/settings/system.ts';
import { offsetMs } from '../../local-time.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import { defineTopic } from '../../topic.ts';
import { put, putFlag } from '../dvcc/chargers.ts';
import { dynamicEss } from '../dynamic-ess/dynamic-ess.ts';
import { loadShedding } from '../load-shedding/load-shedding.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { hasEss } from './assistant.ts';
import { LIFE, LIFE_STATE } from './battery-life.ts';
import { type ChargeWindow, isInside } from './charge-windows.ts';
import { forceCharge, HUB4_READS, isForcedToCharge, limitDischarge, NO_LIMIT } from './overrides.ts';

const TIME_ZONE = '/Settings/System/TimeZone';
const SCHEDULE = '/Settings/CGwacs/BatteryLife/Schedule/Charge';
const SLOTS = Array.from({ length: CHARGE_SCHEDULES }, (_, slot) => slot);

/** `/Control/ScheduledChargeStatus` */
const STATUS = { ok: 0, noEss: 1, noSoc: 2, essMode: 3, blocked: 4 } as const;
/** Below the target by this, what was done last goes on. Percent. */
const HYSTERESIS = 5;
/** How much of the solar power passes at the target, and how much from 1 % above it on: the battery settles between. */
const PASS_AT_TARGET = 0.8;
const PASS_MORE = 0.15;
/** Charge power that a Multi RS is asked for: as much as it can. Watts. */
const RS_CHARGE_POWER = 15_000;
/** `/Settings/Ess/Mode` of Multi RS that are led by ESS. */
const RS_OPTIMIZED: readonly (number | null)[] = [0, 1];

interface Memory {
  /** Targets of all windows: when the user changes one, it counts at once. Undefined until they were first seen. */
  targets: readonly (number | null)[] | undefined;
  /** It has given orders that it has not taken back. */
  isActive: boolean;
  /** A Multi RS has the order to charge. */
  rsCharges: boolean;
}

/** Which system takes the orders. */
type Ess = { readonly kind: 'vebus' } | { readonly kind: 'rs'; readonly device: SeenDevice };

/** Charging from the grid at times that the user has set. */
export const scheduledCharging = defineTopic<undefined, Memory>({
  name: 'scheduled-charging',
  about:
    'Charges the battery from the grid at times that the user has set, up to a state of charge for each, and holds it there until the time is over. Dynamic ESS and load shedding go before.',
  reads: {
    devices: {
      hub4: HUB4_READS,
      vebus: ['/Hub4/AssistantId'],
      acsystem: ['/Settings/Ess/Mode', '/Ess/UseInverterPowerSetpoint', '/Ess/InverterPowerSetpoint'],
    },
    settings: [LIFE_STATE, TIME_ZONE, ...SLOTS.flatMap(slot => chargeScheduleSettings(slot).map(({ path }) => path))],
    own: ['/Dc/Battery/Soc', '/Dc/Pv/Power'],
    topics: [vebusChoice, dynamicEss, loadShedding],
  },
  publishes: {
    '/Control/ScheduledCharge': '1 within a window, also when the target has been reached',
    '/Control/ScheduledSoc': 'target of the window',
    '/Control/ScheduledChargeStatus':
      'why it cannot be done: no ESS, no state of charge, the ESS mode, or another program',
  },
  everyMs: 5_000,
  onBeatOnly: true,
  start: () => ({ targets: undefined, isActive: false, rsCharges: false }),
  compute(look, out, memory) {
    const targets = SLOTS.map(slot => look.setting(`${SCHEDULE}/${slot}/Soc`));
    memory.targets ??= targets;
    const known = memory.targets;
    if (look.beats === 0) {
      out.set('/Control/ScheduledCharge', 0);
      return undefined;
    }
    const blocker = blockedBy(look);
    if (blocker !== undefined) {
      look.note(() => `${blocker} gives the orders`);
      memory.isActive = false;
      out.set('/Control/ScheduledCharge', 0);
      out.set('/Control/ScheduledChargeStatus', STATUS.blocked);
      return undefined;
    }
    const soc = look.ownNumber('/Dc/Battery/Soc');
    const hasNewTarget = targets.some((target, slot) => target !== known[slot]);
    const ess = essOf(look);
    const problem = soc === null ? STATUS.noSoc : typeof ess === 'number' ? ess : undefined;
    if (soc === null || typeof ess === 'number') {
      out.set('/Control/ScheduledCharge', 0);
      out.set('/Control/ScheduledChargeStatus', problem ?? STATUS.noEss);
      return undefined;
    }
    memory.targets = targets;
    const local = look.wallMs + offsetMs(look.wallMs, look.settingText(TIME_ZONE));
    const slot = SLOTS.find(one => isInside(windowOf(look, one), local));
    if (slot === undefined) {
      if (memory.isActive) release(look, out, ess, memory);
    } else charge(look, out, ess, { slot, soc, hasNewTarget }, memory);
    memory.isActive = slot !== undefined;
    out.set('/Control/ScheduledSoc', slot === undefined ? null : (targets[slot] ?? null));
    out.set('/Control/ScheduledCharge', Number(memory.isActive));
    out.set('/Control/ScheduledChargeStatus', STATUS.ok);
    return undefined;
  },
});

/** Who goes before, and gives orders at present. */
function blockedBy(look: Picture): string | undefined {
  if (look.result(dynamicEss).inControl) return 'Dynamic ESS';
  return look.result(loadShedding).inControl ? 'load shedding' : undefined;
}

/** A VE.Bus system with ESS, else a system of Multi RS; the status when neither can be led. */
function essOf(look: Picture): Ess | number {
  const vebus = look.device(look.result(vebusChoice).service);
  if (hasEss(vebus) && look.setting(LIFE_STATE) !== LIFE.keepCharged) return { kind: 'vebus' };
  const systems = look.devices('acsystem');
  const device = systems.find(one => RS_OPTIMIZED.includes(one.number('/Settings/Ess/Mode')));
  if (device !== undefined) return { kind: 'rs', device };
  return systems.length > 0 || hasEss(vebus) ? STATUS.essMode : STATUS.noEss;
}

function windowOf(look: Picture, slot: number): ChargeWindow {
  const value = (name: string): number | null => look.setting(`${SCHEDULE}/${slot}/${name}`);
  return { day: value('Day') ?? -1, start: value('Start') ?? 0, duration: value('Duration') ?? 0 };
}

interface Moment {
  readonly slot: number;
  readonly soc: number;
  /** The user has changed a target: no hysteresis this time. */
  readonly hasNewTarget: boolean;
}

function charge(look: Picture, out: Outcome, ess: Ess, { slot, soc, hasNewTarget }: Moment, memory: Memory): void {
  const target = look.setting(`${SCHEDULE}/${slot}/Soc`) ?? 100;
  // A target of 100 % is never reached: the battery is kept full.
  const isReached = (at: number): boolean => target < 100 && at >= target;
  const didCharge = ess.kind === 'vebus' ? isForcedToCharge(look) : memory.rsCharges;
  const charges = !isReached(soc) && (hasNewTarget || !isReached(soc + HYSTERESIS) || didCharge);
  const above = Math.max(0, soc - target);
  const isFree = charges || (above > 1 && look.setting(`${SCHEDULE}/${slot}/AllowDischarge`) === 1);
  const solar = look.ownNumber('/Dc/Pv/Power') ?? 0;
  const passes = isFree ? null : Math.max(1, roundTo(solar * (PASS_AT_TARGET + Math.min(above, 1) * PASS_MORE)));
  order(look, out, ess, charges, passes, memory);
}

function release(look: Picture, out: Outcome, ess: Ess, memory: Memory): void {
  order(look, out, ess, false, null, memory);
}

/** @param passes what may be taken from the DC side. Watts; null for no limit */
function order(look: Picture, out: Outcome, ess: Ess, charges: boolean, passes: number | null, memory: Memory): void {
  if (ess.kind === 'vebus') {
    forceCharge(look, out, charges);
    limitDischarge(look, out, passes ?? NO_LIMIT);
    return;
  }
  memory.rsCharges = charges;
  putFlag(out, ess.device, '/Ess/UseInverterPowerSetpoint', Number(charges || passes !== null));
  if (charges) put(out, ess.device, '/Ess/InverterPowerSetpoint', RS_CHARGE_POWER);
  else if (passes !== null) put(out, ess.device, '/Ess/InverterPowerSetpoint', -passes);
}
