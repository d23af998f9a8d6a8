/** Native addons that the bundle carries as bytes: see build/native-addons.mjs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const loaded = new Map<string, unknown>();

/**
 * Loads an addon from its bytes, once per name. The system loads addons from files only, so they go into a folder
 * that nobody else can enter, and are removed as soon as they are loaded.
 */
export function loadAddon(name: string, bytes: Uint8Array): unknown {
  if (loaded.has(name)) return loaded.get(name);
  const folder = mkdtempSync(join(tmpdir(), 'gxd-'));
  const file = join(folder, `${name}.node`);
  const module: { exports: unknown } = { exports: {} };
  try {
    writeFileSync(file, bytes, { mode: 0o500, flag: 'wx' });
    process.dlopen(module, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  loaded.set(name, module.exports);
  return module.exports;
}
