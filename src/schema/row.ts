/**
 * One row per D-Bus path: the single source of its type, unit, decimals, enumeration and writability. Text forms,
 * Modbus registers, MQTT, labels, docs and simulators are derived from it.
 */

/**
 * How a value stands on the wire and in the program.
 *  - `int`    int32 (int64 when it does not fit); a number without fraction
 *  - `uint`   uint32; a number without fraction, 0 or more
 *  - `float`  double
 *  - `string` string
 *  - `list`   array of variants
 *  - `dict`   string → variant
 *  - `bytes`  array of bytes, in the program an array of numbers
 *  - `mixed`  a number or a string, as the device has it (firmware versions)
 */
export type RowType = 'int' | 'uint' | 'float' | 'string' | 'list' | 'dict' | 'bytes' | 'mixed';

/** How GetText writes a value when it is not simply value and unit. */
export type TextForm =
  /** 0x204 */
  | 'hex'
  /** v1.59 from 0x0159; see `firmwareText` */
  | 'firmware'
  /** The value alone, as Python's str() writes it: 12, 12.5, 12.0 for a float */
  | 'plain';

export interface Row {
  readonly type: RowType;
  /** SI unit, but kWh and °C; as printed behind the number. */
  readonly unit?: string;
  /** Decimals of the text. */
  readonly decimals?: number;
  /** Decimals that count as a change; finer changes are not published. Without it every change counts. */
  readonly precision?: number;
  readonly text?: TextForm;
  /** Value → meaning. The text of an enumeration is its meaning when `enumText` is set, else the number. */
  readonly enum?: Readonly<Record<number, string>>;
  readonly enumText?: true;
  readonly writable?: true;
  readonly min?: number;
  readonly max?: number;
  /** What it is, for labels and docs. */
  readonly label?: string;
  /** Where the fact is from: a fact sheet, a recording, a list. */
  readonly source?: string;
}

/**
 * Path → row. A path may hold `{n}` for a number: `/History/Daily/{n}/Yield`.
 */
export type Schema = Readonly<Record<string, Row>>;

/** The concrete paths of a schema path: `{n}` stands for any number. */
export type Concrete<P extends string> = P extends `${infer Head}{n}${infer Tail}`
  ? `${Head}${number}${Concrete<Tail>}`
  : P;

/** All paths that may be set with schema `S`. */
export type PathOf<S extends Schema> = Concrete<keyof S & string>;

/** What the program puts into a row of this type; null is "invalid". */
export type ValueOf<R extends Row> = R['type'] extends 'string'
  ? string | null
  : R['type'] extends 'list' | 'bytes'
    ? readonly Value[] | null
    : R['type'] extends 'dict'
      ? { readonly [key: string]: Value } | null
      : R['type'] extends 'mixed'
        ? number | string | null
        : number | null;

/** The value type at a concrete path of a schema. */
export type ValueAt<S extends Schema, P extends string> = {
  [K in keyof S & string]: P extends Concrete<K> ? ValueOf<S[K]> : never;
}[keyof S & string];

/** Any value an item can hold. Null is "invalid": the device does not know. Booleans are 0 and 1. */
export type Value = null | number | string | readonly Value[] | { readonly [key: string]: Value };

/** `/History/Daily/3/Yield` → the row of `/History/Daily/{n}/Yield`. */
export function findRow(schema: Schema, path: string): Row | undefined {
  return schema[path] ?? schema[path.replace(/\/\d+(?=\/|$)/g, '/{n}')] ?? findMixed(schema, path);
}

/** A path where only some of the numbers are `{n}` in the schema: `/Devices/0/Dc/{n}/Voltage`. */
function findMixed(schema: Schema, path: string): Row | undefined {
  const places = [...path.matchAll(/(?<=\/)\d+(?=\/|$)|(?<=[A-Za-z])\d+(?=\/|$)/g)].map(m => ({
    at: m.index,
    length: m[0].length,
  }));
  if (places.length > 6) return undefined;
  for (let chosen = 1; chosen < 1 << places.length; chosen++) {
    let candidate = path;
    for (let i = places.length - 1; i >= 0; i--) {
      const place = places[i];
      if (place !== undefined && (chosen & (1 << i)) !== 0)
        candidate = `${candidate.slice(0, place.at)}{n}${candidate.slice(place.at + place.length)}`;
    }
    const row = schema[candidate];
    if (row !== undefined) return row;
  }
  return undefined;
}
