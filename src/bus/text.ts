/** GetText: the text of a value, from its row. */
import type { Row, Value } from '../schema/row.ts';

/** What stands beside an invalid value in GetItems and in signals: clients ignore a change with an empty text. */
export const INVALID_TEXT = '---';

/** @returns the text of a valid value; `` for an invalid one */
export function textByRow(value: Value, row: Row): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return textOfData(value);
  const meaning = row.enumText && row.enum?.[value];
  if (meaning) return meaning;
  switch (row.text) {
    case 'hex':
      return `0x${value.toString(16).toUpperCase()}`;
    case 'hex-lower':
      return `0x${value.toString(16)}`;
    case 'hex-bare':
      return value.toString(16).toUpperCase();
    case 'firmware':
      return firmwareText(value);
    case 'plain':
      return plainNumber(value, row);
    case 'duration':
      return durationText(value);
    case 'time':
      return timeText(value);
  }
  const behind = row.suffix ?? row.unit ?? '';
  if (row.text === 'whole') return `${Math.trunc(value)}${behind}`;
  if (row.decimals !== undefined) return `${fixed(value, row.decimals)}${behind}`;
  return `${plainNumber(value, row)}${behind}`;
}

/**
 * As printf's %.nf: a number exactly between two goes to the even one (122.5 → 122), where toFixed goes up.
 * @param decimals 0 or more
 */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  // Only an odd multiple of 2^-(decimals + 1) lies exactly between two decimal fractions.
  const between = Math.abs(value * 2 ** (decimals + 1)) % 2 === 1;
  if (!between || Number(text.at(-1)) % 2 === 0) return text;
  return (value - (Math.sign(value) * 10 ** -decimals) / 4).toFixed(decimals);
}

/** 7509 → 2h, 5m, 9s */
function durationText(seconds: number): string {
  const whole = Math.trunc(seconds);
  return `${Math.trunc(whole / 3600)}h, ${Math.trunc(whole / 60) % 60}m, ${whole % 60}s`;
}

/** The year 9999 in Unix seconds: later ones have no four digits. */
const LAST_TIME_S = 253_402_300_799;

/** 1772445601 → 2026-03-02 10:00:01 */
function timeText(seconds: number): string {
  if (!(seconds >= 0 && seconds <= LAST_TIME_S)) return String(seconds);
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** As Python's str(). */
function plainNumber(value: number, row: Row): string {
  return row.type === 'float' ? pythonFloat(value) : String(value);
}

/**
 * A float as Python's str() writes it: the shortest digits that read back the same, always with a point or an exponent
 * (`12.0`, `0.0001`, `1e-05`, `1e+16`).
 */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
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
