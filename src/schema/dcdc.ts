/** com.victronenergy.dcdc: DC-DC chargers. */
import { chargeCycles, chargerLink, subDevices, veDirectCounters } from './common.ts';
import { chargerError, chargerState, onOff14 } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, int, labelled, uint, volts2, watts0, writable } from './units.ts';

export const dcdcSchema = {
  ...productRows,
  ...subDevices,
  ...veDirectCounters,
  ...chargeCycles,
  ...chargerLink,
  ...sourced('modbus', {
    '/Dc/0/Current': amperes1,
    '/Dc/0/Temperature': celsius1,
    '/Dc/0/Voltage': volts2,
    '/Dc/In/P': watts0,
    '/Dc/In/V': volts2,
    '/ErrorCode': chargerError,
    '/Mode': labelled('Charger on/off', writable(onOff14)),
    '/State': chargerState,
  }),
  ...sourced('names', {
    '/Capabilities/Capabilities1': uint,
    '/Dc/0/Power': watts0,
    '/Dc/In/I': amperes1,
    '/DeviceOffReason': int,
    '/GroupId': int,
    '/Settings/BatteryVoltageSetting': int,
    '/Settings/BmsPresent': writable(int),
    '/Settings/DeviceFunction': int,
    '/Settings/OutputBattery': int,
  }),
} as const satisfies Schema;
