/** com.victronenergy.heatpump: heat pumps. */
import { acMeter, meterRole, switchableOutputs } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { celsius1, choice, int } from './units.ts';

export const heatpumpSchema = {
  ...productRows,
  ...acMeter,
  ...meterRole,
  ...switchableOutputs,
  ...sourced('modbus', {
    '/State': choice({ 0: 'Off', 1: 'Error', 2: 'Startup', 3: 'Heating', 4: 'Cooling' }),
    '/TargetTemperature': celsius1,
    '/Temperature': celsius1,
  }),
  ...sourced('names', {
    '/DeviceType': int,
    '/ErrorCode': int,
    '/S2/0/RmSettings/PowerSetting': int,
  }),
} as const satisfies Schema;
