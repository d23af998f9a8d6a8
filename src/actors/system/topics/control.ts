/** The topics that lead devices, rather than tell what they do. */
import type { Topic } from '../topic.ts';
import { batterySettings } from './dvcc/battery-settings.ts';
import { bmsLimits } from './dvcc/bms-limits.ts';
import { dvcc } from './dvcc/dvcc.ts';
import { quickVoltage } from './dvcc/quick-voltage.ts';
import { dynamicEss } from './dynamic-ess/dynamic-ess.ts';
import { batteryLife } from './ess/battery-life.ts';
import { scheduledCharging } from './ess/scheduled-charging.ts';
import { loadShedding } from './load-shedding/load-shedding.ts';
import { pvControl } from './pv-control.ts';
import { batteryTemperature } from './sense/battery-temperature.ts';
import { sharedSense } from './sense/shared-sense.ts';
import { bmsSense } from './soc/bms-sense.ts';
import { extraCurrent } from './soc/extra-current.ts';
import { vebusSoc } from './soc/vebus-soc.ts';
import { vecanSoc } from './soc/vecan-soc.ts';

export const CONTROL_TOPICS: readonly Topic[] = [
  batterySettings,
  // Before DVCC: it goes by what DVCC did the step before.
  sharedSense,
  bmsLimits,
  dvcc,
  quickVoltage,
  batteryTemperature,
  bmsSense,
  extraCurrent,
  vebusSoc,
  vecanSoc,
  batteryLife,
  dynamicEss,
  loadShedding,
  scheduledCharging,
  pvControl,
];
