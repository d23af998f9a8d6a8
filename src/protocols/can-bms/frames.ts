/**
 * Frames of CAN-bus batteries: a table of fields for each 11-bit identifier; decoding and encoding are derived from it
 * (fact sheet canbms, section 2). All numbers are little endian. Alarms are in alarms.ts.
 */
import { fromRaw, toRaw } from '../vedirect/scale.ts';

/** A number in a frame. */
export interface NumberField<Name extends string = string> {
  readonly name: Name;
  /** Its first octet. */
  readonly at: number;
  readonly type: 'u16' | 's16' | 'u32';
  /** Unit × scale is what one step stands for. */
  readonly scale: number;
  /** Added behind the scale. */
  readonly offset?: number;
  readonly unit?: string;
  /** What is beyond cannot be, and counts as not told. */
  readonly most?: number;
}

/** Text in a frame: all its octets. */
export interface TextField<Name extends string = string> {
  readonly name: Name;
  readonly type: 'text';
}

export interface Frame {
  readonly id: number;
  /** A frame that is shorter is not taken. Fields behind are told when they came. */
  readonly octets: number;
  readonly fields: readonly (NumberField | TextField)[];
}

/** The longest data of a frame. */
export const FRAME_OCTETS = 8;

function number<Name extends string>(
  name: Name,
  at: number,
  type: NumberField['type'],
  scale: number,
  unit?: string,
): NumberField<Name> {
  return { name, at, type, scale, ...(unit === undefined ? {} : { unit }) };
}

function text<Name extends string>(name: Name): TextField<Name> {
  return { name, type: 'text' };
}

/** Degrees are sent in kelvin, without the 0.15. */
const KELVIN_OFFSET = -273;

export const FRAMES = {
  limits: {
    id: 0x351,
    octets: 6,
    fields: [
      number('chargeVoltageLimit', 0, 'u16', 0.1, 'V'),
      number('chargeCurrentLimit', 2, 's16', 0.1, 'A'),
      number('dischargeCurrentLimit', 4, 's16', 0.1, 'A'),
      number('dischargeVoltageLimit', 6, 'u16', 0.1, 'V'),
    ],
  },
  charge: {
    id: 0x355,
    octets: 4,
    fields: [
      { ...number('stateOfCharge', 0, 'u16', 1, '%'), most: 100 },
      { ...number('stateOfHealth', 2, 'u16', 1, '%'), most: 100 },
      { ...number('stateOfChargeFine', 4, 'u16', 0.01, '%'), most: 100 },
    ],
  },
  measurements: {
    id: 0x356,
    octets: 6,
    fields: [
      number('voltage', 0, 's16', 0.01, 'V'),
      // Above 0 the battery is charged.
      number('current', 2, 's16', 0.1, 'A'),
      number('temperature', 4, 's16', 0.1, '°C'),
    ],
  },
  manufacturer: { id: 0x35e, octets: 2, fields: [text('manufacturer')] },
  model: {
    id: 0x35f,
    octets: 6,
    fields: [
      number('model', 0, 'u16', 1),
      number('firmware', 2, 'u16', 1),
      number('onlineCapacity', 4, 'u16', 1, 'Ah'),
    ],
  },
  nameFirst: { id: 0x370, octets: 1, fields: [text('nameFirst')] },
  nameSecond: { id: 0x371, octets: 1, fields: [text('nameSecond')] },
  modules: {
    id: 0x372,
    octets: 8,
    fields: [
      number('modulesOnline', 0, 'u16', 1),
      number('modulesBlockingCharge', 2, 'u16', 1),
      number('modulesBlockingDischarge', 4, 'u16', 1),
      number('modulesOffline', 6, 'u16', 1),
    ],
  },
  cells: {
    id: 0x373,
    octets: 8,
    fields: [
      number('minimumCellVoltage', 0, 'u16', 0.001, 'V'),
      number('maximumCellVoltage', 2, 'u16', 0.001, 'V'),
      { ...number('minimumCellTemperature', 4, 'u16', 1, '°C'), offset: KELVIN_OFFSET },
      { ...number('maximumCellTemperature', 6, 'u16', 1, '°C'), offset: KELVIN_OFFSET },
    ],
  },
  minimumVoltageCell: { id: 0x374, octets: 1, fields: [text('minimumVoltageCell')] },
  maximumVoltageCell: { id: 0x375, octets: 1, fields: [text('maximumVoltageCell')] },
  minimumTemperatureCell: { id: 0x376, octets: 1, fields: [text('minimumTemperatureCell')] },
  maximumTemperatureCell: { id: 0x377, octets: 1, fields: [text('maximumTemperatureCell')] },
  energy: {
    id: 0x378,
    octets: 8,
    fields: [number('chargedEnergy', 0, 'u32', 0.1, 'kWh'), number('dischargedEnergy', 4, 'u32', 0.1, 'kWh')],
  },
  capacity: { id: 0x379, octets: 2, fields: [number('installedCapacity', 0, 'u16', 1, 'Ah')] },
  serialFirst: { id: 0x380, octets: 1, fields: [text('serialFirst')] },
  serialSecond: { id: 0x381, octets: 1, fields: [text('serialSecond')] },
  family: { id: 0x382, octets: 1, fields: [text('family')] },
} as const satisfies Readonly<Record<string, Frame>>;

