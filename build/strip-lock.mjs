/** `npm run lock`: writes the package-lock.json files anew and leaves out where this machine got the packages from. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './lib.mjs';
import { PACKAGE_FOLDERS } from './packaging/packages.mjs';

// npm's own omit-lockfile-registry-resolved also drops the versions of packages for other platforms, and npm ci fails.
const env = { ...process.env, npm_config_omit_lockfile_registry_resolved: 'false' };

for (const folder of ['.', ...PACKAGE_FOLDERS]) {
  const file = join(ROOT, folder, 'package-lock.json');
  rmSync(file, { force: true });
  // Runtimes for other machines than this one are wanted: --force.
  const force = folder === '.' ? [] : ['--force', '--no-audit'];
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', ...force], { cwd: join(ROOT, folder), env });
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
