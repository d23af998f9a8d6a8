/** Packages with a lock file of their own: npm would refuse runtimes of other machines beside the project's packages. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from '../lib.mjs';

const RUNTIME = 'build/runtime';

/** Folders with a package.json, relative to the project's folder. */
export const PACKAGE_FOLDERS = readdirSync(join(ROOT, RUNTIME))
  .sort()
  .map(name => join(RUNTIME, name));

/** The package of build/runtime/NAME when it is installed. */
export function installedRuntime(name) {
  const folder = join(ROOT, RUNTIME, name, 'node_modules', packageOf(name));
  return existsSync(folder) ? folder : undefined;
}

function packageOf(name) {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, RUNTIME, name, 'package.json'), 'utf8'));
  return Object.keys(dependencies)[0];
}

/**
 * Installs the packages of build/runtime/NAME when they are missing or older than the lock file, and returns the
 * folder of the one that is asked for.
 *
 * @param {string} name `armv7`, `arm64`, `x64`, `inject`, `socketcan`
 */
export function runtimePackage(name) {
  const folder = join(ROOT, RUNTIME, name);
  const packageName = packageOf(name);
  const installed = join(folder, 'node_modules', packageName);
  const stamp = join(folder, 'node_modules', '.installed-for');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return installed;
  console.log(`Installing ${packageName} (once) …`);
  // The runtime may be for another machine than this one: --force. Integrity comes from the lock file all the same.
  run('npm', ['ci', '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  writeFileSync(stamp, lock);
  return installed;
}
