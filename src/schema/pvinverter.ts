/** com.victronenergy.pvinverter: PV inverters on AC. */
import { acMeter, meterRole, n2k, subDevices } from './common.ts';
import { alarm, position } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, choice, int, labelled, text, volts1, volts2, watts0, writable } from './units.ts';

export const pvinverterSchema = {
  ...productRows,
  ...subDevices,
  ...n2k,
  ...acMeter,
  ...meterRole,
  ...sourced('recorded', {
    '/Ac/MaxPower': labelled('Rated power', watts0),
    '/Ac/MinPowerLimit': watts0,
    '/Ac/PowerLimit': labelled('Power limit', writable(watts0)),
    '/DeviceType': int,
    '/ErrorCode': labelled('Error', int),
    '/FroniusDeviceType': int,
    '/Position': labelled('Position', writable(position)),
    '/StatusCode': labelled(
      'Status',
      choice({
        0: 'Startup 0',
        1: 'Startup 1',
        2: 'Startup 2',
        3: 'Startup 3',
        4: 'Startup 4',
        5: 'Startup 5',
        6: 'Startup 6',
        7: 'Running',
        8: 'Standby',
        9: 'Boot loading',
        10: 'Error',
        11: 'Running (MPPT)',
        12: 'Running (Throttled)',
      }),
    ),
  }),
  ...sourced('program', {
    '/Ac/NumberOfPhases': int,
    '/Pv/{n}/P': watts0,
    '/Pv/{n}/V': volts2,
  }),
  ...sourced('names', {
    '/Ac/Out/L1/I': amperes1,
    '/Ac/Out/L1/V': volts1,
    '/Alarms/PhaseRotation': alarm,
    '/DataManagerVersion': text,
    '/Dc/0/Voltage': volts2,
    '/Info/LimiterModel': int,
    '/Info/MeasurementModel': int,
    '/Latency': int,
    '/UpdateIndex': int,
  }),
} as const satisfies Schema;
