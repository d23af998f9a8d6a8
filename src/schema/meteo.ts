/** com.victronenergy.meteo: weather and irradiance sensors. */
import { subDevices } from './common.ts';
import { alarm } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { celsius1, int, kilowattHours2, labelled, metersPerSecond2, seconds, text, volts2, watts0 } from './units.ts';

export const meteoSchema = {
  ...productRows,
  ...subDevices,
  ...sourced('modbus', {
    '/CellTemperature': labelled('Sensor cell temperature', celsius1),
    '/ExternalTemperature': labelled('External temperature', celsius1),
    '/ExternalTemperature2': labelled('External temperature, second sensor', celsius1),
    '/Irradiance': labelled('Solar irradiance', { type: 'float', unit: 'W/m2', decimals: 1 }),
    '/WindSpeed': labelled('Wind speed', metersPerSecond2),
  }),
  ...sourced('node-red', {
    '/BatteryVoltage': labelled('Battery voltage', volts2),
    '/InstallationPower': labelled('Installation power', watts0),
    '/TimeSinceLastSun': labelled('Time since last sun', seconds),
    '/TodaysYield': labelled('Yield of today', kilowattHours2),
    '/WindDirection': labelled('Wind direction', { type: 'float', unit: '°', decimals: 0 }),
  }),
  ...sourced('names', {
    '/Alarms/LowBattery': alarm,
    '/ChrErrorCode': int,
    '/DeviceName': text,
    '/ErrorCode': int,
    '/Status': int,
    '/TxPowerLevel': int,
    '/UnspecifiedRemnant': int,
  }),
} as const satisfies Schema;
