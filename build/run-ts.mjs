/** Runs a TypeScript program of the project: `node build/run-ts.mjs test/bench/main.ts ARGS`. */
import { spawnSync } from 'node:child_process';
import { compile } from './compile-tests.mjs';
import { ensurePackages, ROOT } from './lib.mjs';

ensurePackages();
const [entry, ...args] = process.argv.slice(2);
const [file] = await compile([entry], `run/${entry.replaceAll(/\W/g, '-')}`);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--expose-gc', file, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exit(status ?? 1);
