import { localTime } from '../../local-time.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { periodEnds, type SecondsOn } from './seconds-on.ts';

const PATH = '/Settings/CGwacs/BatteryLife';
export const LIFE_STATE = `${PATH}/State`;
const FLAGS = `${PATH}/Flags`;
const SOC_LIMIT = `${PATH}/SocLimit`;
const MINIMUM_SOC = `${PATH}/MinimumSocLimit`;
const DISCHARGED_TIME = `${PATH}/DischargedTime`;
const TIME_ZONE = '/Settings/System/TimeZone';

/** `/Settings/CGwacs/BatteryLife/State` */
export const LIFE = {
  disabled: 0,
  restart: 1,
  normal: 2,
  absorption: 3,
  float: 4,
  discharged: 5,
  forceCharge: 6,
  sustain: 7,
  lowSocCharge: 8,
  keepCharged: 9,
  /** Without BatteryLife: the limit is that of the user. */
  guardNormal: 10,
  guardDischarged: 11,
  guardLowSocCharge: 12,
} as const;

/** What has been today; the limit moves once for each. */
const FLAG = { float: 1, absorption: 2, discharged: 4 } as const;

/** Percent. */
const ABSORPTION_SOC = 85;
const FLOAT_SOC = 95;
/** How far the state of charge must go back for a state to be left. */
const BACK = 3;
/** By how much the limit moves. */
const STEP = 5;
const LIMIT_MAX = ABSORPTION_SOC - STEP;
/** Below the limit by this, the battery is charged from the grid. */
const TOO_LOW = 5;
/** That charge takes it at least here. */
const LEAST_SOC = 3;

/** A battery that stays discharged for longer is charged. Seconds. */
const FORCE_CHARGE_AFTER_S = 24 * 3600;
const CLOCK_S = 15 * 60;
/** The day begins with the first of these. */
const FIRST_MINUTES = 15;
/** A change may lead through several states. */
const STEPS_LIMIT = 5;

/** What the rules go by and change. */
interface Life {
  readonly soc: number;
  readonly sustain: boolean;
  readonly minimum: number;
  /** Unix seconds. */
  readonly now: number;
  state: number;
  flags: number;
  limit: number;
  /** Unix seconds; 0 when not known. */
  dischargedAt: number;
}

export interface BatteryLife {
  /** The state as the rules found it: each is seen for a second at least, also one that is left at once. */
  readonly stateBefore: number | null;
}

/** BatteryLife, and the guard of the minimum state of charge without it. */
export const batteryLife = defineTopic<BatteryLife, SecondsOn>({
  name: 'battery-life',
  about:
    'Keeps the battery from living near empty: a day on which it gets to the limit moves the limit up by 5 %, one on which it gets near full moves it down. Decides when an ESS stops discharging and when it charges from the grid.',
  reads: {
    devices: { vebus: ['/Hub4/AssistantId', '/Hub4/Sustain'] },
    settings: [LIFE_STATE, FLAGS, SOC_LIMIT, MINIMUM_SOC, DISCHARGED_TIME, TIME_ZONE],
    own: ['/Dc/Battery/Soc'],
    topics: [vebusChoice],
  },
  publishes: {
    '/Control/EssState': 'what ESS is to do, by the state of charge, the limit and what was before',
    '/Control/ActiveSocLimit':
      'the state of charge down to which ESS discharges: the higher one of that of the user and that of BatteryLife; invalid when the battery is kept charged',
  },
  everyMs: 1_000,
  onBeatOnly: true,
  start: () => ({ seconds: 0 }),
  compute(look, out, memory) {
    const stateBefore = look.setting(LIFE_STATE);
    const vebus = look.device(look.result(vebusChoice).multi);
    const soc = look.ownNumber('/Dc/Battery/Soc');
    const life = lifeOf(look, vebus, soc ?? 0);
    const limit = activeLimit(life);
    if (periodEnds(memory, look.beats, CLOCK_S)) byTheClock(look, life);
    if (vebus === undefined || soc === null || vebus.number('/Hub4/AssistantId') === null) {
      look.note(() => 'there is no ESS, or the state of charge is not known');
      keep(out, life);
      return { stateBefore };
    }
    for (let i = 0; i < STEPS_LIMIT; i++) {
      const before = life.state;
      life.state = next(life);
      if (life.state === before) break;
    }
    keep(out, life);
    out.set('/Control/EssState', life.state);
    out.set('/Control/ActiveSocLimit', shownLimit(life, limit));
    return { stateBefore };
  },
});

function lifeOf(look: Picture, vebus: SeenDevice | undefined, soc: number): Life {
  return {
    soc,
    sustain: vebus?.number('/Hub4/Sustain') === 1,
    minimum: look.setting(MINIMUM_SOC) ?? 0,
    now: Math.floor(look.wallMs / 1000),
    state: look.setting(LIFE_STATE) ?? LIFE.restart,
    flags: look.setting(FLAGS) ?? 0,
    limit: look.setting(SOC_LIMIT) ?? 0,
    dischargedAt: look.setting(DISCHARGED_TIME) ?? 0,
  };
}

/** The state comes last: who hears of it finds the rest as it belongs. */
function keep(out: Outcome, life: Life): void {
  out.setting(FLAGS, life.flags);
  out.setting(SOC_LIMIT, life.limit);
  out.setting(DISCHARGED_TIME, life.dischargedAt);
  out.setting(LIFE_STATE, life.state);
}

