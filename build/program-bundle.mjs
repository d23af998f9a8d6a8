/** The whole program in one JavaScript file, with the native addons of one architecture inside. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { common } from './esbuild-options.mjs';
import { ROOT } from './lib.mjs';
import { nativeAddons } from './native-addons.mjs';
import { bundleInParts } from './parts.mjs';

/**
 * @param {'arm' | 'arm64' | 'x64'} arch as `process.arch` names it
 * @param {string} outfile
 * @param {{ command?: boolean }} [form] with `command` the file can be executed itself, where there is Node
 * @returns {Promise<string[]>} the files that are in it, relative to the project's folder
 */
export async function bundleProgram(arch, outfile, { command = false } = {}) {
  const esbuild = await import('esbuild');
  const { code, inputs } = await bundleInParts(esbuild, {
    ...common,
    plugins: [...common.plugins, nativeAddons(arch)],
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    define: { ...common.define, GXD_PACKAGED: String(!command) },
    minify: true,
    legalComments: 'none',
  });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, `${command ? '#!/usr/bin/env node\n' : ''}${code}`, { mode: command ? 0o755 : 0o644 });
  return inputs;
}
