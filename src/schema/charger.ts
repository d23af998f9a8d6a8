/** com.victronenergy.charger: AC chargers. */
import { chargerLink, n2k, relay, subDevices, veDirectCounters } from './common.ts';
import { alarm, chargerError, chargerState } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, choice, int, labelled, uint, volts2, watts0, writable } from './units.ts';

export const chargerSchema = {
  ...productRows,
  ...subDevices,
  ...veDirectCounters,
  ...n2k,
  ...relay,
  ...chargerLink,
  ...sourced('recorded', {
    '/Ac/In/CurrentLimit': labelled('AC current limit', writable(amperes1)),
    '/Ac/In/L1/I': labelled('AC current', amperes1),
    '/Ac/In/L1/P': labelled('AC power', watts0),
    '/Alarms/HighVoltage': labelled('High voltage alarm', alarm),
    '/Alarms/LowVoltage': labelled('Low voltage alarm', alarm),
    '/Dc/0/Current': amperes1,
    '/Dc/0/Temperature': celsius1,
    '/Dc/0/Voltage': volts2,
    '/Dc/1/Current': amperes1,
    '/Dc/1/Voltage': volts2,
    '/Dc/2/Current': amperes1,
    '/Dc/2/Voltage': volts2,
    '/ErrorCode': labelled('Error', chargerError),
    '/Mode': labelled('Charger on/off', writable(choice({ 0: 'Off', 1: 'On', 2: 'Error', 3: 'Unknown', 4: 'Off' }))),
    '/NrOfOutputs': int,
    '/State': labelled('Charge state', chargerState),
  }),
  ...sourced('names', {
    '/Capabilities/Capabilities1': uint,
    '/Charger/MinCurrent': amperes1,
    '/DeviceOffReason': int,
    '/GroupId': int,
    '/NrOfTrackers': int,
    '/Settings/BmsPresent': writable(int),
    '/Settings/ChargeCurrentLimit': writable(amperes1),
  }),
} as const satisfies Schema;
