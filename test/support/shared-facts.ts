/** Facts and recordings that lie beside the project, in ../shared. A clone without them leaves the tests of them out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SHARED = '../shared';

/** Why a test that needs ../shared is left out; false when it can run. */
export const withoutShared: string | false = existsSync(SHARED) ? false : `${SHARED} is not there`;

/** The text of a file below ../shared. */
export function sharedText(path: string): string {
  return readFileSync(join(SHARED, path), 'utf8');
}

/** The JSON files of a folder below ../shared. */
export function sharedJson(folder: string): { readonly name: string; readonly content: unknown }[] {
  return readdirSync(join(SHARED, folder))
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => ({ name, content: JSON.parse(sharedText(join(folder, name))) }));
}

/** The records of a CSV text, without its header; a field in quotes may hold commas, line ends and doubled quotes. */
export function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    if (record.length > 1) records.push(record);
    record = [];
  }
  return records.slice(1);
}
