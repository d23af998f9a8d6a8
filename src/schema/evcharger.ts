/** com.victronenergy.evcharger: EV charging stations. */
import { acMeter, meterRole } from './common.ts';
import { stoppedStart } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { perPhase, sourced } from './table.ts';
import {
  amperes1,
  choice,
  firmware,
  float,
  int,
  kilowattHours2,
  labelled,
  seconds,
  text,
  watts0,
  writable,
} from './units.ts';

export const evchargerSchema = {
  ...productRows,
  ...acMeter,
  ...meterRole,
  ...sourced('recorded', {
    '/Ac/Energy/Forward': labelled('Energy consumed by charger', {
      type: 'float',
      unit: 'kWh',
      suffix: ' kWh',
      decimals: 2,
    }),
    ...perPhase('/Ac', { '/Power': labelled('Power', { type: 'float', unit: 'W', suffix: ' W', decimals: 0 }) }),
    '/Ac/Power': labelled('Total power', { type: 'float', unit: 'W', suffix: ' W', decimals: 0 }),
    '/AutoStart': writable(int),
    '/ChargingTime': labelled('Charging time', { type: 'float', unit: 's', suffix: ' s', decimals: 0 }),
    '/Current': labelled('Charge current', writable({ type: 'float', unit: 'A', suffix: ' A', decimals: 1 })),
    '/EnableDisplay': writable(choice({ 0: 'Locked', 1: 'Unlocked' })),
    '/FirmwareVersion': firmware,
    '/MaxCurrent': labelled(
      'Maximum charge current',
      writable({ type: 'float', unit: 'A', suffix: ' A', decimals: 0 }),
    ),
    '/Mode': labelled('Mode', writable(choice({ 0: 'Manual', 1: 'Auto', 2: 'Scheduled' }))),
    '/Model': labelled('Model', text),
    '/SetCurrent': labelled(
      'Set charge current (manual mode)',
      writable({ type: 'float', unit: 'A', suffix: ' A', decimals: 0 }),
    ),
    '/StartStop': labelled('Start/stop charging', writable(stoppedStart)),
    '/Status': labelled(
      'Status',
      choice({
        0: 'Disconnected',
        1: 'Connected',
        2: 'Charging',
        3: 'Charged',
        4: 'Waiting for sun',
        5: 'Waiting for RFID',
        6: 'Waiting for start',
        7: 'Low SOC',
        8: 'Ground test error',
        9: 'Welded contacts test error',
        10: 'CP input test error (shorted)',
        11: 'Residual current detected',
        12: 'Undervoltage detected',
        13: 'Overvoltage detected',
        14: 'Overheating detected',
        20: 'Charging limit',
        21: 'Start charging',
        22: 'Switching to 3 phase',
        23: 'Switching to 1 phase',
        24: 'Stop charging',
      }),
    ),
  }),
  ...sourced('modbus', {
    '/SavedCost': float,
    '/Session/Cost': labelled('Session cost', float),
    '/Session/Energy': kilowattHours2,
    '/Session/SavedCost': labelled('Session saved cost', float),
    '/Session/Time': labelled('Session charging time', seconds),
  }),
  ...sourced('names', {
    '/DeviceType': int,
    '/ErrorCode': int,
    '/MinCurrent': amperes1,
    '/S2/0/Active': int,
    '/S2/0/RmSettings/MaxChargePower': watts0,
    '/S2/0/RmSettings/RememberEvPhases': int,
  }),
} as const satisfies Schema;
