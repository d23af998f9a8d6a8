/**
 * `npm run swu [-- --slot FILE] [--out FILE] [--level N]`: dist/gxd-firmware-armv7.swu, a signed update of the system in
 * dist/gxd-firmware-armv7.img, which is made first when it is missing or old. `--slot` takes the image of a slot instead; the level of compression is 1 to 19.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LAYOUT, slotStart } from './firmware/disk.mjs';
import { ensureCommands, fail, ROOT } from './lib.mjs';
import { ensureImage } from './made.mjs';
import { signingKeys } from './update/keys.mjs';
import { makeUpdate, slotOfDisk } from './update/swu.mjs';

const MIB = 1024 * 1024;
const DISK = join(ROOT, 'dist/gxd-firmware-armv7.img');

const options = parseOptions();
ensureCommands({ cpio: 'cpio', debugfs: 'e2fsprogs', openssl: 'openssl', zstd: 'zstd' });
const began = Date.now();
const work = join(ROOT, '.build', process.env.GXD_BUILD_TAG ?? '', 'swu');
mkdirSync(work, { recursive: true });
let slot = options.slot;
if (slot === undefined) {
  ensureImage();
  slot = join(work, 'slot.ext4');
  slotOfDisk(DISK, slotStart(2) * MIB, LAYOUT.slot * MIB, slot);
}
const out = options.out ?? DISK.replace(/img$/, 'swu');
const made = makeUpdate({ slot, level: options.level, keys: signingKeys(), work: join(work, 'parts'), out });
console.log(
  `${out}: ${(statSync(out).size / 1e6).toFixed(1)} MB, version ${made.version} for ${made.board} ${made.revision}, ` +
    `${((Date.now() - began) / 1000).toFixed(1)} s`,
);

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: { slot: { type: 'string' }, out: { type: 'string' }, level: { type: 'string', default: '15' } },
    });
    const level = Number(values.level);
    if (!Number.isInteger(level) || level < 1 || level > 19) throw new Error('--level takes 1 to 19');
    const path = value => (value === undefined ? undefined : resolve(value));
    return { slot: path(values.slot), out: path(values.out), level };
  } catch (error) {
    return fail(`${error.message}\nusage: npm run swu [-- --slot FILE] [--out FILE] [--level N]`);
  }
}
