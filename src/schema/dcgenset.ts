/** com.victronenergy.dcgenset: DC generator sets. */
import { n2k } from './common.ts';
import { alarm, disabledEnabled, gensetStatus, stoppedStart } from './enums.ts';
import { gensetError } from './errors.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import {
  amperes1,
  celsius0,
  celsius1,
  int,
  kilopascal0,
  kilowattHours2,
  labelled,
  percent0,
  rpm0,
  seconds,
  text,
  volts1,
  watts0,
  writable,
} from './units.ts';

export const dcgensetSchema = {
  ...productRows,
  ...n2k,
  ...sourced('recorded', {
    '/Dc/0/Current': labelled('DC current', amperes1),
    '/Dc/0/Power': watts0,
    '/Dc/0/Voltage': volts1,
    '/Engine/CoolantTemperature': labelled('Engine coolant temperature', celsius0),
    '/Engine/ExaustTemperature': labelled('Engine exhaust temperature', celsius0),
    '/Engine/Load': labelled('Engine load', percent0),
    '/Engine/OilTemperature': labelled('Engine oil temperature', celsius0),
    '/Engine/OperatingHours': labelled('Operating hours', seconds),
    '/Engine/Speed': labelled('Engine speed', rpm0),
    '/Engine/WindingTemperature': labelled('Internal winding temperature', celsius0),
    '/Error/{n}/Id': labelled('Generator specific error code', text),
    '/HeatsinkTemperature': labelled('Heatsink temperature', celsius0),
    '/Limits/Current': amperes1,
    '/Limits/Power': watts0,
    '/Limits/Voltage': volts1,
    '/Link/ChargeVoltage': writable(volts1),
    '/ModuleId': int,
    '/RemoteStartModeEnabled': disabledEnabled,
    '/Settings/BmsPresent': writable(int),
    '/Settings/ChargeCurrentLimit': writable(amperes1),
    '/Settings/ChargeVoltage': writable(volts1),
    '/Start': labelled('Start generator', writable(stoppedStart)),
    '/StarterVoltage': labelled('Starter battery voltage', volts1),
    '/StatusCode': gensetStatus,
  }),
  ...sourced('modbus', {
    '/Engine/OilPressure': labelled('Oil pressure', kilopascal0),
    '/ErrorCode': gensetError,
  }),
  ...sourced('node-red', {
    '/History/EnergyOut': labelled('Total energy produced', kilowattHours2),
  }),
  ...sourced('systemcalc', {
    '/Link/ChargeCurrent': writable(amperes1),
  }),
  ...sourced('names', {
    ...each('/Alarms', alarm, [
      'EmergencyStop',
      'GenericAlarm',
      'HighStarterVoltage',
      'HighTemperature',
      'LowCoolantLevel',
      'LowFuelLevel',
      'LowOilLevel',
      'LowOilPressure',
      'LowStarterVoltage',
      'ServicesNeeded',
    ]),
    '/AutoStart': int,
    '/DeviceName': text,
    '/EnableRemoteStartMode': writable(int),
    '/Engine/ExhaustTemperature': celsius1,
    '/Engine/Starts': int,
    '/Model': text,
    '/State': int,
  }),
} as const satisfies Schema;
