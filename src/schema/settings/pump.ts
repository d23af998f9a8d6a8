/** Settings of the pump that is started and stopped by a tank level. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, flag, integer, string } from './setting.ts';

export const pumpSettings: readonly SettingRow[] = addedBy('pump', [
  flag('/Settings/Pump0/AutoStartEnabled', 1, 'Auto start'),
  integer('/Settings/Pump0/Mode', 0, 0, 100, { enum: { 0: 'Auto', 1: 'On', 2: 'Off' }, label: 'Mode' }),
  integer('/Settings/Pump0/StartValue', 50, 0, 100, { unit: '%', label: 'Start level' }),
  integer('/Settings/Pump0/StopValue', 80, 0, 100, { unit: '%', label: 'Stop level' }),
  string('/Settings/Pump0/TankService', 'notanksensor', { label: 'Tank sensor' }),
]);

/** Ours: the stock program leaves the pump as it is when it ends. */
export const pumpOwnSettings: readonly SettingRow[] = addedBy('gxd', [
  flag('/Settings/Pump0/StopAtShutdown', 1, 'Stop the pump when the program is shut down'),
]);
