/**
 * `npm test [-- FILE…]`: types, format and lint, then every test under test/unit and test/bus by tap, and the
 * scenarios. Without arguments everything; with test files only those, without the checks.
 */
import { spawnSync } from 'node:child_process';
import { compile, grouped } from './compile-tests.mjs';
import { globSync } from './glob.mjs';
import { ensureCommands, ensurePackages, ROOT, run } from './lib.mjs';

ensurePackages();
ensureCommands({
  'dbus-daemon': 'dbus',
  'dbus-send': 'dbus',
  socat: 'socat',
  mbpoll: 'mbpoll',
  '/usr/lib/python3/dist-packages/pymodbus/__init__.py': 'python3-pymodbus',
  '/usr/lib/python3/dist-packages/serial_asyncio/__init__.py': 'python3-serial-asyncio',
});

const wanted = process.argv.slice(2);
if (wanted.length === 0) run(process.execPath, ['build/check.mjs']);
// Tests of the whole program run what is shipped.
if (wanted.length === 0 || wanted.some(file => file.startsWith('test/bus')))
  run(process.execPath, ['build/bundle.mjs']);
const files = wanted.length > 0 ? wanted : globSync(['test/bus', 'test/unit'], '.test.ts');
const compiled = await compile(wanted.length > 0 ? files : grouped(files, 'groups'), 'test');
const { status } = spawnSync('node_modules/.bin/tap', ['run', ...compiled], { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
console.log(`${files.length} test files passed`);
if (wanted.length === 0) run(process.execPath, ['build/run-ts.mjs', 'test/scenarios/main.ts', '--default']);
