/** An update file: the image of a slot, what it is for, and a signature; for swupdate 2022.12 and newer. */
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from '../lib.mjs';
import { emptyFolder, tool } from '../packaging/dynamic.mjs';

/** The device that the slots are partitions 2 and 3 of. */
const DISK = '/dev/vda';

/**
 * @param {object} parts
 * @param {string} parts.slot the image of a slot
 * @param {number} parts.level of compression, 1 to 19
 * @param {{ key: string, certificate: string }} parts.keys
 * @param {string} parts.work a folder for what is in between
 * @param {string} parts.out
 * @returns {{ version: string, board: string, revision: string }} what the slot says of itself
 */
export function makeUpdate({ slot, level, keys, work, out }) {
  emptyFolder(work);
  const version = readInSlot(slot, '/etc/gxd/version').trim();
  const [board = '', revision = ''] = readInSlot(slot, '/etc/hwrevision').trim().split(/\s+/);
  const image = 'system.ext4.zst';
  tool('zstd', ['-q', '-f', `-${level}`, '-T0', slot, '-o', join(work, image)]);
  const description = join(work, 'sw-description');
  const values = {
    GXD_VERSION: version,
    GXD_BOARD: board,
    GXD_REVISION: revision,
    GXD_DISK: DISK,
    GXD_SLOT_IMAGE: image,
    GXD_SLOT_COMPRESSION: 'zstd',
  };
  writeFileSync(
    description,
    describe(values, name => sha256(join(work, name))),
  );
  const signature = join(work, 'sw-description.sig');
  const signer = ['-signer', keys.certificate, '-inkey', keys.key];
  const form = ['-binary', '-nosmimecap', '-md', 'sha256', '-outform', 'DER'];
  tool('openssl', ['cms', '-sign', ...form, ...signer, '-in', description, '-out', signature]);
  pack(work, ['sw-description', 'sw-description.sig', image], out);
  return { version, board, revision };
}

/** Packs files of a folder in their order, as swupdate wants them: description, signature, images. */
export function pack(folder, names, out) {
  tool('cpio', ['-o', '-H', 'crc', '--quiet', '-O', out], { cwd: folder, input: `${names.join('\n')}\n` });
}

/** A file in the image of a slot. */
export function readInSlot(slot, path) {
  return tool('debugfs', ['-R', `cat ${path}`, slot]);
}

/** Takes the first slot out of the image of a disk. */
export function slotOfDisk(disk, offset, size, out) {
  const chunk = Buffer.alloc(1024 * 1024);
  copyFileSync('/dev/null', out);
  const [from, to] = [openSync(disk, 'r'), openSync(out, 'w')];
  for (let at = 0; at < size; at += chunk.length) {
    readSync(from, chunk, 0, chunk.length, offset + at);
    writeFileSync(to, chunk);
  }
  closeSync(from);
  closeSync(to);
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * The template is the one that the recipe in yocto/ fills in too; its form is that of the layer meta-swupdate. Only a
 * device of this board finds something for itself in it. Each slot has a copy of its own; the device says which one it
 * wants. The variables of the boot loader are written last: the slot is on trial from then on.
 *
 * @param {Record<string, string>} values of the variables `@@NAME@@`
 * @param {(image: string) => string} sum the SHA-256 of an image by its name
 */
function describe(values, sum) {
  return readFileSync(join(ROOT, 'build/update/sw-description'), 'utf8')
    .replace(/@@(\w+)@@/g, (_, name) => values[name] ?? fail(`sw-description: nothing for ${name}`))
    .replace(/\$swupdate_get_sha256\(([^)]+)\)/g, (_, image) => sum(image));
}
