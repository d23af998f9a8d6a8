/** JSON as the clients of com.victronenergy.system know it: a blank behind each comma and colon, ASCII only. */
import type { Value } from '../../schema/row.ts';

export function jsonText(value: Value): string {
  if (value === null || typeof value === 'number') return JSON.stringify(value);
  if (typeof value === 'string') return asciiString(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, one]) => `${asciiString(key)}: ${jsonText(one)}`)
    .join(', ')}}`;
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
