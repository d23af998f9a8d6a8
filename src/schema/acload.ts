/** com.victronenergy.acload: energy meters at AC loads. */
import { acMeter, meterRole, n2k, subDevices, switchableOutputs } from './common.ts';
import { alarm } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int } from './units.ts';

export const acloadSchema = {
  ...productRows,
  ...subDevices,
  ...n2k,
  ...acMeter,
  ...meterRole,
  ...switchableOutputs,
  ...sourced('names', {
    '/Alarms/PhaseRotation': alarm,
    '/ErrorCode': int,
    '/PhaseSetting': int,
    '/S2/0/RmSettings/OffHysteresis': int,
    '/S2/0/RmSettings/OnHysteresis': int,
    '/S2/0/RmSettings/PowerSetting': int,
  }),
} as const satisfies Schema;
