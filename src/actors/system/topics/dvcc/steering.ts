/** What DVCC tells the chargers beside the VE.Bus system. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import type { ChargeVoltage } from './charge-voltage.ts';
import { type Charger, type Chargers, followsControl, isControllable, limitCurrent, put, putFlag } from './chargers.ts';
import { distribute } from './distribution.ts';
import { currentOf, type Filters } from './filters.ts';

/** Bits of `/Link/NetworkMode`. */
const NETWORKED = 1;
const REMOTE_CONTROL = 4;
const REMOTE_BMS = 8;

/** What is read of VE.Can interfaces, and of a system of Multi RS. */
export const VECAN_READS = ['/Link/NetworkMode', '/Link/ChargeVoltage'] as const;
export const ACSYSTEM_READS = [
  '/Ac/NoFeedInReason',
  '/Ess/BatteryDischargeCapacity',
  '/Ess/BatteryDischargeSetpoint',
] as const;

/**
 * Tells each charger what leads it: a voltage or a current from here, and a BMS. A VE.Can interface for which there is
 * no voltage is told all the same, so that its Multi RS tell theirs.
 */
export function setNetworkMode(
  look: Picture,
  out: Outcome,
  chargers: Chargers,
  hasBms: boolean,
  voltage: ChargeVoltage,
  hasLimit: boolean,
): void {
  const remote = (isLed: boolean): number => NETWORKED | (isLed ? REMOTE_CONTROL : 0);
  const mode = remote(voltage.chargers !== null || hasLimit) | (hasBms ? REMOTE_BMS : 0);
  for (const { device } of chargers.all) putFlag(out, device, '/Link/NetworkMode', mode);
  for (const vecan of look.devices('vecan'))
    putFlag(out, vecan, '/Link/NetworkMode', voltage.vecan === null ? remote(hasLimit) : mode);
}

/**
 * @param bmsVolts charge voltage of the BMS, for the chargers that do not feed in
 * @returns whether any got a voltage
 */
export function setVoltage(
  look: Picture,
  out: Outcome,
  chargers: Chargers,
  bmsVolts: Maybe,
  voltage: ChargeVoltage,
): boolean {
  const led: SeenDevice[] = [];
  const give = (device: SeenDevice, volts: Maybe): void => {
    led.push(device);
    put(out, device, '/Link/ChargeVoltage', volts);
  };
  if (voltage.chargers !== null) {
    // Chargers on VE.Can hear it from their interface.
    for (const { device, isVecan } of [...chargers.solar, ...chargers.inverters])
      if (!isVecan) give(device, voltage.chargers);
  }
  if (bmsVolts !== null) for (const { device } of chargers.others) give(device, bmsVolts);
  if (voltage.vecan !== null) for (const vecan of look.devices('vecan')) give(vecan, voltage.vecan);
  return led.length > 0 || (voltage.chargers !== null && chargers.all.length > 0);
}

export interface CurrentRule {
  /** For all chargers together; null for no limit. Amperes. */
  readonly amperes: Maybe;
  readonly stopsAtZero: boolean;
  /** Excess goes to the grid by way of the VE.Bus system. */
  readonly mayFeedIn: boolean;
  readonly isSolarOff: boolean;
}

/** Divides the charge current among the chargers. Solar goes before alternators and generators. */
export function setCurrent(
  look: Picture,
  out: Outcome,
  chargers: Chargers,
  filters: Filters,
  { amperes, stopsAtZero, mayFeedIn, isSolarOff }: CurrentRule,
): void {
  const solar = chargers.solar.filter(isControllable);
  const inverters = chargers.inverters.filter(isControllable);
  const both = [...solar, ...inverters];
  const feedIn = rsThatFeedsIn(look);
  if (stopsAtZero && amperes === 0) {
    look.note(() => 'the BMS asks for 0 A: all chargers stop');
    for (const charger of both) limitCurrent(out, charger, 0);
  } else if (amperes === null) {
    look.note(() => 'no limit: each charger may make what it is set to');
    maximize(out, both);
  } else if (feedIn !== undefined) {
    feedInByRs(look, out, feedIn, solar, inverters, filters, amperes, isSolarOff);
  } else if (mayFeedIn && !isSolarOff) {
    look.note(() => 'excess is fed in by the VE.Bus system: each charger may make what it is set to');
    maximize(out, both);
  } else divide(out, both, amperes, filters);
  if (amperes !== null) setOthers(out, chargers, filters, amperes);
}

/** Of what is left, each gets as much as it can make of what all can make. */
function setOthers(out: Outcome, chargers: Chargers, filters: Filters, amperes: number): void {
  const solarCurrent = sumOf([...chargers.solar, ...chargers.inverters], filters);
  const left = Math.max(0, amperes - solarCurrent);
  const led = chargers.others.filter(followsControl);
  const capacity = led.reduce((sum, { limit }) => sum + (limit ?? 0), 0);
  if (capacity <= 0) return;
  for (const charger of led)
    if (charger.kind === 'alternator' && charger.limit !== null)
      limitCurrent(out, charger, (left * charger.limit) / capacity);
}

/** The system of Multi RS with instance 0, when it feeds in what the battery does not take. */
function rsThatFeedsIn(look: Picture): SeenDevice | undefined {
  const system = look.devices('acsystem').find(device => device.instance === 0);
  if (system?.number('/Ac/NoFeedInReason') !== 0) return undefined;
  return system.number('/Ess/BatteryDischargeCapacity') === null ? undefined : system;
}

/** The solar chargers may make what the battery takes and what the Multi RS can take off it. */
function feedInByRs(
  look: Picture,
  out: Outcome,
  system: SeenDevice,
  solar: readonly (Charger & { readonly limit: number })[],
  inverters: readonly (Charger & { readonly limit: number })[],
  filters: Filters,
  amperes: number,
  isSolarOff: boolean,
): void {
  const capacity = system.number('/Ess/BatteryDischargeCapacity') ?? 0;
  const limit = isSolarOff ? 0 : amperes + capacity;
  look.note(() => `${system.name} feeds in: ${amperes} A for the battery, ${capacity} A for the Multi RS`);
  const assigned = Math.min(limit, divide(out, solar, limit, filters));
  const made = Math.min(assigned, sumOf(solar, filters));
  divide(out, inverters, Math.max(0, amperes - made), filters);
  put(out, system, '/Ess/BatteryDischargeSetpoint', Math.max(0, roundTo(made - amperes, 1)));
}

/** @returns what was given to all together. Amperes */
function divide(
  out: Outcome,
  chargers: readonly (Charger & { readonly limit: number })[],
  amperes: number,
  filters: Filters,
): number {
  const shares = distribute(
    amperes,
    chargers.map(charger => ({ limit: charger.limit, current: currentOf(filters, charger) })),
  );
  chargers.forEach((charger, i) => {
    limitCurrent(out, charger, shares[i] ?? 0);
  });
  return shares.reduce((sum, share) => sum + share, 0);
}

function maximize(out: Outcome, chargers: readonly (Charger & { readonly limit: number })[]): void {
  for (const charger of chargers) limitCurrent(out, charger, charger.limit);
}

export function sumOf(chargers: readonly Charger[], filters: Filters): number {
  return chargers.reduce((sum, charger) => sum + currentOf(filters, charger), 0);
}
