/** The VE.Bus system as DVCC sees and steers it. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { FEED_IN_PATHS } from '../ess/assistant.ts';
import { vebusChoice } from '../vebus-choice.ts';
import type { Chargers } from './chargers.ts';
import { put } from './chargers.ts';

const LIMITS = '/BatteryOperationalLimits';

/** What is read of VE.Bus systems. */
export const VEBUS_READS = [
  ...FEED_IN_PATHS,
  '/FirmwareVersion',
  '/State',
  '/Hub/ChargeVoltage',
  '/Dc/0/Current',
  '/Dc/0/MaxChargeCurrent',
  `${LIMITS}/MaxChargeVoltage`,
  `${LIMITS}/MaxChargeCurrent`,
  `${LIMITS}/MaxDischargeCurrent`,
  `${LIMITS}/BatteryLowVoltage`,
  '/FirmwareFeatures/BolFrame',
  '/Bms/BmsType',
  '/Bms/AllowToCharge',
  '/Devices/Bms/Version',
  '/Interfaces/Mk2/ProductName',
] as const;

const VEBUS_BMS = 2;
/** First version of the VE.Bus BMS V2. */
const BMS_V2 = 1_146_100;
/** What a VE.Bus system is set to when the limit is lifted: more than any can make. Amperes. */
const NO_LIMIT = 10_000;
/** A charge current up to this is not worth having. Amperes. */
const WORTHLESS = 1;

export function hasVebusBms(vebus: SeenDevice | undefined): vebus is SeenDevice {
  return vebus?.number('/Bms/BmsType') === VEBUS_BMS;
}

/** A VE.Bus BMS V2, behind an interface that can read it: it is heard of also while the inverter/charger is off. */
export function hasVebusBmsV2(vebus: SeenDevice | undefined): boolean {
  if (vebus === undefined) return false;
  const version = vebus.number('/Devices/Bms/Version');
  // Off: it tells no version, but V1 would not tell this either.
  if (hasVebusBms(vebus) && vebus.number('/Bms/AllowToCharge') !== null && version === null) return true;
  return (version ?? 0) >= BMS_V2 && vebus.text('/Interfaces/Mk2/ProductName') === 'MK3';
}

/** The limit last set in `/Dc/0/MaxChargeCurrent`; null when lifted, undefined when not known. */
export interface MultiMemory {
  limit?: Maybe;
}

/**
 * Without a BMS the charge current of the inverter/charger is limited by its own setting. It is lifted once when there
 * is no limit, and left alone from then on.
 */
export function setMultiCurrent(look: Picture, out: Outcome, amperes: Maybe, memory: MultiMemory): void {
  const multi = look.device(look.result(vebusChoice).multi);
  if (multi === undefined) delete memory.limit;
  if (multi === undefined || multi.number('/Dc/0/MaxChargeCurrent') === null) return;
  if (amperes !== null || memory.limit !== null) put(out, multi, '/Dc/0/MaxChargeCurrent', amperes ?? NO_LIMIT);
  memory.limit = amperes;
}

/** Without a BMS: a limit of an ampere or less is none at all. */
export function limitWithoutBms(look: Picture, out: Outcome, amperes: Maybe, memory: MultiMemory): void {
  setMultiCurrent(look, out, amperes !== null && amperes <= WORTHLESS ? 0 : amperes, memory);
}

/** The charge voltage of the BMS, to the main VE.Bus system and with the setting to all others. */
export function writeVoltage(look: Picture, out: Outcome, volts: number, all: boolean): void {
  for (const vebus of systems(look, all)) put(out, vebus, `${LIMITS}/MaxChargeVoltage`, Math.max(0, volts));
}

/** The other limits of the BMS. */
export function writeCurrents(
  look: Picture,
  out: Outcome,
  battery: SeenDevice,
  amperes: Maybe,
  all: boolean,
  memory: MultiMemory,
): void {
  const discharge = atLeastZero(battery.number('/Info/MaxDischargeCurrent'));
  const main = look.device(look.result(vebusChoice).service);
  if (main !== undefined) {
    if (amperes !== null) {
      put(out, main, `${LIMITS}/MaxChargeCurrent`, amperes);
      // A lower limit may still stand there from before the BMS came.
      const own = main.number('/Dc/0/MaxChargeCurrent');
      if (own !== null) setMultiCurrent(look, out, Math.max(own, amperes), memory);
    }
    put(out, main, `${LIMITS}/MaxDischargeCurrent`, discharge);
    put(out, main, `${LIMITS}/BatteryLowVoltage`, atLeastZero(battery.number('/Info/BatteryLowVoltage')));
  }
  if (!all) return;
  for (const other of others(look)) {
    if (amperes !== null) put(out, other, `${LIMITS}/MaxChargeCurrent`, amperes);
    if (discharge !== null) put(out, other, `${LIMITS}/MaxDischargeCurrent`, discharge);
  }
}

/** Inverters of other makes care for 0 only: the BMS allows no discharge. */
export function writeDischarge(out: Outcome, { inverters }: Chargers, battery: SeenDevice): void {
  for (const { device } of inverters)
    put(out, device, '/Link/DischargeCurrent', battery.number('/Info/MaxDischargeCurrent'));
}

function systems(look: Picture, all: boolean): SeenDevice[] {
  const main = look.device(look.result(vebusChoice).service);
  return [...(main === undefined ? [] : [main]), ...(all ? others(look) : [])];
}

function others(look: Picture): SeenDevice[] {
  return look.result(vebusChoice).others.flatMap(name => look.device(name) ?? []);
}

function atLeastZero(value: Maybe): Maybe {
  return value === null ? null : Math.max(0, value);
}
