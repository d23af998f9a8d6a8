import { LOAD_SHEDDING_SCHEDULES } from '../../../../schema/settings/system.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import { defineTopic } from '../../topic.ts';
import { dynamicEss } from '../dynamic-ess/dynamic-ess.ts';
import { hasEss } from '../ess/assistant.ts';
import { forceCharge, HUB4_READS, isForcedToCharge, limitDischarge, NO_LIMIT } from '../ess/overrides.ts';
import { periodEnds } from '../ess/seconds-on.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { canSwitch, isGridThere, SWITCH_READS, SWITCH_SETTINGS, switchGrid } from './ac-switch.ts';

const PATH = '/Settings/LoadSheddingApi';
const MODE = `${PATH}/Mode`;
const PREPARATION = `${PATH}/PreparationTime`;
const DISCONNECT_MARGIN = `${PATH}/DisconnectMargin`;
const RECONNECT_MARGIN = `${PATH}/ReconnectMargin`;
const STABILITY_MARGIN = `${PATH}/StabilityMargin`;
const MINIMUM_SOC = `${PATH}/MinSoc`;
const SLOTS = Array.from({ length: LOAD_SHEDDING_SCHEDULES }, (_, slot) => `${PATH}/Schedule/${slot}`);

const STEP_S = 5;

/** `/LoadShedding/Active` */
const PHASE = { off: 0, preparing: 1, disconnected: 2, powerFail: 3, reconnectDelay: 4, recovery: 5 } as const;
const CUT_OFF: readonly number[] = [PHASE.disconnected, PHASE.powerFail, PHASE.reconnectDelay];

/** Percent: charging begins so far below the wanted state of charge; above it by the other, nothing is held back. */
const CHARGE_BELOW = 1;
const FREE_ABOVE = 4;
/** How much of the solar power passes at the wanted state of charge, and how much more for each percent above. */
const PASS_AT_TARGET = 0.8;
const PASS_MORE = 0.05;

interface Memory {
  readonly since: { seconds: number };
  phase: number;
  nextDisconnect: number | null;
  /** Seconds until it reconnects. */
  stability: number;
}

/** A time without grid, as announced; with the margin before it. Unix seconds. */
interface Outage {
  readonly start: number;
  readonly end: number;
}

export interface LoadSheddingResult {
  /** It gives the orders: scheduled charging must not. */
  readonly inControl: boolean;
}

/** Being ready when the grid is switched off, as announced. */
export const loadShedding = defineTopic<LoadSheddingResult, Memory>({
  name: 'load-shedding',
  about:
    'For grids that are switched off at announced times: charges the battery before, leaves the grid before it goes, so that it does no harm, and takes it again when it has come back and is steady.',
  reads: {
    devices: { ...SWITCH_READS, hub4: HUB4_READS },
    settings: [
      MODE,
      PREPARATION,
      DISCONNECT_MARGIN,
      RECONNECT_MARGIN,
      STABILITY_MARGIN,
      MINIMUM_SOC,
      ...SLOTS.flatMap(slot => [`${slot}/Start`, `${slot}/Duration`]),
      ...SWITCH_SETTINGS,
    ],
    own: ['/Dc/Battery/Soc', '/Dc/Pv/Power'],
    topics: [vebusChoice, dynamicEss],
  },
  publishes: {
    '/LoadShedding/Active':
      '0 off, 1 charging for it, 2 off the grid before it goes, 3 the grid has gone, 4 it is back and must prove steady, 5 on the grid again',
    '/LoadShedding/Available': '1 when there is an inverter/charger that can be cut off from the grid',
    '/LoadShedding/Capabilities': 'none are defined yet',
    '/LoadShedding/ErrorCode': 'no errors are defined yet',
    '/LoadShedding/NextDisconnect': 'when it will leave the grid next',
  },
  everyMs: 1_000,
  onBeatOnly: true,
  start: () => ({ since: { seconds: 0 }, phase: PHASE.off, nextDisconnect: null, stability: 0 }),
  compute(look, out, memory) {
    out.set('/LoadShedding/Available', Number(canSwitch(look)));
    out.set('/LoadShedding/Capabilities', 0);
    out.set('/LoadShedding/ErrorCode', 0);
    if (look.setting(MODE) !== 1) {
      look.note(() => `${MODE} is off`);
      if (CUT_OFF.includes(memory.phase)) switchGrid(look, out, true);
      memory.phase = PHASE.off;
      memory.since.seconds = 0;
    } else if (periodEnds(memory.since, look.beats, STEP_S) || look.isExplaining) step(look, out, memory);
    out.set('/LoadShedding/Active', memory.phase);
    out.set('/LoadShedding/NextDisconnect', memory.nextDisconnect);
    return { inControl: memory.phase !== PHASE.off };
  },
});

