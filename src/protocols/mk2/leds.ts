/** Lights, alarms and the VE.Bus error of the LED frame (section 4). */
import type { LedOctets } from './frame.ts';
import { hasFlag } from './settings.ts';

/** Light → bit. */
export const LED = {
  mains: 0,
  absorption: 1,
  bulk: 2,
  float: 3,
  inverter: 4,
  overload: 5,
  lowBattery: 6,
  temperature: 7,
} as const;

export type Led = keyof typeof LED;

/** Alarm → bit of its warning; its alarm is four bits higher. */
export const ALARM = { highTemperature: 0, lowBattery: 1, overload: 2, ripple: 3 } as const;

export type Alarm = keyof typeof ALARM;

const ALARM_SHIFT = 4;
/** Both octets like this: the device shows an error by its lights, they tell nothing else. */
const ERROR_PATTERN = 0x1f;

export interface LedStatus extends LedOctets {
  /** Alarm bits; see `alarmLevel`. */
  readonly alarms: number;
  /** 0: none. */
  readonly error: number;
  /** The interface may not control the device. */
  readonly blocked: boolean;
}

/** @param data of an `L` answer, from 0xFF on; alarms and error are missing in the shortest */
export function decodeLedStatus(data: Uint8Array): LedStatus | undefined {
  const [head, letter, on, blink, alarms = 0, error = 0] = data;
  if (head !== 0xff || letter !== 0x4c || on === undefined || blink === undefined) return undefined;
  return { on, blink, alarms, error: error & 0x1f, blocked: (error & 0x80) !== 0 };
}

export function ledsTell({ on, blink }: LedOctets): boolean {
  return on !== ERROR_PATTERN || blink !== ERROR_PATTERN;
}

/** 0 off, 1 on, 2 blinking, 3 blinking in anti-phase. */
export function ledState({ on, blink }: LedOctets, led: Led): number {
  return ((on >> LED[led]) & 1) + 2 * ((blink >> LED[led]) & 1);
}

/** 0 ok, 1 warning, 2 alarm. */
export function alarmLevel(alarms: number, alarm: Alarm): number {
  if (hasFlag(alarms, ALARM[alarm] + ALARM_SHIFT)) return 2;
  return hasFlag(alarms, ALARM[alarm]) ? 1 : 0;
}

/** The alarm bits for levels, for the device's end. */
export function alarmBits(levels: Partial<Readonly<Record<Alarm, number>>>): number {
  let bits = 0;
  for (const [alarm, bit] of Object.entries(ALARM)) {
    const level = levels[alarm as Alarm] ?? 0; // the keys of ALARM
    if (level === 2) bits |= 1 << (bit + ALARM_SHIFT);
    else if (level === 1) bits |= 1 << bit;
  }
  return bits;
}

/** Sensors of which a device complains by its charger lights: which of bulk, absorption and float blink. */
export function sensorAlarms(status: LedStatus): { temperatureSensor: number; voltageSensor: number } {
  const blinks = (led: Led): boolean => ledState(status, led) >= 2;
  const quiet = status.error !== 0 || !ledsTell(status);
  const [bulk, absorption, float] = [blinks('bulk'), blinks('absorption'), blinks('float')];
  return {
    temperatureSensor: !quiet && absorption && float && !bulk ? 2 : 0,
    voltageSensor: !quiet && bulk && absorption && !float ? 2 : 0,
  };
}
