/** GetText: the text of a value, from its row. */
import type { Row, Value } from '../schema/row.ts';

/** What stands beside an invalid value in GetItems and in signals: clients ignore a change with an empty text. */
export const INVALID_TEXT = '---';

/** @returns the text of a valid value; `` for an invalid one */
export function textByRow(value: Value, row: Row): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return textOfData(value);
  if (row.enum !== undefined && row.enumText) return row.enum[value] ?? String(value);
  switch (row.text) {
    case 'hex':
      return `0x${value.toString(16).toUpperCase()}`;
    case 'firmware':
      return firmwareText(value);
    case 'plain':
      return plainNumber(value, row);
  }
  if (row.decimals !== undefined) return `${value.toFixed(row.decimals)}${row.unit ?? ''}`;
  return `${plainNumber(value, row)}${row.unit ?? ''}`;
}

/** As Python's str(): a float keeps its point (`12.0`). */
function plainNumber(value: number, row: Row): string {
  return row.type === 'float' && Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** As Python prints lists and dictionaries: the form that clients of the replaced programs see. */
function textOfData(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(textOfData).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, one]) => `${textOfData(key)}: ${textOfData(one)}`)
    .join(', ')}}`;
}

/**
 * Firmware versions of Victron devices are numbers whose hexadecimal digits are read: 0x0159 → v1.59.
 * With 24 bits the last byte is the beta number, 0xFF for a release: 0x0102FF → v1.02, 0x010213 → v1.02-beta-13.
 * (fact sheet dbus-paths, section 2)
 */
export function firmwareText(value: number): string {
  if (!Number.isInteger(value) || value < 0) return String(value);
  if (value <= 0xffff) return `v${(value >> 8).toString(16)}.${hexByte(value & 0xff)}`;
  const major = Math.floor(value / 0x10000).toString(16);
  const minor = hexByte((value >> 8) & 0xff);
  const beta = value & 0xff;
  return beta === 0xff ? `v${major}.${minor}` : `v${major}.${minor}-beta-${hexByte(beta)}`;
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
