/** What is asked and how often, most wanted first: rows that are due at the same time are asked in this order. */
import { AC_SENSORS, ASSISTANTS, ESS, SERIALS, SETTINGS, WHO_IS_THERE } from './device-polls.ts';
import {
  AC,
  AC_SCALES,
  DC,
  DC_AGAIN,
  DC_SCALES,
  ENERGIES,
  FIRST_SCALE,
  OTHER_SCALES,
  POWERS,
  TERMINALS,
} from './measurement-polls.ts';
import type { Poll } from './poll.ts';
import {
  AC_INPUT,
  DEVICE_STATE,
  HELD_MODE,
  IGNORE_INPUT,
  LEDS,
  LINES,
  PANEL,
  PRESENT_PANELS,
  SOC,
} from './status-polls.ts';

export const POLL_PLAN: readonly Poll[] = [
  FIRST_SCALE,
  DC,
  DC_SCALES,
  DC_AGAIN,
  AC_SCALES,
  ...AC,
  DEVICE_STATE,
  LEDS,
  AC_INPUT,
  OTHER_SCALES,
  POWERS,
  PANEL,
  // In the background:
  HELD_MODE,
  SOC,
  ASSISTANTS,
  ESS,
  AC_SENSORS,
  SETTINGS,
  ENERGIES,
  TERMINALS,
  IGNORE_INPUT,
  SERIALS,
  LINES,
  PRESENT_PANELS,
  WHO_IS_THERE,
];
