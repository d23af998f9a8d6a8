/** Compiles TypeScript entry points to .build/, sharing chunks, with source maps. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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

/** Tests of the whole program, and one that starts its own file again as another process. */
const ALONE = /^test\/bus\/|kill\.test\.ts$/;

/**
 * One entry point for all unit tests of a folder, because starting a process costs more than most of them take.
 * @param {string[]} files test files below the project's folder
 * @param {string} into folder below .build/ for the entry points
 * @returns {string[]} entry points, relative to the project's folder
 */
export function grouped(files, into) {
  const folders = new Map();
  for (const file of files) {
    const folder = ALONE.test(file) ? file : dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const groups = join('.build', process.env.GXD_BUILD_TAG ?? '', into);
  rmSync(join(ROOT, groups), { recursive: true, force: true });
  return [...folders].map(([folder, members]) => {
    if (members.length === 1) return members[0];
    const entry = join(groups, `${folder.replaceAll('/', '-')}.ts`);
    mkdirSync(dirname(join(ROOT, entry)), { recursive: true });
    const lines = members.map(file => `import '${relative(dirname(entry), file)}';\n`);
    writeFileSync(join(ROOT, entry), lines.join(''));
    return entry;
  });
}
