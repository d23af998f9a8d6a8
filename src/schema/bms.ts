/** com.victronenergy.bms: battery management systems of older Lynx Ion batteries. */
import { n2k } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import { int, volts2 } from './units.ts';

export const bmsSchema = {
  ...productRows,
  ...n2k,
  ...sourced('recorded', {
    '/Balancing': int,
    ...each('/Diagnostics', int, ['LastError1', 'LastError2', 'LastError3', 'LastError4', 'ShutDownsDueError']),
    '/Error': int,
    '/History/MaximumCellVoltage': volts2,
    '/History/MinimumCellVoltage': volts2,
    '/Io/AllowToCharge': int,
    '/Io/AllowToDischarge': int,
    '/Io/ExternalRelay': int,
    '/State': int,
    ...each('/System', int, ['BatteriesParallel', 'BatteriesSeries', 'NrOfBatteries', 'NrOfCellsPerBattery']),
    '/System/MaxCellVoltage': volts2,
    '/System/MinCellVoltage': volts2,
    '/SystemSwitch': int,
  }),
} as const satisfies Schema;
