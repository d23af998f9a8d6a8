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
  /** 0x204, digits above 9 in upper case */
  | 'hex'
  /** 0xb015, as the system service writes product ids */
  | 'hex-lower'
  /** 422 from 0x422: firmware of VE.Bus devices */
  | 'hex-bare'
  /** v1.59 from 0x0159; see `firmwareText` */
  | 'firmware'
  /** The value alone, as Python's str() writes it: 12, 12.5, 12.0 for a float */
  | 'plain'
  /** The number cut off at its point, with its unit: 4km from 4.9 */
  | 'whole'
  /** 2h, 5m, 9s from seconds */
  | 'duration'
  /** 2026-03-02 10:00:01 (UTC) from Unix seconds */
  | 'time';

export interface Row {
  readonly type: RowType;
  /** SI unit, but kWh and °C; printed behind the number. */
  readonly unit?: string;
  /** What is printed behind the number when it is not the bare unit: ` A` where there is a space, `C` for °C. */
  readonly suffix?: string;
  /** Decimals of the text. */
  readonly decimals?: number;
  /** Decimals that count as a change; finer changes are not published. Without it every change counts. */
  readonly precision?: number;
  readonly text?: TextForm;
  /**
   * Value → meaning. The text of an enumeration is its meaning when `enumText` is set; else, and for a value that has
   * no meaning, the number.
   */
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
 * Path → row. A path may hold `{n}` for a number, `/History/Daily/{n}/Yield`, and `{name}` for a name that only the
 * device knows, `/SwitchableOutput/{name}/State`.
 */
export type Schema = Readonly<Record<string, Row>>;

/** The concrete paths of a schema path: `{n}` stands for any number, `{name}` for any name. */
export type Concrete<P extends string> = P extends `${infer Head}{n}${infer Tail}`
  ? `${Concrete<Head>}${number}${Concrete<Tail>}`
  : P extends `${infer Head}{name}${infer Tail}`
    ? `${Head}${string}${Concrete<Tail>}`
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

/** A path with `{n}` or `{name}` in it. */
interface Template {
  readonly segments: number;
  readonly pattern: RegExp;
  readonly row: Row;
}

/** The templates of each schema, made when first needed: most look-ups are of exact paths and never come here. */
const templatesOf = new WeakMap<Schema, readonly Template[]>();

/** `/History/Daily/3/Yield` → the row of `/History/Daily/{n}/Yield`. An exact path goes before one with a place in it. */
export function findRow(schema: Schema, path: string): Row | undefined {
  if (Object.hasOwn(schema, path)) return schema[path];
  let templates = templatesOf.get(schema);
  if (templates === undefined) {
    templates = Object.entries(schema)
      .filter(([path]) => path.includes('{'))
      .map(([path, row]) => templateOf(path, row));
    templatesOf.set(schema, templates);
  }
  const segments = countSegments(path);
  return templates.find(template => template.segments === segments && template.pattern.test(path))?.row;
}

function templateOf(path: string, row: Row): Template {
  const pattern = path
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll('{n}', '\\d+')
    .replaceAll('{name}', '[^/]+');
  return { segments: countSegments(path), pattern: new RegExp(`^${pattern}$`), row };
}

function countSegments(path: string): number {
  let segments = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) segments++;
  return segments;
}
