/** Engines, gensets and their automatic start (fact sheet vecan-n2k, section 5). */
import { choice, countedText, flags, gap, s8, s16, u8, u16, u32 } from '../field.ts';
import { AGS_MODES, AGS_OPERATING_STATES, ENGINE_INSTANCES, GEARS, GENERATOR_STATES } from '../meanings.ts';
import type { Message } from '../message.ts';

export const engineRapid = {
  pgn: 127_488,
  name: 'engineParametersRapidUpdate',
  kind: 'single',
  priority: 2,
  intervalMs: 100,
  fields: [
    choice('instance', 8, ENGINE_INSTANCES),
    u16('speed', 0.25, 'rpm'),
    u16('boostPressure', 100, 'Pa'),
    s8('tiltTrim', 1, '%'),
    gap(16),
  ],
} as const satisfies Message;

export const engineDynamic = {
  pgn: 127_489,
  name: 'engineParametersDynamic',
  kind: 'fast',
  priority: 2,
  intervalMs: 500,
  fields: [
    choice('instance', 8, ENGINE_INSTANCES),
    u16('oilPressure', 100, 'Pa'),
    u16('oilTemperature', 0.1, 'K'),
    u16('temperature', 0.01, 'K'),
    s16('alternatorPotential', 0.01, 'V'),
    s16('fuelRate', 0.1, 'L/h'),
    u32('totalEngineHours', 1, 's'),
    u16('coolantPressure', 100, 'Pa'),
    u16('fuelPressure', 1000, 'Pa'),
    gap(8),
    flags('discreteStatus1', 16),
    flags('discreteStatus2', 16),
    s8('engineLoad', 1, '%'),
    s8('engineTorque', 1, '%'),
  ],
} as const satisfies Message;

export const transmission = {
  pgn: 127_493,
  name: 'transmissionParametersDynamic',
  kind: 'single',
  priority: 2,
  intervalMs: 100,
  fields: [
    choice('instance', 8, ENGINE_INSTANCES),
    choice('transmissionGear', 2, GEARS),
    gap(6),
    u16('oilPressure', 100, 'Pa'),
    u16('oilTemperature', 0.1, 'K'),
    u8('discreteStatus1'),
    gap(8),
  ],
} as const satisfies Message;

export const engineStatic = {
  pgn: 127_498,
  name: 'engineParametersStatic',
  kind: 'fast',
  priority: 5,
  fields: [
    choice('instance', 8, ENGINE_INSTANCES),
    u16('ratedEngineSpeed', 0.25, 'rpm'),
    countedText('vin'),
    countedText('softwareId'),
  ],
} as const satisfies Message;

export const agsConfiguration = {
  pgn: 127_512,
  name: 'agsConfigurationStatus',
  kind: 'fast',
  priority: 6,
  fields: [u8('instance'), u8('generatorInstance'), choice('agsMode', 4, AGS_MODES), gap(4)],
} as const satisfies Message;

export const agsStatus = {
  pgn: 127_514,
  name: 'agsStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [
    u8('instance'),
    u8('generatorInstance'),
    choice('agsOperatingState', 4, AGS_OPERATING_STATES),
    choice('generatorState', 4, GENERATOR_STATES),
    u8('generatorOnReason'),
    u8('generatorOffReason'),
  ],
} as const satisfies Message;
