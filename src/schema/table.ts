/** How tables of rows are written: the source of a group of rows, the three phases, one row for many names. */
import type { Row, Schema } from './row.ts';

const interned = new WeakMap<Row, Map<string, Row>>();

/**
 * The rows with the source of what is known of them: `recorded` on installations with type and text, `modbus` in the
 * official register list, `node-red` in the official node list, `systemcalc` dumped from the running program, `program`
 * in the source of the program that publishes them, `names` when only the name is known and the rest is by analogy.
 */
export function sourced<const T extends Schema>(source: string, rows: T): T {
  const named: Record<string, Row> = {};
  for (const [path, row] of Object.entries(rows)) named[path] = withSource(row, source);
  return named as T; // the same paths and rows, each with its source
}

/** Rows are shared: many paths that name the same constant get the same object. */
function withSource(row: Row, source: string): Row {
  const bySource = interned.get(row) ?? new Map<string, Row>();
  interned.set(row, bySource);
  const named = bySource.get(source) ?? { ...row, source };
  bySource.set(source, named);
  return named;
}

type Phase = 'L1' | 'L2' | 'L3';

/** The rows of one phase for all three: `perPhase('/Ac', { '/Power': watts0 })` has /Ac/L1/Power and so on. */
export function perPhase<const P extends string, const T extends Schema>(
  prefix: P,
  rows: T,
): { readonly [K in keyof T & string as `${P}/${Phase}${K}`]: T[K] } {
  const all: Record<string, Row> = {};
  for (const phase of ['L1', 'L2', 'L3']) {
    for (const [path, row] of Object.entries(rows)) all[`${prefix}/${phase}${path}`] = row;
  }
  return all as { readonly [K in keyof T & string as `${P}/${Phase}${K}`]: T[K] }; // built so above
}

/** The same row for many names below a prefix: `each('/Alarms', alarm, ['LowVoltage', 'HighVoltage'])`. */
export function each<const P extends string, const R extends Row, const N extends string>(
  prefix: P,
  row: R,
  names: readonly N[],
): { readonly [K in N as `${P}/${K}`]: R } {
  return Object.fromEntries(names.map(name => [`${prefix}/${name}`, row])) as {
    readonly [K in N as `${P}/${K}`]: R; // fromEntries forgets the names
  };
}
