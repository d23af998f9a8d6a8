/** Every topic of the system calculation. Their order does not matter: each runs after those it reads from. */
import type { Topic } from '../topic.ts';
import { acConsumption } from './ac-consumption.ts';
import { acGrid } from './ac-grid.ts';
import { acInputs } from './ac-inputs.ts';
import { acMeters } from './ac-meters.ts';
import { acPhases } from './ac-phases.ts';
import { acProducts } from './ac-products.ts';
import { acSource } from './ac-source.ts';
import { batteries } from './batteries.ts';
import { battery } from './battery.ts';
import { batteryChoice } from './battery-choice.ts';
import { batteryState } from './battery-state.ts';
import { bmsChoice } from './bms-choice.ts';
import { CONTROL_TOPICS } from './control.ts';
import { alternators, dcChargers, fuelCells } from './dc-chargers.ts';
import { dcSystem } from './dc-system.ts';
import { gauges } from './gauges.ts';
import { genset } from './genset.ts';
import { gps } from './gps.ts';
import { inverterChargers } from './inverter-chargers.ts';
import { lgBattery } from './lg-battery.ts';
import { motorConsumption } from './motor-consumption.ts';
import { motorDrive } from './motor-drive.ts';
import { motorRange } from './motor-range.ts';
import { pvInverters, pvPower } from './pv-inverters.ts';
import { serviceMapping } from './service-mapping.ts';
import { solar } from './solar.ts';
import { sourceTimers } from './source-timers.ts';
import { systemState } from './system-state.ts';
import { systemType } from './system-type.ts';
import { vebusChoice } from './vebus-choice.ts';
import { vebusPower } from './vebus-power.ts';

export const TOPICS: readonly Topic[] = [
  vebusChoice,
  vebusPower,
  batteryChoice,
  bmsChoice,
  battery,
  batteryState,
  batteries,
  lgBattery,
  solar,
  dcChargers,
  fuelCells,
  alternators,
  inverterChargers,
  dcSystem,
  pvInverters,
  ...pvPower,
  acMeters,
  acSource,
  acInputs,
  ...Object.values(acGrid),
  acProducts,
  ...acConsumption,
  acPhases,
  genset,
  systemType,
  systemState,
  sourceTimers,
  gps,
  motorDrive,
  motorConsumption,
  motorRange,
  gauges,
  serviceMapping,
  ...CONTROL_TOPICS,
];
