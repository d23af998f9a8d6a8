/** `gxd modbus map`: the register map as people and programs read it, made from the tables. */
import { DERIVED_LABELS } from '../schema/modbus/derived.ts';
import type { Register } from '../schema/modbus/register.ts';
import { allRegisters } from '../schema/modbus/register-map.ts';
import { UNIT_IDS } from '../schema/modbus/tables/unit-ids.ts';
import { schemaOf } from '../schema/registry.ts';
import { findRow, type Row } from '../schema/row.ts';
import type { CliIo } from './io.ts';
import { table } from './table.ts';

const HEAD = ['service', 'register', 'type', 'scale', 'access', 'path', 'unit', 'values', 'label'] as const;

/** The schema row behind a register; undefined for reserved and calculated ones. */
export function rowOf({ service, path, derived }: Register): Row | undefined {
  const schema = schemaOf(service);
  return schema === undefined || derived !== undefined || path === '' ? undefined : findRow(schema, path);
}

/** `int16`, `string[8]` */
export function typeText({ kind, size }: Register): string {
  return kind === 'string' || kind === 'reserved' ? `${kind}[${size}]` : kind;
}

type Line = readonly [string, number, string, number, string, string, string, string, string];

function lineOf(register: Register): Line {
  const row = rowOf(register);
  const values = Object.entries(row?.enum ?? {}).map(([value, meaning]) => `${value}=${meaning}`);
  return [
    register.service,
    register.register,
    typeText(register),
    register.scale,
    register.writable ? 'read/write' : 'read',
    register.derived === undefined ? register.path : register.derived.paths.join(' '),
    row?.unit ?? '',
    values.join('; '),
    row?.label ?? DERIVED_LABELS[register.register] ?? (register.kind === 'reserved' ? 'reserved' : ''),
  ];
}

/** Prints all registers, by service type. */
export function printMap(form: 'text' | 'csv' | 'md', io: CliIo): void {
  const lines = allRegisters()
    .map(lineOf)
    .sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
  if (form === 'csv') {
    for (const line of [HEAD, ...lines]) io.out(line.map(csvCell).join(','));
  } else if (form === 'md') printMarkdown(lines, io);
  else for (const line of table([HEAD.map(name => name.toUpperCase()), ...lines])) io.out(line);
}

function csvCell(cell: string | number): string {
  const text = String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PREFACE = `# Modbus TCP registers of gxd

<!-- Made from the tables by \`npm run docs\`: do not edit. -->

Function codes 3 and 4 read, 6 and 16 write. A value times its scale stands in its registers, the high word first;
strings are Latin-1, two characters a register, with zeros behind. What is not known reads 0, reserved registers read
65535. Whole numbers out of range read the nearest that the type has, but never its highest, which many a client takes
for "not available"; other numbers read their lowest bits. A block may span several services as long as the unit id
means one of each; it must not span numbers that are no register.

| exception | when |
| --- | --- |
| 1 | another function code |
| 2 | no such register; it is read only; the gateway is set to read only; a block reaches into a service that is not there |
| 3 | none, or more than 125 registers; a request that does not fit its length |
| 10 | the unit id means no service of this type; the service did not take the value |`;

function printMarkdown(lines: readonly Line[], io: CliIo): void {
  const columns = HEAD.slice(1);
  io.out(PREFACE);
  let service = '';
  for (const [name, ...cells] of lines) {
    if (name !== service) {
      service = name;
      io.out(`\n## ${service}\n`);
      io.out(markdownRow(columns));
      io.out(markdownRow(columns.map(() => '---')));
    }
    io.out(markdownRow(cells));
  }
  io.out('\n## Unit ids\n');
  io.out(
    'A unit id is the device instance of a service, or stands for the instance in this table. 0 means instance 0.\n',
  );
  io.out(markdownRow(['unit id', 'instance']));
  io.out(markdownRow(['---', '---']));
  for (const pair of UNIT_IDS) io.out(markdownRow(pair));
}

function markdownRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
