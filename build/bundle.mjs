/** `npm run build`: dist/gxd.cjs, the whole program in one file. */
import { join } from 'node:path';
import { ensurePackages, ROOT } from './lib.mjs';

ensurePackages();
const { bundleProgram } = await import('./program-bundle.mjs');
await bundleProgram(process.arch, join(ROOT, 'dist/gxd.cjs'), { command: true });
