/** Settings of the ESS control loop. Without known limits there are none; see the fact sheet hub4-ess. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, decimal, flag, integer } from './setting.ts';

const ESS = '/Settings/CGwacs';
const POWER_LIMIT_W = 100_000;

export const essSettings: readonly SettingRow[] = [
  ...addedBy('hub4', [
    decimal(`${ESS}/AcPowerSetPoint`, 0, -POWER_LIMIT_W, POWER_LIMIT_W, { unit: 'W', label: 'Grid set point' }),
    integer(`${ESS}/MaxChargePercentage`, 100, 0, 100, { unit: '%', label: 'Charge power' }),
    decimal(`${ESS}/MaxChargePower`, -1, -1, POWER_LIMIT_W, { unit: 'W', label: 'Charge power limit, -1 for none' }),
    integer(`${ESS}/MaxDischargePercentage`, 100, 0, 100, { unit: '%', label: 'Discharge power' }),
    decimal(`${ESS}/MaxDischargePower`, -1, -1, POWER_LIMIT_W, {
      unit: 'W',
      label: 'Inverter power limit, -1 for none',
    }),
  ]),
  ...addedBy('names', [
    decimal(`${ESS}/AcExportLimit`, -1, 0, 0, { unit: 'A', label: 'AC export limit, -1 for none' }),
    decimal(`${ESS}/AcInputLimit`, -1, 0, 0, { unit: 'A', label: 'AC input limit, -1 for none' }),
    integer(`${ESS}/AlwaysPeakShave`, 0, 0, 1, {
      enum: { 0: 'Above the minimum SOC only', 1: 'Always' },
      label: 'Peak shaving',
    }),
    integer(`${ESS}/BatteryUse`, 0, 0, 1, { enum: { 0: 'All loads', 1: 'Critical loads only' }, label: 'Battery use' }),
    integer(`${ESS}/Hub4Mode`, 1, 0, 0, {
      enum: { 1: 'Phase compensation', 2: 'Individual phases', 3: 'External control' },
      label: 'ESS mode',
    }),
    decimal(`${ESS}/MaxFeedInPower`, -1, -1, POWER_LIMIT_W, { unit: 'W', label: 'Feed-in limit, -1 for none' }),
    flag(`${ESS}/OvervoltageFeedIn`, 0, 'DC-coupled PV excess is fed in'),
    flag(`${ESS}/PreventFeedback`, 0, 'AC-coupled PV excess is not fed in'),
    integer(`${ESS}/PvPowerSetpointOffset`, 0, 0, 0, { unit: 'W' }),
    integer(`${ESS}/RunWithoutGridMeter`, 0, 0, 1, {
      enum: { 0: 'External meter', 1: 'Inverter/charger' },
      label: 'Grid metering',
    }),
  ]),
];
