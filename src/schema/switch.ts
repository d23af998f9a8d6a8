/** com.victronenergy.switch: switches, dimmers and GX IO extenders. */
import { n2k, switchableOutputs } from './common.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import { amperes0, amperes1, celsius1, float, int, list, percent0, spoken, text, volts1, writable } from './units.ts';

export const switchSchema = {
  ...productRows,
  ...n2k,
  ...switchableOutputs,
  ...sourced('recorded', {
    '/Channel/{n}/Current': amperes1,
    '/Channel/{n}/CustomName': writable(text),
    '/Channel/{n}/Dimming': percent0,
    ...each('/Channel/{n}', int, ['Function', 'Fuse', 'State', 'Status']),
    '/Channel/{n}/Temperature': celsius1,
    '/Channel/{n}/Voltage': volts1,
    '/MaxFuse': amperes0,
    '/MinFuse': amperes0,
    '/ModuleVoltage': volts1,
    '/NrOfChannels': int,
    '/ShowCurrent': int,
    '/ShowVoltage': int,
    '/State': spoken({
      256: 'Connected',
      257: 'Over temperature',
      258: 'Temperature warning',
      259: 'Channel fault',
      260: 'Channel tripped',
      261: 'Under voltage',
    }),
  }),
  ...sourced('names', {
    '/Channel/{n}/Direction': int,
    '/GenericInput/{name}/Name': text,
    '/GenericInput/{name}/Settings/CustomName': writable(text),
    ...each('/GenericInput/{name}/Settings', int, [
      'Decimals',
      'DigitalInputMode',
      'Invert',
      'RangeMax',
      'RangeMin',
      'ShowUIInput',
      'Type',
      'ValidTypes',
    ]),
    '/GenericInput/{name}/Settings/Group': text,
    '/GenericInput/{name}/Settings/Labels': list,
    '/GenericInput/{name}/Settings/PrimaryLabel': text,
    '/GenericInput/{name}/Settings/Unit': text,
    '/GenericInput/{name}/Status': int,
    '/GenericInput/{name}/Value': float,
  }),
} as const satisfies Schema;
