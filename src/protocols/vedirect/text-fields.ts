/** The fields of VE.Direct TEXT blocks (fact sheet vedirect, section 3). */
import { decodeFw, decodeFwe } from './firmware.ts';
import { fromRaw } from './scale.ts';

/** How a value stands on the wire. `code` and `bits` are decimal: see codes.ts for their meaning. */
export type TextForm = 'number' | 'code' | 'bits' | 'hex' | 'onOff' | 'text' | 'fw' | 'fwe';

export interface TextField {
  readonly form: TextForm;
  readonly meaning: string;
  /** Unit after scaling. */
  readonly unit?: string;
  /** Unit × scale is what one step on the wire stands for. */
  readonly scale?: number;
  /** A number that stands for "no value". */
  readonly none?: number;
}

const volts = (meaning: string): TextField => ({ form: 'number', unit: 'V', scale: 0.001, meaning });
const amperes = (meaning: string): TextField => ({ form: 'number', unit: 'A', scale: 0.001, meaning });
const watts = (meaning: string): TextField => ({ form: 'number', unit: 'W', meaning });
const ampereHours = (meaning: string): TextField => ({ form: 'number', unit: 'Ah', scale: 0.001, meaning });
const energy = (meaning: string): TextField => ({ form: 'number', unit: 'kWh', scale: 0.01, meaning });
const percent = (meaning: string): TextField => ({ form: 'number', unit: '%', scale: 0.1, meaning });
const count = (meaning: string): TextField => ({ form: 'number', meaning });
const code = (meaning: string): TextField => ({ form: 'code', meaning });
const onOff = (meaning: string): TextField => ({ form: 'onOff', meaning });

export const TEXT_FIELDS = {
  PID: { form: 'hex', meaning: 'product id' },
  'SER#': { form: 'text', meaning: 'serial number' },
  FW: { form: 'fw', meaning: 'firmware version, 16 bits' },
  FWE: { form: 'fwe', meaning: 'firmware version, 24 bits' },
  BMV: { form: 'text', meaning: 'model of a battery monitor (older firmware)' },

  V: volts('main or channel 1 battery voltage'),
  V2: volts('channel 2 battery voltage'),
  V3: volts('channel 3 battery voltage'),
  VS: volts('starter battery voltage'),
  VM: volts('mid-point voltage of the battery bank'),
  DM: percent('mid-point deviation of the battery bank'),
  T: { form: 'number', unit: '°C', meaning: 'battery temperature' },
  I: amperes('main or channel 1 battery current, + charges'),
  I2: amperes('channel 2 battery current'),
  I3: amperes('channel 3 battery current'),
  P: watts('power, + charges'),
  CE: ampereHours('consumed, 0 or less'),
  SOC: percent('state of charge'),
  TTG: { form: 'number', unit: 's', scale: 60, none: -1, meaning: 'time to go; without value when not discharging' },

  VPV: volts('panel voltage'),
  PPV: watts('panel power'),
  IL: amperes('load current'),
  LOAD: onOff('load output'),
  MPPT: code('tracker mode'),

  AC_OUT_V: { form: 'number', unit: 'V', scale: 0.01, meaning: 'AC output voltage' },
  AC_OUT_I: { form: 'number', unit: 'A', scale: 0.1, meaning: 'AC output current' },
  AC_OUT_S: { form: 'number', unit: 'VA', meaning: 'AC output apparent power' },
  DC_IN_V: { form: 'number', unit: 'V', scale: 0.01, meaning: 'DC input voltage' },
  DC_IN_I: { form: 'number', unit: 'A', scale: 0.1, meaning: 'DC input current' },
  DC_IN_P: watts('DC input power'),

  Alarm: onOff('alarm'),
  Relay: onOff('relay'),
  AR: { form: 'bits', meaning: 'alarm reasons' },
  WARN: { form: 'bits', meaning: 'warning reasons' },
  OR: { form: 'hex', meaning: 'off reasons' },
  CS: code('device state'),
  ERR: code('charger error'),
  MODE: code('device mode'),
  MON: code('what a DC monitor measures'),

  H1: ampereHours('deepest discharge, 0 or less'),
  H2: ampereHours('last discharge, 0 or less'),
  H3: ampereHours('average discharge, 0 or less'),
  H4: count('charge cycles'),
  H5: count('full discharges'),
  H6: ampereHours('drawn altogether, 0 or less'),
  H7: volts('lowest battery voltage'),
  H8: volts('highest battery voltage'),
  H9: { form: 'number', unit: 's', meaning: 'time since the last full charge' },
  H10: count('automatic synchronisations'),
  H11: count('low voltage alarms'),
  H12: count('high voltage alarms'),
  H13: count('low auxiliary voltage alarms'),
  H14: count('high auxiliary voltage alarms'),
  H15: volts('lowest auxiliary voltage'),
  H16: volts('highest auxiliary voltage'),
  H17: energy('discharged or produced'),
  H18: energy('charged or consumed'),
  H19: energy('yield since the user reset it'),
  H20: energy('yield today'),
  H21: watts('highest power today'),
  H22: energy('yield yesterday'),
  H23: watts('highest power yesterday'),
  HSDS: count('day number, 0 to 364'),
} as const satisfies Readonly<Record<string, TextField>>;

export type TextLabel = keyof typeof TEXT_FIELDS;

/** @returns undefined for a label we do not know: such fields are ignored */
export function textField(label: string): TextField | undefined {
  return Object.hasOwn(TEXT_FIELDS, label) ? TEXT_FIELDS[label as TextLabel] : undefined; // hasOwn has just shown it
}

/** What stands for a sensor that is not there. */
const NONE = '---';
const WHOLE_NUMBER = /^[+-]?\d{1,10}$/;
const HEX_NUMBER = /^0[xX][0-9A-Fa-f]{1,8}$/;

/**
 * A value in the unit of its field; ON is 1 and OFF is 0.
 *
 * @returns null when the device has no value, undefined when the text is not of the field's form
 */
export function decodeText(field: TextField, text: string): number | string | null | undefined {
  if (text === NONE) return null;
  switch (field.form) {
    case 'text':
      return text;
    case 'onOff':
      return decodeOnOff(text);
    case 'hex':
      return HEX_NUMBER.test(text) ? Number.parseInt(text, 16) : undefined;
    case 'fw':
      return decodeFw(text)?.version;
    case 'fwe':
      return decodeFwe(text)?.version;
    case 'number':
    case 'code':
    case 'bits': {
      if (!WHOLE_NUMBER.test(text)) return undefined;
      const raw = Number(text);
      return raw === field.none ? null : fromRaw(raw, field.scale ?? 1);
    }
  }
}

function decodeOnOff(text: string): number | undefined {
  const upper = text.toUpperCase();
  return upper === 'ON' ? 1 : upper === 'OFF' ? 0 : undefined;
}
