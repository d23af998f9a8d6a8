/** The tables that say which field stands where: every field is one of its message, every path one of its service. */
import t from 'tap';
import { OWN_ROWS } from '../../../../src/drivers/vecan/own-data-rows.ts';
import { EXTRA_REGISTER_ROWS } from '../../../../src/drivers/vecan/register-rows.ts';
import * as ac from '../../../../src/drivers/vecan/rows/ac.ts';
import * as power from '../../../../src/drivers/vecan/rows/power.ts';
import * as sensors from '../../../../src/drivers/vecan/rows/sensors.ts';
import type { Field } from '../../../../src/protocols/nmea2000/field.ts';
import { decodeMessage, encodeMessage, type Message, type Values } from '../../../../src/protocols/nmea2000/message.ts';
import { schemaOf } from '../../../../src/schema/registry.ts';
import { findRow } from '../../../../src/schema/row.ts';

const KINDS = [...Object.values(ac), ...Object.values(power), ...Object.values(sensors)];

/** Values that no table confuses: each field has one of its own. */
function valuesOf(fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.flatMap(field =>
      field.kind === 'number' ? [[field.name, field.bits < 4 ? 1 : field.offset + 2 * field.scale]] : [],
    ),
  );
}

t.test('every row reads its message, and shows at a path of its service', t => {
  for (const kind of KINDS) {
    t.equal(schemaOf(kind.type), kind.schema);
    for (const { message, path, read } of kind.rows) {
      const lists: Values[] = [0, 1, 2].map(line => ({ ...valuesOf(message.repeated ?? []), line }));
      const bytes = encodeMessage<Message>(message, valuesOf(message.fields), message.repeated ? lists : []);
      const value = read(decodeMessage(message, bytes));
      t.not(value, undefined, `${message.name} tells ${path}`);
      t.ok(findRow(kind.schema, path.replace('{dc}', '0')), `${kind.type} has ${path}`);
    }
    for (const path of [...kind.first, ...(kind.fixed ?? []).map(([one]) => one)])
      t.ok(findRow(kind.schema, path), `${kind.type} has ${path}`);
    for (const { path, from, optional = [] } of kind.derived ?? [])
      for (const one of [path, ...from, ...optional]) t.ok(findRow(kind.schema, one), `${kind.type} has ${one}`);
    for (const { message, path, which, field, older } of kind.commands ?? []) {
      const names = older === undefined ? [] : [...which, older.field];
      for (const name of names)
        t.ok(
          older?.message.fields.some(one => one.name === name),
          `${older?.message.name} ${name}`,
        );
      t.ok(findRow(kind.schema, path)?.writable, `${kind.type}${path} is writable`);
      for (const name of [...which, field])
        t.ok(
          message.fields.some(one => one.name === name),
          `${message.name} ${name}`,
        );
    }
  }
  t.end();
});

t.test('registers that are only on VE.Can show at paths of their service', t => {
  for (const [type, rows] of Object.entries(EXTRA_REGISTER_ROWS))
    for (const { path } of rows ?? [])
      if (path !== '/Alarms') t.ok(findRow(schemaOf(type) ?? {}, path), `${type} has ${path}`);
  t.end();
});

t.test('what is told to the network are fields of the messages, read from paths that there are', t => {
  for (const { type, message, values, intervalMs } of OWN_ROWS) {
    const schema = schemaOf(type) ?? {};
    const read: string[] = [];
    const fields = values(path => {
      read.push(path);
      return 1;
    }, 3);
    for (const path of read) t.ok(findRow(schema, path), `${type} has ${path}`);
    t.ok(intervalMs >= 100);
    for (const name of Object.keys(fields ?? {}))
      t.ok(
        message.fields.some(field => field.name === name),
        `${message.name} has ${name}`,
      );
  }
  t.end();
});
