/** AC inputs, outputs and meters (fact sheet vecan-n2k, section 5). */
import { choice, gap, s32, signed, u8, u16, u32, unsigned } from '../field.ts';
import { AC_LINES, ACCEPTABILITIES, WAVEFORMS } from '../meanings.ts';
import type { Message } from '../message.ts';

/** Of one line, behind its number and what is said of its quality. */
const LINE_MEASUREMENTS = [
  u16('voltage', 0.01, 'V'),
  u16('current', 0.1, 'A'),
  u16('frequency', 0.01, 'Hz'),
  u16('breakerSize', 0.1, 'A'),
  u32('realPower', 1, 'W'),
  u32('reactivePower', 1, 'var'),
  signed('powerFactor', 8, 0.01, undefined, { limit: 1 }),
] as const;

export const acInputStatus = {
  pgn: 127_503,
  name: 'acInputStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [u8('instance'), u8('numberOfLines')],
  repeated: [
    choice('line', 2, AC_LINES),
    unsigned('acceptability', 2, 1, undefined, { everyCode: true, meanings: ACCEPTABILITIES }),
    gap(4),
    ...LINE_MEASUREMENTS,
  ],
} as const satisfies Message;

export const acOutputStatus = {
  pgn: 127_504,
  name: 'acOutputStatus',
  kind: 'fast',
  priority: 6,
  intervalMs: 1500,
  fields: [u8('instance'), u8('numberOfLines')],
  repeated: [choice('line', 2, AC_LINES), choice('waveform', 3, WAVEFORMS), gap(3), ...LINE_MEASUREMENTS],
} as const satisfies Message;

const POWER_CURRENT = [u8('sid'), u8('connectionNumber'), u16('acRmsCurrent', 0.1, 'A'), s32('power', 1, 'W')] as const;

const VOLTAGE_FREQUENCY = [
  u8('sid'),
  u8('connectionNumber'),
  u16('acVoltageLineToNeutral', 0.1, 'V'),
  u16('acVoltageLineToLine', 0.1, 'V'),
  u16('frequency', 0.1, 'Hz'),
] as const;

export const acPowerA = {
  pgn: 127_744,
  name: 'acPowerCurrentPhaseA',
  kind: 'single',
  priority: 6,
  fields: POWER_CURRENT,
} as const satisfies Message;

export const acPowerB = { ...acPowerA, pgn: 127_745, name: 'acPowerCurrentPhaseB' } as const satisfies Message;
export const acPowerC = { ...acPowerA, pgn: 127_746, name: 'acPowerCurrentPhaseC' } as const satisfies Message;

export const acVoltageA = {
  pgn: 127_747,
  name: 'acVoltageFrequencyPhaseA',
  kind: 'single',
  priority: 6,
  fields: VOLTAGE_FREQUENCY,
} as const satisfies Message;

export const acVoltageB = { ...acVoltageA, pgn: 127_748, name: 'acVoltageFrequencyPhaseB' } as const satisfies Message;
export const acVoltageC = { ...acVoltageA, pgn: 127_749, name: 'acVoltageFrequencyPhaseC' } as const satisfies Message;