/** One of the frames. */
export type KnownFrame = (typeof FRAMES)[keyof typeof FRAMES];

type Fields<F extends Frame> = F['fields'][number];

/** The values of frames by the names of their fields; null where the battery told what cannot be. */
export type FrameValues<F extends Frame = KnownFrame> = {
  readonly [N in Extract<Fields<F>, NumberField> as N['name']]?: number | null;
} & { readonly [T in Extract<Fields<F>, TextField> as T['name']]?: string };

const BY_ID: ReadonlyMap<number, KnownFrame> = new Map(Object.values(FRAMES).map(frame => [frame.id, frame]));

/** @returns undefined for an identifier without a table: another program's, or one of alarms.ts and control.ts */
export function frameOf(id: number): KnownFrame | undefined {
  return BY_ID.get(id);
}

/** @returns the values that came; undefined when the frame is too short or unknown */
export function decodeFrame(id: number, data: Uint8Array): FrameValues | undefined {
  const frame = BY_ID.get(id);
  if (frame === undefined || data.length < frame.octets || data.length > FRAME_OCTETS) return undefined;
  const values: Record<string, number | string | null> = {};
  for (const field of frame.fields) {
    const value = field.type === 'text' ? decodeText(data) : decodeNumber(field, data);
    if (value !== undefined) values[field.name] = value;
  }
  // Built from the very table that the type is derived from.
  return values as FrameValues;
}

/** The data of a frame. Numbers that are missing or do not fit are sent as 0, texts padded with zeros. */
export function encodeFrame<F extends Frame>(frame: F, values: FrameValues<F>): Uint8Array {
  const data = new Uint8Array(FRAME_OCTETS);
  const told: Readonly<Record<string, number | string | null | undefined>> = values;
  for (const field of frame.fields) {
    const value = told[field.name];
    if (field.type === 'text') new TextEncoder().encodeInto(typeof value === 'string' ? value : '', data);
    else if (typeof value === 'number') writeNumber(field, value, data);
  }
  return data;
}

/** Text of up to 16 characters that came in two frames. Empty when neither came. */
export function joined(first: string | undefined, second: string | undefined): string {
  return `${first ?? ''}${second ?? ''}`.trim();
}

/**
 * The state of charge, as fine as it is told. Frames are often filled up with zeros: the fine number counts only where
 * it agrees with the coarse one.
 */
export function stateOfCharge(values: FrameValues): number | null | undefined {
  const { stateOfCharge: coarse, stateOfChargeFine: fine } = values;
  if (typeof coarse !== 'number' || typeof fine !== 'number') return coarse;
  return Math.abs(coarse - fine) <= 1 ? fine : coarse;
}

function octetsOf({ type }: NumberField): number {
  return type === 'u32' ? 4 : 2;
}

function decodeNumber(field: NumberField, data: Uint8Array): number | null | undefined {
  const octets = octetsOf(field);
  if (data.length < field.at + octets) return undefined;
  let raw = 0;
  for (let i = field.at + octets - 1; i >= field.at; i--) raw = raw * 0x100 + (data[i] ?? 0);
  if (field.type === 's16' && raw >= 0x8000) raw -= 0x1_0000;
  const value = fromRaw(raw, field.scale) + (field.offset ?? 0);
  return field.most !== undefined && value > field.most ? null : value;
}

function writeNumber(field: NumberField, value: number, data: Uint8Array): void {
  const octets = octetsOf(field);
  const raw = toRaw(value - (field.offset ?? 0), field.scale);
  const range = 0x100 ** octets;
  const [least, end] = field.type === 's16' ? [-range / 2, range / 2] : [0, range];
  if (!(raw >= least && raw < end)) return;
  let rest = raw < 0 ? raw + range : raw;
  for (let i = 0; i < octets; i++) {
    data[field.at + i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
}

/** Without the blanks and zeros it is filled up with. What is no printable ASCII is left out. */
function decodeText(data: Uint8Array): string {
  return String.fromCharCode(...data.filter(octet => octet >= 0x20 && octet < 0x7f));
}
