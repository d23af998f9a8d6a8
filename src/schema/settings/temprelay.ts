/** Settings of the relays that follow temperatures. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, flag, integer } from './setting.ts';

export const tempRelaySettings: readonly SettingRow[] = addedBy('tempsensor-relay', [
  integer('/Settings/TempSensorRelay/Mode', 0, 0, 100),
]);

/** Ours: the stock program leaves the relays as they are when it ends. */
export const tempRelayOwnSettings: readonly SettingRow[] = addedBy('gxd', [
  flag('/Settings/TempSensorRelay/StopAtShutdown', 1, 'Open the relays when the program is shut down'),
]);

/** Two conditions of one sensor. @param sensor the last part of its service name: `adc_builtin_5` */
export function tempSensorSettings(sensor: string): readonly SettingRow[] {
  const path = `/Settings/TempSensorRelay/${sensor}`;
  const celsius = { unit: '°C' };
  return addedBy('tempsensor-relay', [
    integer(`${path}/Enabled`, 0, 0, 2, { label: 'Enabled' }),
    ...[0, 1].flatMap(condition => [
      integer(`${path}/${condition}/ClearValue`, 0, -100, 100, celsius),
      integer(`${path}/${condition}/Relay`, -1, -1, 100, { label: 'Relay, -1 for none' }),
      integer(`${path}/${condition}/SetValue`, 0, -100, 100, celsius),
    ]),
  ]);
}
