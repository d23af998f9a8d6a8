/** Settings of the relays that follow temperatures. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, integer } from './setting.ts';

export const tempRelaySettings: readonly SettingRow[] = addedBy('tempsensor-relay', [
  integer('/Settings/TempSensorRelay/Mode', 0, 0, 100),
]);

/** Two conditions of one sensor. @param sensor its name in paths: the service with `_` for `.` and its instance */
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
