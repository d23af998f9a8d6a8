/** AC mains and generators, measured by phase, in the single frames of J1939-75 (names and scales of the standard). */
import { choice, gap, type NumberField, u16, u32, unsigned } from '../field.ts';
import { LAGGING_LEADING } from '../meanings.ts';
import type { Message } from '../message.ts';

/** Powers are told above this, so that they may be negative. */
const POWER_OFFSET = -2_000_000_000;
const FREQUENCY_STEP = 1 / 128;
const FACTOR_STEP = 1 / 16_384;

function power<Name extends string>(name: Name, unit: string): NumberField<Name> {
  return unsigned(name, 32, 1, unit, { offset: POWER_OFFSET });
}

const QUANTITIES = [
  u16('lineLineAcRmsVoltage', 1, 'V'),
  u16('lineNeutralAcRmsVoltage', 1, 'V'),
  u16('acFrequency', FREQUENCY_STEP, 'Hz'),
  u16('acRmsCurrent', 1, 'A'),
] as const;

const BUS_QUANTITIES = [...QUANTITIES.slice(0, 3), gap(16)] as const;

const POWERS = [power('realPower', 'W'), power('apparentPower', 'VA')] as const;

const REACTIVE = [
  power('reactivePower', 'var'),
  u16('powerFactor', FACTOR_STEP),
  choice('powerFactorLagging', 2, LAGGING_LEADING),
  gap(14),
] as const;

const ENERGY = [u32('totalEnergyExport', 1, 'kWh'), u32('totalEnergyImport', 1, 'kWh')] as const;

/** All are single frames of priority 3. */
function single<const Name extends string, const Fields extends Message['fields']>(
  pgn: number,
  name: Name,
  fields: Fields,
): { pgn: number; name: Name; kind: 'single'; priority: 3; intervalMs: 1000; fields: Fields } {
  return { pgn, name, kind: 'single', priority: 3, intervalMs: 1000, fields };
}

export const busQuantitiesC = single(65_001, 'bus1PhaseCBasicAcQuantities', BUS_QUANTITIES);
export const busQuantitiesB = single(65_002, 'bus1PhaseBBasicAcQuantities', BUS_QUANTITIES);
export const busQuantitiesA = single(65_003, 'bus1PhaseABasicAcQuantities', BUS_QUANTITIES);
export const busQuantities = single(65_004, 'bus1AverageBasicAcQuantities', BUS_QUANTITIES);

export const utilityEnergy = single(65_005, 'utilityTotalAcEnergy', ENERGY);
export const utilityPowerC = single(65_007, 'utilityPhaseCAcPower', POWERS);
export const utilityQuantitiesC = single(65_008, 'utilityPhaseCBasicAcQuantities', QUANTITIES);
export const utilityPowerB = single(65_010, 'utilityPhaseBAcPower', POWERS);
export const utilityQuantitiesB = single(65_011, 'utilityPhaseBBasicAcQuantities', QUANTITIES);
export const utilityPowerA = single(65_013, 'utilityPhaseAAcPower', POWERS);
export const utilityQuantitiesA = single(65_014, 'utilityPhaseABasicAcQuantities', QUANTITIES);
export const utilityPower = single(65_016, 'utilityTotalAcPower', POWERS);
export const utilityQuantities = single(65_017, 'utilityAverageBasicAcQuantities', QUANTITIES);

export const generatorEnergy = single(65_018, 'generatorTotalAcEnergy', ENERGY);
export const generatorReactiveC = single(65_019, 'generatorPhaseCAcReactivePower', REACTIVE);
export const generatorPowerC = single(65_020, 'generatorPhaseCAcPower', POWERS);
export const generatorQuantitiesC = single(65_021, 'generatorPhaseCBasicAcQuantities', QUANTITIES);
export const generatorReactiveB = single(65_022, 'generatorPhaseBAcReactivePower', REACTIVE);
export const generatorPowerB = single(65_023, 'generatorPhaseBAcPower', POWERS);
export const generatorQuantitiesB = single(65_024, 'generatorPhaseBBasicAcQuantities', QUANTITIES);
export const generatorReactiveA = single(65_025, 'generatorPhaseAAcReactivePower', REACTIVE);
export const generatorPowerA = single(65_026, 'generatorPhaseAAcPower', POWERS);
export const generatorQuantitiesA = single(65_027, 'generatorPhaseABasicAcQuantities', QUANTITIES);
export const generatorReactive = single(65_028, 'generatorTotalAcReactivePower', REACTIVE);
export const generatorPower = single(65_029, 'generatorTotalAcPower', POWERS);
export const generatorQuantities = single(65_030, 'generatorAverageBasicAcQuantities', QUANTITIES);
