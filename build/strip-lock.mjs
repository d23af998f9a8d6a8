/** `npm run lock`: writes package-lock.json anew and leaves out where this machine got the packages from. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './lib.mjs';

const file = join(ROOT, 'package-lock.json');
rmSync(file, { force: true });
// npm's own omit-lockfile-registry-resolved also drops the versions of packages for other platforms, and npm ci fails.
const env = { ...process.env, npm_config_omit_lockfile_registry_resolved: 'false' };
run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { env });
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const entry of Object.values(lock.packages)) delete entry.resolved;
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
