/** Tanks, temperatures, humidity, pressure, and switches (fact sheet vecan-n2k, section 5). */
import { choice, gap, type NumberField, s16, s32, u8, u16, u32, unsigned } from '../field.ts';
import {
  FLUID_TYPES,
  HUMIDITY_SOURCES,
  OFF_ON,
  PRESSURE_SOURCES,
  SWITCH_ORDERS,
  TEMPERATURE_SOURCES,
} from '../meanings.ts';
import type { Message } from '../message.ts';

/** Switches of one bank. */
const BANK_SWITCHES = 28;

function bank<Name extends string>(
  name: Name,
  field: (name: `${Name}${number}`) => NumberField<`${Name}${number}`>,
): NumberField<`${Name}${number}`>[] {
  return Array.from({ length: BANK_SWITCHES }, (_, i) => field(`${name}${i + 1}`));
}

export const switchBankStatus = {
  pgn: 127_501,
  name: 'binarySwitchBankStatus',
  kind: 'single',
  priority: 3,
  fields: [u8('instance'), ...bank('indicator', name => choice(name, 2, OFF_ON))],
} as const satisfies Message;

export const switchBankControl = {
  pgn: 127_502,
  name: 'switchBankControl',
  kind: 'single',
  priority: 3,
  fields: [
    u8('instance'),
    ...bank('switch', name => unsigned(name, 2, 1, undefined, { everyCode: true, meanings: SWITCH_ORDERS })),
  ],
} as const satisfies Message;

export const fluidLevel = {
  pgn: 127_505,
  name: 'fluidLevel',
  kind: 'single',
  priority: 6,
  intervalMs: 2500,
  fields: [
    unsigned('instance', 4),
    choice('type', 4, FLUID_TYPES),
    s16('level', 0.004, '%'),
    u32('capacity', 0.1, 'L'),
    gap(8),
  ],
} as const satisfies Message;

export const environment = {
  pgn: 130_311,
  name: 'environmentalParameters',
  kind: 'single',
  priority: 5,
  intervalMs: 500,
  fields: [
    u8('sid'),
    choice('temperatureSource', 6, TEMPERATURE_SOURCES),
    choice('humiditySource', 2, HUMIDITY_SOURCES),
    u16('temperature', 0.01, 'K'),
    s16('humidity', 0.004, '%'),
    u16('atmosphericPressure', 100, 'Pa'),
  ],
} as const satisfies Message;

export const temperature = {
  pgn: 130_312,
  name: 'temperature',
  kind: 'single',
  priority: 5,
  intervalMs: 2000,
  fields: [
    u8('sid'),
    u8('instance'),
    choice('source', 8, TEMPERATURE_SOURCES),
    u16('actualTemperature', 0.01, 'K'),
    u16('setTemperature', 0.01, 'K'),
    gap(8),
  ],
} as const satisfies Message;

export const humidity = {
  pgn: 130_313,
  name: 'humidity',
  kind: 'single',
  priority: 5,
  intervalMs: 2000,
  fields: [
    u8('sid'),
    u8('instance'),
    choice('source', 8, HUMIDITY_SOURCES),
    s16('actualHumidity', 0.004, '%'),
    s16('setHumidity', 0.004, '%'),
    gap(8),
  ],
} as const satisfies Message;

export const pressure = {
  pgn: 130_314,
  name: 'actualPressure',
  kind: 'single',
  priority: 5,
  intervalMs: 2000,
  fields: [u8('sid'), u8('instance'), choice('source', 8, PRESSURE_SOURCES), s32('pressure', 0.1, 'Pa'), gap(8)],
} as const satisfies Message;

export const temperatureExtended = {
  pgn: 130_316,
  name: 'temperatureExtendedRange',
  kind: 'single',
  priority: 5,
  intervalMs: 2000,
  fields: [
    u8('sid'),
    u8('instance'),
    choice('source', 8, TEMPERATURE_SOURCES),
    unsigned('temperature', 24, 0.001, 'K'),
    u16('setTemperature', 0.1, 'K'),
  ],
} as const satisfies Message;
