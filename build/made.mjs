/** A step of the build that another one needs: it runs when what it makes is missing, or older than what that is made of. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './lib.mjs';

const PROGRAM = ['src', 'build', 'package-lock.json'];
const SYSTEM = [...PROGRAM, 'rootfs-overlay'];
/** Fetched, not written. */
const FETCHED = new Set(['node_modules', '.cache']);

/** dist/gxd-NAME-dynamic, and all that `npm run package` makes beside it. */
export function ensureExecutable(name) {
  ensure(`dist/gxd-${name}-dynamic`, PROGRAM, 'build/package.mjs', name);
}

/** The image that goes on boards. */
export function ensureImage() {
  ensure('dist/gxd-firmware-armv7.img', SYSTEM, 'build/image.mjs');
}

function ensure(file, sources, ...step) {
  const path = join(ROOT, file);
  if (existsSync(path) && statSync(path).mtimeMs >= Math.max(...sources.map(source => newest(join(ROOT, source)))))
    return;
  run(process.execPath, step);
}

/** When the newest file in a folder, or the file itself, was written. Milliseconds since 1970. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    ...readdirSync(path)
      .filter(name => !FETCHED.has(name))
      .map(name => newest(join(path, name))),
  );
}
