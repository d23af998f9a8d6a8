/** com.victronenergy.opportunityloads: loads that run on surplus energy. */
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { int, text, watts0 } from './units.ts';

export const opportunityloadsSchema = {
  ...sourced('names', {
    '/AvailableServices': text,
    '/BatteryLifeSupport': int,
    '/NominalInverterUtilizationLimit': int,
    '/PauseWhenOffgrid': int,
    '/ReservationBasePower': watts0,
    '/ReservationEndPower': watts0,
    '/ReservationStartSoc': int,
  }),
} as const satisfies Schema;
