/** com.victronenergy.genset: AC generator sets. */
import { acMeter, meterRole, n2k } from './common.ts';
import { disabledEnabled, gensetStatus, stoppedStart } from './enums.ts';
import { gensetError } from './errors.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { perPhase, sourced } from './table.ts';
import {
  amperes0,
  amperes1,
  celsius1,
  celsiusDegrees0,
  hertz0,
  int,
  kilopascal0,
  labelled,
  percent0,
  rpm0,
  seconds,
  text,
  volts0,
  volts1,
  volts2,
  watts0,
  writable,
} from './units.ts';

export const gensetSchema = {
  ...productRows,
  ...n2k,
  ...acMeter,
  ...meterRole,
  ...sourced('recorded', {
    '/Ac/Frequency': labelled('AC frequency', hertz0),
    ...perPhase('/Ac', { '/Current': amperes0, '/Frequency': hertz0, '/Voltage': volts0 }),
    '/AutoStart': int,
    '/Engine/CoolantTemperature': labelled('Engine coolant temperature', celsiusDegrees0),
    '/Engine/ExaustTemperature': labelled('Engine exhaust temperature', celsiusDegrees0),
    '/Engine/Load': labelled('Engine load', percent0),
    '/Engine/OperatingHours': labelled('Engine operating hours', seconds),
    '/Engine/Speed': labelled('Engine speed', rpm0),
    '/Engine/WindingTemperature': labelled('Engine winding temperature', celsiusDegrees0),
    '/ErrorCode': labelled('Error', gensetError),
    '/ModuleId': int,
    '/RemoteStartModeEnabled': labelled('Remote start mode', disabledEnabled),
    '/Start': labelled('Start generator', writable(stoppedStart)),
    '/StarterVoltage': labelled('Starter voltage', volts1),
    '/StatusCode': labelled('Status', gensetStatus),
  }),
  ...sourced('modbus', {
    '/Engine/OilPressure': labelled('Oil pressure', kilopascal0),
    '/Engine/OilTemperature': labelled('Oil temperature', celsius1),
    '/Error/{n}/Id': labelled('Generator specific error code', text),
  }),
  ...sourced('node-red', {
    '/Dc/0/Current': labelled('DC output 1 - current', amperes1),
    '/Dc/0/Power': labelled('DC output 1 - power', watts0),
    '/Dc/0/Voltage': labelled('DC output 1 - voltage', volts2),
    '/Engine/Starts': labelled('Number of starts', int),
    '/HeatsinkTemperature': labelled('Heatsink temperature', celsius1),
  }),
  ...sourced('systemcalc', {
    '/DeviceType': int,
  }),
  ...sourced('names', {
    '/Ac/Phase': int,
    '/Ac/PowerLimit': watts0,
    '/EnableRemoteStartMode': writable(int),
    '/Model': text,
  }),
} as const satisfies Schema;
