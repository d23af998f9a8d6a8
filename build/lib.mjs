/** What the build scripts share. Plain JavaScript: it runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the project's folder, output shown. Ends the build with its exit code when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Installs the packages of package-lock.json when they are missing or older than the lock file. */
export function ensurePackages() {
  const stamp = join(ROOT, 'node_modules', '.installed-for');
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing packages (once) …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // tap assembles its own test library from the plugins in .taprc; left to the first run it races with that run.
  run('node_modules/.bin/tap', ['build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, lock);
}

/** Installs Debian packages for commands that are missing. */
export function ensureCommands(commands) {
  const missing = Object.entries(commands).filter(([command]) => !isCommand(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  console.log(`Installing ${packages.join(', ')} (once) …`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-q', '-y', ...args];
    return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  };
  if (!apt('install', '--no-install-recommends', ...packages)) {
    if (!apt('update') || !apt('install', '--no-install-recommends', ...packages))
      fail(`Please install by hand: ${packages.join(' ')}`);
  }
}

/** Whether a program of that name, or at that path, can be run. */
export function isCommand(command) {
  if (command.startsWith('/')) return existsSync(command);
  return (process.env.PATH ?? '').split(':').some(folder => {
    const file = join(folder, command);
    return existsSync(file) && (statSync(file).mode & 0o111) !== 0;
  });
}
