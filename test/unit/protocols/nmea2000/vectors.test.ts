/** Captured messages of boats, decoded and encoded again. */
import t, { type Test } from 'tap';
import type { NumberField } from '../../../../src/protocols/nmea2000/field.ts';
import { decodeGroupFunction, encodeGroupFunction } from '../../../../src/protocols/nmea2000/group-function.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../../src/protocols/nmea2000/message.ts';
import { GROUP_FUNCTION, messageOf } from '../../../../src/protocols/nmea2000/pgns.ts';
import { VECTORS, type Vector } from './support.ts';

/** What the library that the vectors are from calls makers. */
const MAKERS: Readonly<Record<string, number>> = { 'Yacht Devices': 717, 'Victron Energy': 358 };

for (const vector of VECTORS) {
  if (vector.pgn === GROUP_FUNCTION) continue;
  t.test(`${vector.pgn} ${vector.bytes.length} octets`, async t => {
    const message = messageOf(vector.pgn);
    if (message === undefined) throw new Error('not known');
    const { values, list } = decodeMessage(message, vector.bytes);
    for (const [name, expected] of Object.entries(vector.fields)) {
      if (name === 'list') t.same(list, expected);
      else checkField(t, message, name, values[name], expected);
    }
    const told = Object.entries(values).filter(([name, value]) => value !== null && !isFlag(message, name));
    for (const [name] of told) t.ok(name in vector.fields, `${name} is told by the other library too`);
    const again = decodeMessage(message, encodeMessage(message, values, list));
    t.same(again, { values, list }, 'the same when encoded again');
  });
}

t.test('commands', async t => {
  const commands = VECTORS.filter(({ pgn }) => pgn === GROUP_FUNCTION);
  t.ok(commands.length >= 2);
  for (const { bytes, fields } of commands) {
    const decoded = decodeGroupFunction(bytes);
    if (decoded === undefined || !('parameters' in decoded)) throw new Error('not decoded');
    t.equal(decoded.pgn, fields['pgn']);
    const [list, list2] = [fields['list'], fields['list2']] as readonly (readonly Listed[] | undefined)[];
    const selected = 'selection' in decoded ? decoded.selection : [];
    const set = 'selection' in decoded ? list2 : list;
    t.same(
      selected.map(({ value }) => value),
      'selection' in decoded ? list?.map(item => item.selectionValue) : [],
    );
    t.same(
      decoded.parameters,
      set?.map(({ parameter, value }) => ({ parameter, value })),
    );
    t.same(encodeGroupFunction(decoded), bytes, 'the same octets when encoded again');
  }
});

interface Listed {
  readonly parameter?: number;
  readonly value?: unknown;
  readonly selectionValue?: unknown;
}

function checkField(t: Test, message: Message, name: string, got: unknown, expected: unknown): void {
  const field = message.fields.find((one): one is NumberField => one.name === name && one.kind === 'number');
  if (field === undefined) t.equal(got, expected, name);
  else if (name === 'manufacturerCode') t.equal(got, MAKERS[String(expected)], name);
  else if (name === 'date')
    t.equal(new Date(Number(got) * 86_400_000).toISOString().slice(0, 10), dashed(expected), name);
  else if (name === 'time')
    t.equal(new Date(Math.round(Number(got) * 1000)).toISOString().slice(11, 23), String(expected).slice(0, 12), name);
  else if (Array.isArray(expected)) t.equal(got, 0, `${name}: no flags`);
  else if (typeof expected === 'string') t.equal(field.meanings?.[Number(got)], expected, name);
  else t.ok(Math.abs(Number(got) - Number(expected)) <= precision(field), `${name}: ${got} is ${expected}`);
}

/** The other library rounds positions to 7 digits. */
function precision({ scale }: NumberField): number {
  return Math.max(scale / 2, 0.6e-7);
}

function dashed(date: unknown): string {
  return String(date).replaceAll('.', '-');
}

/** The other library leaves numbers out of its output where no flag is set. */
function isFlag(message: Message, name: string): boolean {
  return message.fields.some(field => field.kind === 'number' && field.name === name && field.everyCode);
}

t.test('every vector is of a message that is known', async t => {
  t.same(
    VECTORS.filter((vector: Vector) => vector.pgn !== GROUP_FUNCTION && messageOf(vector.pgn) === undefined),
    [],
  );
});
