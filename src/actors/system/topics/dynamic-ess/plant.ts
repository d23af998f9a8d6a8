/** What Dynamic ESS looks at in the plant, and the limits that the user has set for it. */
import type { Maybe } from '../../arithmetic.ts';
import { phasePaths } from '../../paths.ts';
import type { Picture } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';

const PATH = '/Settings/DynamicEss';
export const CAPACITY = `${PATH}/BatteryCapacity`;
const EFFICIENCY = `${PATH}/SystemEfficiency`;
const CHARGE_LIMIT = `${PATH}/BatteryChargeLimit`;
const DISCHARGE_LIMIT = `${PATH}/BatteryDischargeLimit`;
const IMPORT_LIMIT = `${PATH}/GridImportLimit`;
const EXPORT_LIMIT = `${PATH}/GridExportLimit`;

const AC_SOLAR = [...phasePaths('/Ac/PvOnGrid', 'Power'), ...phasePaths('/Ac/PvOnOutput', 'Power')];
const CONSUMPTION = phasePaths('/Ac/Consumption', 'Power');

export const PLANT_SETTINGS = [CAPACITY, EFFICIENCY, CHARGE_LIMIT, DISCHARGE_LIMIT, IMPORT_LIMIT, EXPORT_LIMIT];
export const PLANT_PATHS = [...AC_SOLAR, ...CONSUMPTION, '/Dc/Pv/Power'];

export interface Plant {
  /** Watts. */
  readonly acSolar: number;
  readonly dcSolar: number;
  readonly consumption: number;
  /** What is left of power that goes one way between AC and DC. */
  readonly efficiency: number;
  /** Kilowatt hours. */
  readonly capacity: number;
  /** Watts; null when the user sets none. */
  readonly chargeLimit: Maybe;
  readonly dischargeLimit: Maybe;
  readonly importLimit: Maybe;
  readonly exportLimit: Maybe;
}

export function plantOf(look: Picture): Plant {
  const sum = (paths: readonly string[]): number =>
    paths.reduce((total, path) => total + (look.ownNumber(path) ?? 0), 0);
  const limit = (setting: string): Maybe => {
    const kilowatts = look.setting(setting) ?? -1;
    return kilowatts < 0 ? null : kilowatts * 1000;
  };
  // The setting counts for both ways together.
  const efficiency = Math.min(1, 1 - (1 - (look.setting(EFFICIENCY) ?? 100) / 100) / 2);
  return {
    acSolar: sum(AC_SOLAR),
    dcSolar: look.ownNumber('/Dc/Pv/Power') ?? 0,
    consumption: Math.max(0, sum(CONSUMPTION)),
    efficiency,
    capacity: look.setting(CAPACITY) ?? 0,
    chargeLimit: limit(CHARGE_LIMIT),
    dischargeLimit: limit(DISCHARGE_LIMIT),
    importLimit: limit(IMPORT_LIMIT),
    exportLimit: limit(EXPORT_LIMIT),
  };
}

/** Solar power for the battery: AC solar feeds the loads first, and loses on the way to the battery. Watts. */
export function overheadOf({ acSolar, dcSolar, consumption, efficiency }: Plant): number {
  const direct = Math.min(acSolar, consumption);
  if (acSolar > direct) return roundTo(dcSolar + (acSolar - direct) * efficiency);
  return roundTo(dcSolar - (consumption - direct) / efficiency);
}
