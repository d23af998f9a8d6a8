/** Records that assistants keep in the RAM of a device, from ASSISTANT_RAM on (section 5.4). */
import { ASSISTANT_RAM, ASSISTANT_WORDS } from './ram.ts';

/** Assistants that are known by their records. */
export const ASSISTANT = { acSensor: 1, hub1: 2, ess: 5 } as const;

export interface AssistantRecord {
  readonly assistant: number;
  /** RAM id of its first word, behind the head. */
  readonly ram: number;
  readonly words: number;
}

/** The head of a record; null at the end of the list. */
export function decodeHead(head: number, ram: number): AssistantRecord | null {
  return head === 0 ? null : { assistant: head >> 4, ram: ram + 1, words: head & 0xf };
}

/** Where the next head stands; undefined behind the last word that is looked at. */
export function nextHead({ ram, words }: AssistantRecord): number | undefined {
  const next = ram + words;
  return next < ASSISTANT_RAM + ASSISTANT_WORDS ? next : undefined;
}

/** The ESS assistant's words, counted from the first behind the head. The two flags have a single source. */
export const ESS_WORD = { setpoint: 0, disableCharge: 1, disableFeedIn: 2 } as const;

/** The AC current sensor assistant's words. */
export const SENSOR_WORD = { info: 0, current: 1, power: 2, energy: 3 } as const;

/** Where a sensor is, as `/Position` of a PV inverter: 0 AC input 1, 1 AC output, 2 AC input 2 (inferred). */
export interface SensorInfo {
  readonly location: number;
  /** 0 L1, 1 L2, 2 L3. */
  readonly phase: number;
}

export function decodeSensorInfo(word: number): SensorInfo {
  return { location: word & 0x1f, phase: (word >> 5) & 3 };
}

const SENSOR_AMPERES = 100;

export function sensorAmperes(word: number): number {
  return word / SENSOR_AMPERES;
}

/** Energy counters of sensors and of devices count in these steps. */
export const ENERGY_STEP_KWH = 65_536 / 3_600_000;
