import t from 'tap';
import { textByRow } from '../../../src/bus/text.ts';
import { findRow, type Row, type Schema } from '../../../src/schema/row.ts';
import { each, perPhase, sourced } from '../../../src/schema/table.ts';
import { int, volts2, watts0 } from '../../../src/schema/units.ts';

const exact: Row = { type: 'int', label: 'exact' };
const day: Row = { type: 'int', label: 'day' };
const tracker: Row = { type: 'int', label: 'tracker' };
const cell: Row = { type: 'int', label: 'cell' };
const output: Row = { type: 'int', label: 'output' };
const channel: Row = { type: 'int', label: 'channel' };

const SCHEMA: Schema = {
  '/Dc/0/Voltage': exact,
  '/History/Daily/{n}/Yield': day,
  '/History/Daily/{n}/Pv/{n}/Yield': tracker,
  '/Voltages/Cell{n}': cell,
  '/Output/{name}/State': output,
  '/Output/{name}/{n}/State': channel,
};

t.test('a row is found by its path, and by the places in it', async t => {
  t.equal(findRow(SCHEMA, '/Dc/0/Voltage'), exact);
  t.equal(findRow(SCHEMA, '/History/Daily/30/Yield'), day);
  t.equal(findRow(SCHEMA, '/History/Daily/0/Pv/3/Yield'), tracker);
  t.equal(findRow(SCHEMA, '/Voltages/Cell16'), cell);
  t.equal(findRow(SCHEMA, '/Output/relay_1/State'), output);
  t.equal(findRow(SCHEMA, '/Output/relay_1/2/State'), channel);
});

t.test('other paths have no row', async t => {
  for (const path of [
    '',
    '/',
    '/Dc/1/Voltage',
    '/History/Daily/x/Yield',
    '/History/Daily/1/Yield/2',
    '/Output//State',
    '/Output/a/b/State',
    'constructor',
    '/__proto__',
  ])
    t.equal(findRow(SCHEMA, path), undefined, path);
});

t.test('tables', async t => {
  t.same(perPhase('/Ac', { '/P': watts0 }), { '/Ac/L1/P': watts0, '/Ac/L2/P': watts0, '/Ac/L3/P': watts0 });
  t.same(each('/Alarms', int, ['A', 'B']), { '/Alarms/A': int, '/Alarms/B': int });
  const rows = sourced('recorded', { '/A': volts2, '/B': volts2 });
  t.match(rows['/A'], { ...volts2, source: 'recorded' });
  t.equal(rows['/A'], rows['/B'], 'the same row is one object');
});

t.test('texts', async t => {
  const texts: readonly (readonly [row: Row, value: number, text: string])[] = [
    [{ type: 'float', unit: 'A', suffix: ' A', decimals: 1 }, 0.6, '0.6 A'],
    [{ type: 'float', unit: '°C', suffix: 'C', decimals: 0 }, 30, '30C'],
    [watts0, 122.5, '122W'],
    [watts0, 123.5, '124W'],
    [watts0, -122.5, '-122W'],
    [watts0, 0.5, '0W'],
    [volts2, 0.125, '0.12V'],
    [volts2, 0.375, '0.38V'],
    [volts2, 53.2, '53.20V'],
    [volts2, 1e21, '1e+21V'],
    [{ type: 'int', unit: 'km', text: 'whole' }, 4.99, '4km'],
    [{ type: 'int', unit: 's', text: 'duration' }, 7509, '2h, 5m, 9s'],
    [{ type: 'int', text: 'duration' }, 0, '0h, 0m, 0s'],
    [{ type: 'uint', text: 'time' }, 1772445601, '2026-03-02 10:00:01'],
    [{ type: 'uint', text: 'time' }, 1e15, '1000000000000000'],
    [{ type: 'uint', text: 'time' }, -1, '-1'],
    [{ type: 'uint', text: 'hex' }, 0xc030, '0xC030'],
    [{ type: 'uint', text: 'hex-lower' }, 0xb015, '0xb015'],
    [{ type: 'mixed', text: 'hex-bare' }, 1058, '422'],
    [{ type: 'float', decimals: 1, enum: { 0: 'none' }, enumText: true }, 0, 'none'],
    [{ type: 'float', decimals: 1, enum: { 0: 'none' }, enumText: true }, 2, '2.0'],
  ];
  for (const [row, value, text] of texts) t.equal(textByRow(value, row), text);
});
