/** `npm run build`: dist/gxd.cjs, the whole program in one file. */
import { join } from 'node:path';
import { ensurePackages, ROOT } from './lib.mjs';

ensurePackages();
const { build } = await import('esbuild');
const { common } = await import('./esbuild-options.mjs');
const { nativeAddons } = await import('./native-addons.mjs');

await build({
  ...common,
  plugins: [...common.plugins, nativeAddons(process.arch)],
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts'],
  outfile: join(ROOT, 'dist/gxd.cjs'),
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  banner: { js: '#!/usr/bin/env node' },
});
