/** com.victronenergy.temperature: temperature sensors. */

import { n2k } from './common.ts';
import { sensorStatus } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { celsiusC0, choice, float0, int, labelled, percent0, seconds, text, volts2, writable } from './units.ts';

export const temperatureSchema = {
  ...productRows,
  ...n2k,
  ...sourced('recorded', {
    '/AccelX': labelled('Acceleration X', { type: 'float', unit: 'g', decimals: 2 }),
    '/AccelY': labelled('Acceleration Y', { type: 'float', unit: 'g', decimals: 2 }),
    '/AccelZ': labelled('Acceleration Z', { type: 'float', unit: 'g', decimals: 2 }),
    '/BatteryVoltage': labelled('Sensor battery voltage', volts2),
    '/DeviceName': text,
    '/FilterLength': writable(seconds),
    '/Humidity': labelled('Humidity', percent0),
    '/Offset': writable(float0),
    '/Pressure': labelled('Pressure', { type: 'float', unit: 'kPa', decimals: 1 }),
    '/RawUnit': text,
    '/RawValue': float0,
    '/Scale': writable(float0),
    '/SeqNo': int,
    '/Status': sensorStatus,
    '/Temperature': labelled('Temperature', celsiusC0),
    '/TemperatureType': labelled(
      'Sensor type',
      writable(
        choice({ 0: 'Battery', 1: 'Fridge', 2: 'Generic', 3: 'Room', 4: 'Outdoor', 5: 'Water heater', 6: 'Freezer' }),
      ),
    ),
    '/TxPower': { type: 'float', unit: 'dBm', decimals: 0 },
  }),
  ...sourced('node-red', {
    '/CO2': { type: 'float', unit: 'ppm', decimals: 0 },
    '/Luminosity': { type: 'float', unit: 'lux', decimals: 0 },
    '/NOX': int,
    '/PM25': { type: 'float', unit: 'µg/m3', decimals: 1 },
    '/VOC': int,
  }),
} as const satisfies Schema;
