import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of a file below test/fixtures. Tests run in the project's folder. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join('test/fixtures', path)));
}

/** A JSON file below test/fixtures. The caller says what is in it. */
export function jsonFixture<T>(path: string): T {
  return JSON.parse(new TextDecoder().decode(fixture(path)));
}
