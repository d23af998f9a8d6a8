/** com.victronenergy.alternator: alternators, their controllers, and DC-DC chargers from them. */
import {
  chargeCycles,
  chargerLink,
  monitorAlarms,
  monitorHistory,
  monitorSettings,
  n2k,
  relay,
  subDevices,
  veDirectCounters,
} from './common.ts';
import { monitorMode, onOff14, spokenChargerState } from './enums.ts';
import { alternatorError } from './errors.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import {
  amperes1,
  celsius0,
  celsius1,
  int,
  labelled,
  percent0,
  percent1,
  rpm0,
  text,
  uint,
  volts2,
  watts0,
  writable,
} from './units.ts';

export const alternatorSchema = {
  ...productRows,
  ...subDevices,
  ...veDirectCounters,
  ...n2k,
  ...relay,
  ...monitorAlarms,
  ...monitorHistory,
  ...monitorSettings,
  ...chargeCycles,
  ...chargerLink,
  ...sourced('recorded', {
    '/Dc/0/Current': amperes1,
    '/Dc/0/Power': watts0,
    '/Dc/0/Temperature': celsius0,
    '/Dc/0/Voltage': volts2,
    '/Dc/1/Voltage': volts2,
    '/Engine/Speed': labelled('Engine speed', rpm0),
    '/Engine/Temperature': celsius1,
    '/Error/{n}/Id': text,
    '/ErrorCode': alternatorError,
    '/FieldDrive': labelled('Alternator field drive', percent0),
    '/GroupId': int,
    '/Soc': percent1,
    '/Speed': labelled('Alternator speed', rpm0),
    '/State': spokenChargerState,
  }),
  ...sourced('modbus', {
    '/Dc/In/P': labelled('Input power', watts0),
    '/Dc/In/V': volts2,
    '/Mode': labelled('Mode', writable(onOff14)),
  }),
  ...sourced('systemcalc', {
    '/Settings/BmsPresent': writable(int),
    '/Settings/ChargeCurrentLimit': writable(amperes1),
  }),
  ...sourced('names', {
    '/Capabilities/Capabilities1': uint,
    '/Dc/In/I': amperes1,
    '/DeviceOffReason': int,
    '/Settings/BatteryVoltageSetting': int,
    '/Settings/DeviceFunction': int,
    '/Settings/MonitorMode': monitorMode,
    '/Settings/OutputBattery': int,
    '/Utilization': percent0,
  }),
} as const satisfies Schema;
