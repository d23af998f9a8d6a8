/** Compiles TypeScript entry points to .build/, sharing chunks, with source maps. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib.mjs';

/**
 * @param {string[]} entryPoints paths below the project's folder
 * @param {string} into folder below .build/
 * @returns {Promise<string[]>} the compiled files, relative to the project's folder, in the same order
 */
export async function compile(entryPoints, into) {
  const { build } = await import('esbuild');
  const { common } = await import('./esbuild-options.mjs');
  // Several runs at once each keep their files apart by a tag.
  const outdir = join('.build', process.env.GXD_BUILD_TAG ?? '', into);
  rmSync(join(ROOT, outdir), { recursive: true, force: true });
  await build({
    ...common,
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    outbase: '.',
    format: 'esm',
    splitting: true,
    packages: 'external',
    sourcemap: 'inline',
    outExtension: { '.js': '.mjs' },
  });
  return entryPoints.map(file => join(outdir, file.replace(/\.ts$/, '.mjs')));
}