/** Every quarter of an hour: a new day, and a battery that stays empty. */
function byTheClock(look: Picture, life: Life): void {
  const { hour, minute } = localTime(look.wallMs, look.settingText(TIME_ZONE));
  if (hour === 0 && minute < FIRST_MINUTES) life.flags = 0;
  if (life.state !== LIFE.discharged && life.state !== LIFE.sustain) return;
  if (life.dischargedAt === 0) life.dischargedAt = life.now;
  else if (life.now - life.dischargedAt > FORCE_CHARGE_AFTER_S) {
    moveLimit(life, STEP);
    life.state = LIFE.forceCharge;
  }
}

function next(life: Life): number {
  switch (life.state) {
    case LIFE.disabled:
      return LIFE.restart;
    case LIFE.restart:
      return normal(life, false);
    case LIFE.absorption:
      if (isLow(life)) return discharged(life, true);
      if (life.soc > FLOAT_SOC) return float(life, true);
      return life.soc < ABSORPTION_SOC - BACK ? LIFE.normal : life.state;
    case LIFE.float:
      if (isLow(life)) return discharged(life, true);
      return life.soc < FLOAT_SOC - BACK ? LIFE.absorption : life.state;
    case LIFE.discharged:
    case LIFE.sustain:
      if (!life.sustain && (life.soc > activeLimit(life) + BACK || life.soc >= 100)) return LIFE.normal;
      return isTooLow(life) ? LIFE.lowSocCharge : life.state;
    case LIFE.forceCharge:
      return afterForceCharge(life);
    case LIFE.lowSocCharge:
      return afterLowSocCharge(life);
    case LIFE.keepCharged:
      return LIFE.keepCharged;
    case LIFE.guardNormal:
    case LIFE.guardDischarged:
    case LIFE.guardLowSocCharge:
      return guard(life);
    default:
      return normal(life, true);
  }
}

function normal(life: Life, moves: boolean): number {
  if (isLow(life)) return discharged(life, moves);
  if (life.soc >= FLOAT_SOC) return float(life, moves);
  return life.soc >= ABSORPTION_SOC ? absorption(life, moves) : LIFE.normal;
}

function afterForceCharge(life: Life): number {
  if (!life.sustain && (life.soc > activeLimit(life) || life.soc >= 100)) {
    life.dischargedAt = life.now;
    return LIFE.discharged;
  }
  return isTooLow(life) ? LIFE.lowSocCharge : life.state;
}

function afterLowSocCharge(life: Life): number {
  if (life.soc < Math.min(100, Math.max(chargeLimit(life), LEAST_SOC))) return life.state;
  const isLongAgo = life.dischargedAt > 0 && life.now - life.dischargedAt > FORCE_CHARGE_AFTER_S;
  return isLongAgo ? LIFE.forceCharge : LIFE.discharged;
}

/** Without BatteryLife. */
function guard({ soc, minimum, state }: Life): number {
  if (state === LIFE.guardNormal) return minimum > 0 && soc <= minimum && soc < 100 ? LIFE.guardDischarged : state;
  if (state === LIFE.guardLowSocCharge) return soc >= Math.min(100, minimum) ? LIFE.guardDischarged : state;
  if (soc >= Math.min(100, minimum + BACK)) return LIFE.guardNormal;
  return soc <= minimum - TOO_LOW ? LIFE.guardLowSocCharge : state;
}

function discharged(life: Life, moves: boolean): number {
  if (moves) {
    if ((life.flags & FLAG.discharged) === 0) {
      life.flags |= FLAG.discharged;
      moveLimit(life, STEP);
    }
    life.dischargedAt = life.now;
  }
  return life.sustain ? LIFE.sustain : LIFE.discharged;
}

function absorption(life: Life, moves: boolean): number {
  if (moves) mark(life, FLAG.absorption);
  return LIFE.absorption;
}

function float(life: Life, moves: boolean): number {
  if (moves) {
    mark(life, FLAG.absorption);
    mark(life, FLAG.float);
  }
  return LIFE.float;
}

/** Once a day: the battery got near full, the limit may come down. */
function mark(life: Life, flag: number): void {
  if ((life.flags & flag) !== 0) return;
  life.flags |= flag;
  moveLimit(life, -STEP);
}

function moveLimit(life: Life, by: number): void {
  life.limit = Math.max(0, Math.min(LIMIT_MAX, Math.max(life.minimum, life.limit) + by));
}

function activeLimit({ minimum, limit }: Life): number {
  return minimum > LIMIT_MAX ? minimum : Math.max(0, Math.min(LIMIT_MAX, Math.max(minimum, limit)));
}

/** Where a charge from the grid ends. */
function chargeLimit(life: Life): number {
  return Math.max(life.minimum, activeLimit(life) - STEP);
}

function isLow(life: Life): boolean {
  const limit = activeLimit(life);
  return life.sustain || (limit > 0 && life.soc <= limit && life.soc < 100);
}

function isTooLow(life: Life): boolean {
  return life.soc <= chargeLimit(life) - TOO_LOW;
}

/** @param limit that of the settings: one that moves is shown when it has been kept */
function shownLimit({ state, minimum }: Life, limit: number): number | null {
  if (state === LIFE.keepCharged) return null;
  return state > LIFE.keepCharged ? minimum : limit;
}
