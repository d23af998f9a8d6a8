/** An update file: the image of a slot, what it is for, and a signature; for swupdate 2022.12 and newer. */
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, tool } from '../packaging/dynamic.mjs';

/** The device that the slots are partitions of, and these partitions. */
const DISK = '/dev/vda';
export const SLOTS = [2, 3];

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
  writeFileSync(description, describe({ version, board, revision, image, sha256: sha256(join(work, image)) }));
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
 * Only a device of this board finds something for itself in it. Each slot has a copy of its own; the device says which
 * one it wants. The variables of the boot loader are written last: the slot is on trial from then on.
 */
function describe({ version, board, revision, image, sha256 }) {
  const copy = slot => `
      slot${slot}: {
        images: ({
          filename = "${image}";
          type = "raw";
          device = "${DISK}${slot}";
          compressed = "zstd";
          installed-directly = true;
          sha256 = "${sha256}";
        });
        bootenv: (
          { name = "slot"; value = "${slot}"; },
          { name = "upgrade_available"; value = "1"; },
          { name = "bootcount"; value = "0"; }
        );
      };`;
  return `software = {
  version = "${version}";
  description = "Energy gateway";
  ${board} = {
    hardware-compatibility: [ "${revision}" ];
    stable: {${SLOTS.map(copy).join('')}
    };
  };
}
`;
}
