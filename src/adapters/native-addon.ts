/** Native addons that the bundle carries as bytes: see build/native-addons.mjs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const loaded = new Map<string, unknown>();

/**
 * Loads an addon from its bytes, once per name. The system loads addons from files only: from the one that lies beside
 * the executable when it holds these very bytes, so that a read-only image needs no folder to write and execute in.
 * Else they go into a folder that nobody else can enter, and are removed as soon as they are loaded.
 */
export function loadAddon(name: string, bytes: Uint8Array): unknown {
  if (!loaded.has(name)) loaded.set(name, loadFromBeside(name, bytes) ?? loadFromCopy(name, bytes));
  return loaded.get(name);
}

function loadFromBeside(name: string, bytes: Uint8Array): unknown {
  const file = join(dirname(process.execPath), `${name}.node`);
  let there: Uint8Array;
  try {
    there = readFileSync(file);
  } catch {
    // Not an image that has it.
    return undefined;
  }
  if (Buffer.compare(there, bytes) !== 0) return undefined;
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

function loadFromCopy(name: string, bytes: Uint8Array): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-'));
  const file = join(folder, `${name}.node`);
  const module: { exports: unknown } = { exports: {} };
  try {
    writeFileSync(file, bytes, { mode: 0o500, flag: 'wx' });
    process.dlopen(module, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return module.exports;
}
