/** com.victronenergy.hub4: the ESS control loop. */
import { noYes } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { choice, int, labelled, percent0, watts0, writable } from './units.ts';

export const hub4Schema = {
  ...productRows,
  ...sourced('modbus', {
    '/Pv/Disable': writable(choice({ 0: 'Enable PV inverters', 1: 'Disable PV inverters' })),
    '/PvPowerLimiterActive': labelled(
      'Grid limiting status',
      choice({ 0: 'Feed-in limiting inactive', 1: 'Feed-in limiting active' }),
    ),
  }),
  ...sourced('systemcalc', {
    '/IsPeakShaving': noYes,
    '/Overrides/FeedInExcess': writable(choice({ 0: 'As set by the user', 1: 'No', 2: 'Yes' })),
    '/Overrides/ForceCharge': writable(noYes),
    '/Overrides/MaxDischargePower': writable(watts0),
    '/Overrides/Setpoint': writable(watts0),
  }),
  ...sourced('program', {
    '/AcPowerSetpoint': watts0,
    '/MaxChargePercentage': percent0,
    '/MaxChargePower': watts0,
    '/MaxDischargePercentage': percent0,
    '/MaxDischargePower': watts0,
    '/State': int,
  }),
} as const satisfies Schema;
