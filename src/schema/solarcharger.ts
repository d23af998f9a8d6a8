/** com.victronenergy.solarcharger: solar chargers. */
import { chargerLink, n2k, relay, solarHistory, subDevices, veDirectCounters } from './common.ts';
import { alarm, chargerError, chargerState, disabledEnabled, offOn, onOff14, trackerMode } from './enums.ts';
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
  seconds0,
  text,
  uint,
  volts2,
  watts0,
  writable,
} from './units.ts';

export const solarchargerSchema = {
  ...productRows,
  ...subDevices,
  ...veDirectCounters,
  ...n2k,
  ...relay,
  ...solarHistory,
  ...chargerLink,
  ...sourced('recorded', {
    '/Capabilities/Capabilities1': uint,
    '/Dc/0/Current': labelled('Battery current', amperes1),
    '/Dc/0/Voltage': labelled('Battery voltage', volts2),
    '/DeviceOffReason': int,
    '/ErrorCode': labelled('Error code', chargerError),
    '/GroupId': int,
    '/Load/I': amperes1,
    '/Load/State': labelled('Load state', writable(offOn)),
    '/Mode': labelled('Charger on/off', writable(onOff14)),
    '/MppOperationMode': labelled('MPP operation mode', trackerMode),
    '/NrOfTrackers': int,
    '/Pv/I': amperes1,
    '/Pv/V': labelled('PV voltage', volts2),
    '/Settings/BatteryVoltageSetting': int,
    '/Settings/BmsPresent': writable(int),
    '/Settings/ChargeCurrentLimit': writable(amperes1),
    '/State': labelled('Charge state', chargerState),
    '/Yield/Power': labelled('PV power', watts0),
    '/Yield/System': labelled('Total yield', kilowattHours2),
    '/Yield/User': labelled('Yield since reset', kilowattHours2),
  }),
  ...sourced('modbus', {
    '/Alarms/Alarm': labelled('Alarm', alarm),
    '/Dc/0/Temperature': labelled('Battery temperature', celsius1),
    '/Equalization/Pending': labelled('Equalization pending', choice({ 0: 'No', 1: 'Yes', 2: 'Error', 3: 'Unknown' })),
    '/Equalization/TimeRemaining': labelled('Equalization time remaining', seconds0),
  }),
  ...sourced('names', {
    '/Alarms/HighTemperature': alarm,
    '/Alarms/ShortCircuit': alarm,
    '/History/Daily/{n}/Pv0_3SeqNr': int,
    '/Pv/{n}/Enabled': disabledEnabled,
    '/Pv/{n}/MppOperationMode': trackerMode,
    '/Pv/{n}/Name': text,
    '/Pv/{n}/P': watts0,
    '/Pv/{n}/V': volts2,
  }),
} as const satisfies Schema;
