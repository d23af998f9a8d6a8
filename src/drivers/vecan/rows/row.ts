/** How the tables are written that say which field of a message stands at which path of which service. */
import type { NumberField } from '../../../protocols/nmea2000/field.ts';
import type { Message, Values, ValuesOf } from '../../../protocols/nmea2000/message.ts';
import type { Schema, Value } from '../../../schema/row.ts';

/** A message, decoded: see `Decoded`, without its types. */
export interface Said {
  readonly values: Values;
  readonly list: readonly Values[];
}

/** A value of a message on D-Bus. */
export interface PathRow {
  readonly message: Message;
  /** `{dc}` stands for the place of a battery among those of its device: 0, 1, 2. */
  readonly path: string;
  /** Null: the device does not know; undefined: this message does not speak of it. */
  readonly read: (said: Said) => Value | undefined;
}

/** A value that is made of others of the same service, when no message tells it. */
export interface DerivedRow {
  readonly path: string;
  readonly from: readonly string[];
  /** Taken too where they are known. */
  readonly optional?: readonly string[];
  readonly read: (...values: readonly number[]) => Value;
}

/** A path that clients may write, by a command to the device (fact sheet vecan-n2k, section 4: PGN 126208). */
export interface CommandRow {
  readonly path: string;
  readonly message: Message;
  /** Fields that say which of several is meant, by name; their values are those of the message heard last. */
  readonly which: readonly string[];
  readonly field: string;
  /** From the value of the path to the field's; undefined for one that is not taken. */
  readonly encode?: (value: Value) => number | undefined;
  /** Devices that know no commands are told by this message to all; what they made of it they show. */
  readonly older?: { readonly message: Message; readonly field: string };
}

/** One type of service that devices become. */
export interface ServiceKind {
  /** `tank` */
  readonly type: string;
  readonly schema: Schema;
  /** What was said with more precision comes first: while it is fresh the others are not listened to. */
  readonly rows: readonly PathRow[];
  readonly derived?: readonly DerivedRow[];
  readonly commands?: readonly CommandRow[];
  /** Paths that are there from the start. */
  readonly first: readonly string[];
  /** What stands there from the start, and does not come from the device. */
  readonly fixed?: readonly (readonly [path: string, value: Value])[];
  /** The id that Victron has for such devices of other makers; null where there is none. */
  readonly productId: number | null;
  /** Waits until it is clear what the numbers are about. */
  readonly settles?: true;
}

type NumberNames<M extends Message> = Extract<M['fields'][number], NumberField>['name'] & keyof ValuesOf<M>;

/** The value of a field, as it is or converted. */
export function shows<M extends Message>(
  message: M,
  field: NumberNames<M>,
  path: string,
  convert: (value: number) => Value = value => value,
): PathRow {
  return showsField(message, field, path, convert);
}

/** As `shows`, for messages out of a list of them. */
export function showsField(
  message: Message,
  field: string,
  path: string,
  convert: (value: number) => Value = value => value,
): PathRow {
  return {
    message,
    path,
    read: ({ values }) => {
      const value = values[field];
      return typeof value === 'number' ? convert(value) : value === null ? null : undefined;
    },
  };
}

/** A value made of several fields of one message. */
export function makes<M extends Message>(
  message: M,
  path: string,
  read: (values: ValuesOf<M>) => Value | undefined,
): PathRow {
  // The decoder makes the values by the very table that their type is derived from.
  return { message, path, read: said => read(said.values as ValuesOf<M>) };
}

/** A value of one line of several that a message lists. @param line 0 to 2 */
export function showsLine(message: Message, line: number, field: string, path: string): PathRow {
  return {
    message,
    path,
    read: ({ list }) => {
      const found = list.find(item => item.line === line)?.[field];
      return typeof found === 'number' ? found : found === null ? null : undefined;
    },
  };
}

/** Kelvin to degrees Celsius, in thousandths. */
export function toCelsius(kelvin: number): number {
  return Math.round((kelvin - 273.15) * 1000) / 1000;
}

/** Radians to degrees, in hundredths. */
export function toDegrees(radians: number): number {
  return Math.round((radians * 18_000) / Math.PI) / 100;
}
