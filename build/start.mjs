/** `npm start [-- --replay]`: installs what is missing, builds, and runs the demonstration: simulated, or of recordings. */
import { spawn } from 'node:child_process';
import { ensureCommands, ensurePackages, ROOT, run } from './lib.mjs';

const CAPTURES = ['test/fixtures/vedirect/bmv702.dump', 'test/fixtures/vedirect/bluesolar_1.23.dump'];

ensurePackages();
ensureCommands({ 'dbus-daemon': 'dbus', socat: 'socat' });
run(process.execPath, ['build/bundle.mjs']);
const isReplay = process.argv.includes('--replay');
const options = process.argv.slice(2).filter(arg => arg !== '--replay');
const demo = spawn(process.execPath, ['dist/gxd.cjs', 'demo', ...options, ...(isReplay ? CAPTURES : [])], {
  cwd: ROOT,
  stdio: 'inherit',
});
// Ctrl-C reaches both; the demonstration decides when all is put away.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && demo.kill(signal));
demo.on('exit', code => process.exit(code ?? 1));