/** Outages that are not over, each with the margin before it. */
function outagesOf(look: Picture, now: number): Outage[] {
  const margin = look.setting(DISCONNECT_MARGIN) ?? 0;
  return SLOTS.flatMap(slot => {
    const start = look.setting(`${slot}/Start`) ?? 0;
    const end = start + (look.setting(`${slot}/Duration`) ?? 0);
    return start > 0 && end > now ? [{ start: start - margin, end }] : [];
  });
}

function step(look: Picture, out: Outcome, memory: Memory): void {
  const now = look.wallMs / 1000;
  const outages = outagesOf(look, now);
  const coming = outages.filter(({ start }) => start > now).map(({ start }) => start);
  memory.nextDisconnect = coming.length === 0 ? null : Math.min(...coming);
  const mayControl = !look.result(dynamicEss).inControl;
  if (!mayControl) look.note(() => 'Dynamic ESS gives the orders');
  const current = outages.find(outage => outage.start <= now);
  if (mayControl && current !== undefined) {
    during(look, out, now - current.start, memory);
    return;
  }
  if (CUT_OFF.includes(memory.phase)) switchGrid(look, out, true);
  const preparation = look.setting(PREPARATION) ?? 0;
  const isNear = memory.nextDisconnect !== null && now + preparation >= memory.nextDisconnect;
  memory.phase = mayControl && isNear ? PHASE.preparing : PHASE.off;
  if (memory.phase === PHASE.preparing) prepare(look, out);
}

/** @param seconds since it was to leave the grid */
function during(look: Picture, out: Outcome, seconds: number, memory: Memory): void {
  const margins = (look.setting(RECONNECT_MARGIN) ?? 0) + (look.setting(DISCONNECT_MARGIN) ?? 0);
  const isLongAgo = seconds > margins;
  const reconnect = (): void => {
    switchGrid(look, out, true);
    memory.phase = PHASE.recovery;
  };
  switch (memory.phase) {
    case PHASE.off:
    case PHASE.preparing:
      switchGrid(look, out, false);
      memory.phase = PHASE.disconnected;
      break;
    case PHASE.disconnected:
      if (isGridThere(look) !== true) memory.phase = PHASE.powerFail;
      else if (isLongAgo) reconnect();
      break;
    case PHASE.powerFail: {
      const isThere = isGridThere(look);
      if (isThere === true) {
        memory.stability = look.setting(STABILITY_MARGIN) ?? 0;
        memory.phase = PHASE.reconnectDelay;
      } else if (isThere === null && isLongAgo) reconnect();
      break;
    }
    case PHASE.reconnectDelay:
      if (memory.stability <= 0) reconnect();
      memory.stability -= STEP_S;
      break;
  }
}

/** Has an ESS charge up to the wanted state of charge, and hold it there. */
function prepare(look: Picture, out: Outcome): void {
  const soc = look.ownNumber('/Dc/Battery/Soc');
  if (soc === null || !hasEss(look.device(look.result(vebusChoice).multi))) return;
  const wanted = look.setting(MINIMUM_SOC) ?? 0;
  const charges = soc + CHARGE_BELOW < wanted || (soc < wanted && isForcedToCharge(look));
  forceCharge(look, out, charges);
  const solar = look.ownNumber('/Dc/Pv/Power') ?? 0;
  const part = Math.min(1, PASS_AT_TARGET + Math.max(0, soc - wanted) * PASS_MORE);
  const isFree = charges || soc > wanted + FREE_ABOVE;
  limitDischarge(look, out, isFree ? NO_LIMIT : Math.max(1, roundTo(solar * part)));
}
