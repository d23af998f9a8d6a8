/** The whole program in one JavaScript file, with the native addons of one architecture inside. */
import { common } from './esbuild-options.mjs';
import { ROOT } from './lib.mjs';
import { nativeAddons } from './native-addons.mjs';

/**
 * @param {'arm' | 'arm64' | 'x64'} arch as `process.arch` names it
 * @param {string} outfile
 * @param {{ command?: boolean }} [form] with `command` the file can be executed itself, where there is Node
 * @returns {Promise<string[]>} the files that are in it, relative to the project's folder
 */
export async function bundleProgram(arch, outfile, { command = false } = {}) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    ...common,
    plugins: [...common.plugins, nativeAddons(arch)],
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    define: { ...common.define, GXD_PACKAGED: String(!command) },
    outfile,
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
    ...(command ? { banner: { js: '#!/usr/bin/env node' } } : {}),
  });
  return Object.keys(metafile.inputs);
}
