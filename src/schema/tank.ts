/** com.victronenergy.tank: tank level sensors. */
import { n2k } from './common.ts';
import { alarm, FLUIDS, sensorStatus } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import {
  celsius1,
  choice,
  cubicMeters4,
  float0,
  int,
  labelled,
  percent1,
  seconds,
  spoken,
  text,
  volts2,
  writable,
} from './units.ts';

export const tankSchema = {
  ...productRows,
  ...n2k,
  ...sourced('recorded', {
    '/Alarms/High/Active': writable(int),
    '/Alarms/High/Delay': writable(seconds),
    '/Alarms/High/Enable': writable(spoken({ 0: 'Disabled', 1: 'Enabled' })),
    '/Alarms/High/Restore': writable(int),
    '/Alarms/High/State': alarm,
    '/Alarms/Low/Active': writable(int),
    '/Alarms/Low/Delay': writable(seconds),
    '/Alarms/Low/Enable': writable(spoken({ 0: 'Disabled', 1: 'Enabled' })),
    '/Alarms/Low/Restore': writable(int),
    '/Alarms/Low/State': alarm,
    '/Capacity': labelled('Capacity', writable(cubicMeters4)),
    '/FilterLength': writable(seconds),
    '/FluidType': labelled('Fluid type', writable(choice(FLUIDS))),
    '/Level': labelled('Tank level', percent1),
    '/RawUnit': text,
    '/RawValue': float0,
    '/RawValueEmpty': writable({ type: 'float', unit: 'Ω', suffix: 'ohm', decimals: 0 }),
    '/RawValueFull': writable({ type: 'float', unit: 'Ω', suffix: 'ohm', decimals: 0 }),
    '/Remaining': labelled('Remaining', cubicMeters4),
    '/Shape': writable(text),
    '/Standard': writable(spoken({ 0: 'European', 1: 'American', 2: 'Custom' })),
    '/Status': sensorStatus,
  }),
  ...sourced('node-red', {
    '/BatteryVoltage': volts2,
    '/Temperature': celsius1,
  }),
  ...sourced('systemcalc', {
    '/DeviceName': text,
  }),
} as const satisfies Schema;
