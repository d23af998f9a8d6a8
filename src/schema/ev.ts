/** com.victronenergy.ev: electric vehicles. */
import { alarm, noYes } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import {
  amperes1,
  celsius1,
  choice,
  int,
  kilowattHours2,
  labelled,
  percent0,
  text,
  uint,
  volts1,
  volts2,
  watts0,
} from './units.ts';

export const evSchema = {
  ...productRows,
  ...sourced('node-red', {
    '/Ac/Power': labelled('AC power', watts0),
    '/Alarms/StarterBatteryLow': labelled('Alarm: starter battery low', alarm),
    '/AtSite': labelled('At site', noYes),
    '/BatteryCapacity': { type: 'float', unit: 'kWh', decimals: 1 },
    '/ChargingState': labelled(
      'Charging state',
      choice({
        0: 'Not charging',
        1: 'Low power mode',
        3: 'Charging',
        244: 'Sustain',
        245: 'Wake up',
        250: 'Blocked',
        255: 'Unavailable',
        256: 'Discharging',
        259: 'Scheduled charging',
      }),
    ),
    '/LastUpdated/ChargingStarted': labelled('Last start of charging', uint),
    '/LastUpdated/EvContact': labelled('Last contact with the vehicle', uint),
    '/LastUpdated/Position': labelled('Last position', uint),
    '/LastUpdated/ProviderContact': labelled('Last contact with the provider', uint),
    '/Odometer': { type: 'float', unit: 'km', decimals: 0 },
    '/Position/Latitude': labelled('Latitude', { type: 'float', unit: '°', decimals: 5 }),
    '/Position/Longitude': labelled('Longitude', { type: 'float', unit: '°', decimals: 5 }),
    '/RangeToGo': { type: 'float', unit: 'km', decimals: 0 },
    '/Soc': labelled('State of charge', percent0),
    '/TargetSoc': labelled('Target state of charge', percent0),
    '/VIN': labelled('VIN', text),
  }),
  ...sourced('names', {
    '/Ac/Current': amperes1,
    '/Ac/Energy/Forward': kilowattHours2,
    '/Ac/MaxChargeCurrent': amperes1,
    '/Ac/MinChargeCurrent': amperes1,
    '/Ac/NrOfPhases': int,
    '/Ac/Voltage': volts1,
    '/BatteryTemperature': celsius1,
    '/ChargingStarted': int,
    '/Dc/Current': amperes1,
    '/Dc/Power': watts0,
    '/Dc/Voltage': volts2,
    '/LastEvContact': int,
  }),
} as const satisfies Schema;
