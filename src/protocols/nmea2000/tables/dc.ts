/** Batteries, chargers and inverters (fact sheet vecan-n2k, section 5). */
import { choice, gap, s8, s16, signed, u8, u16, unsigned } from '../field.ts';
import {
  BATTERY_CHEMISTRIES,
  BATTERY_TYPES,
  BATTERY_VOLTAGES,
  CHARGER_MODES,
  CHARGER_STATES,
  CHARGING_ALGORITHMS,
  DC_TYPES,
  GOOD_WARNING_ERROR,
  INVERTER_MODES,
  INVERTER_STATES,
  NO_YES,
  OFF_ON,
  TEMPERATURE_STATES,
} from '../meanings.ts';
import type { Message } from '../message.ts';

export const dcDetailedStatus = {
  pgn: 127_506,
  name: 'dcDetailedStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [
    u8('sid'),
    u8('instance'),
    choice('dcType', 8, DC_TYPES),
    u8('stateOfCharge', 1, '%'),
    u8('stateOfHealth', 1, '%'),
    u16('timeRemaining', 60, 's'),
    u16('rippleVoltage', 0.001, 'V'),
    u16('remainingCapacity', 1, 'Ah'),
  ],
} as const satisfies Message;

export const chargerStatus = {
  pgn: 127_507,
  name: 'chargerStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [
    u8('instance'),
    u8('batteryInstance'),
    choice('operatingState', 4, CHARGER_STATES),
    choice('chargeMode', 4, CHARGER_MODES),
    choice('enabled', 2, OFF_ON),
    choice('equalizationPending', 2, OFF_ON),
    gap(4),
    u16('equalizationTimeRemaining', 60, 's'),
  ],
} as const satisfies Message;

export const batteryStatus = {
  pgn: 127_508,
  name: 'batteryStatus',
  kind: 'single',
  priority: 6,
  intervalMs: 1500,
  fields: [
    u8('instance'),
    s16('voltage', 0.01, 'V'),
    s16('current', 0.1, 'A'),
    u16('temperature', 0.01, 'K'),
    u8('sid'),
  ],
} as const satisfies Message;

export const inverterStatus = {
  pgn: 127_509,
  name: 'inverterStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [
    u8('instance'),
    u8('acInstance'),
    u8('dcInstance'),
    choice('operatingState', 4, INVERTER_STATES),
    choice('inverterEnable', 2, OFF_ON),
    gap(2),
  ],
} as const satisfies Message;

export const chargerConfiguration = {
  pgn: 127_510,
  name: 'chargerConfigurationStatus',
  kind: 'fast',
  priority: 6,
  fields: [
    u8('instance'),
    u8('batteryInstance'),
    choice('chargerEnableDisable', 2, OFF_ON),
    gap(6),
    u8('chargeCurrentLimit', 1, '%'),
    choice('chargingAlgorithm', 4, CHARGING_ALGORITHMS),
    choice('chargerMode', 4, CHARGER_MODES),
    choice('estimatedTemperature', 4, TEMPERATURE_STATES),
    choice('equalizeOneTimeEnableDisable', 2, OFF_ON),
    choice('overChargeEnableDisable', 2, OFF_ON),
    u16('equalizeTime', 60, 's'),
  ],
} as const satisfies Message;

export const inverterConfiguration = {
  pgn: 127_511,
  name: 'inverterConfigurationStatus',
  kind: 'fast',
  priority: 6,
  fields: [
    u8('instance'),
    u8('acInstance'),
    u8('dcInstance'),
    choice('inverterEnableDisable', 2, OFF_ON),
    choice('inverterMode', 4, INVERTER_MODES),
    choice('loadSenseEnableDisable', 2, OFF_ON),
    u16('loadSensePowerThreshold', 1, 'W'),
    u16('loadSenseInterval', 0.01, 's'),
  ],
} as const satisfies Message;

export const batteryConfiguration = {
  pgn: 127_513,
  name: 'batteryConfigurationStatus',
  kind: 'fast',
  priority: 6,
  fields: [
    u8('instance'),
    choice('batteryType', 4, BATTERY_TYPES),
    choice('supportsEqualization', 2, NO_YES),
    gap(2),
    choice('nominalVoltage', 4, BATTERY_VOLTAGES),
    choice('chemistry', 4, BATTERY_CHEMISTRIES),
    u16('capacity', 1, 'Ah'),
    s8('temperatureCoefficient', 1, '%'),
    unsigned('peukertExponent', 8, 0.002, undefined, { offset: 1, limit: 1.5 }),
    s8('chargeEfficiencyFactor', 1, '%'),
  ],
} as const satisfies Message;

/** Its states are those of VE.Direct and register 0x0201. */
export const converterStatus = {
  pgn: 127_750,
  name: 'converterStatus',
  kind: 'single',
  priority: 6,
  fields: [
    u8('sid'),
    u8('connectionNumber'),
    u8('operatingState'),
    choice('temperatureState', 2, GOOD_WARNING_ERROR),
    choice('overloadState', 2, GOOD_WARNING_ERROR),
    choice('lowDcVoltageState', 2, GOOD_WARNING_ERROR),
    choice('rippleState', 2, GOOD_WARNING_ERROR),
    gap(32),
  ],
} as const satisfies Message;

export const dcVoltageCurrent = {
  pgn: 127_751,
  name: 'dcVoltageCurrent',
  kind: 'single',
  priority: 6,
  fields: [u8('sid'), u8('connectionNumber'), u16('dcVoltage', 0.1, 'V'), signed('dcCurrent', 24, 0.01, 'A'), gap(8)],
} as const satisfies Message;
