/** The disk: boot loader's script and environment, two slots, data. */
import { closeSync, openSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, tool } from '../packaging/dynamic.mjs';

const MIB = 1024 * 1024;
/** Megabytes (MiB) of the parts of the disk, in their order. The first begins after the environment. */
export const LAYOUT = { start: 1, boot: 8, slot: 160, data: 64 };
/** Of the two copies of the environment, as boot.cmd and /etc/fw_env.config have them. Bytes. */
export const ENVIRONMENT = { offsets: [0x40 * 512, 0x440 * 512], size: 0x4000 };
/** Of the file systems: the same on each build, so that the same contents are the same bytes. */
const UUID = '6a1f3b52-7c0d-4e8a-9a55-2d1c0e8f7b10';
const NO_TIME = { ...process.env, E2FSPROGS_FAKE_TIME: '1', SOURCE_DATE_EPOCH: '1' };

/**
 * A file system with the contents of a folder, all of it root's. `boot` can be read by the boot loader.
 *
 * @param {string} folder @param {string} out @param {number} megabytes MiB @param {string} label
 */
export function makeFileSystem(folder, out, megabytes, label) {
  // What U-Boot's reader does not know is left out. No journal: a slot is never written but as a whole.
  const features = '^64bit,^metadata_csum,^has_journal';
  writeFileSync(out, '');
  truncateSync(out, megabytes * MIB);
  tool(
    'mke2fs',
    [
      ...['-q', '-F', '-t', 'ext4', '-L', label, '-U', UUID, '-O', features],
      ...['-E', `root_owner=0:0,hash_seed=${UUID},lazy_itable_init=0`, '-d', folder, out],
    ],
    { env: NO_TIME },
  );
}

/**
 * @param {{ slot: string, work: string, out: string, script: string }} parts `slot` is the image of a slot, which fills
 *   the first; `script` the boot loader's
 */
export function makeDisk({ slot, work, out, script }) {
  const at = {
    boot: LAYOUT.start,
    first: slotStart(2),
    second: slotStart(3),
    data: slotStart(3) + LAYOUT.slot,
  };
  const boot = emptyFolder(join(work, 'boot'));
  tool('mkimage', ['-A', 'arm', '-T', 'script', '-C', 'none', '-n', 'gxd', '-d', script, join(boot, 'boot.scr')], {
    env: NO_TIME,
  });
  makeFileSystem(boot, join(work, 'boot.ext4'), LAYOUT.boot, 'boot');

  writeFileSync(out, '');
  truncateSync(out, (at.data + LAYOUT.data) * MIB);
  const partitions = [
    ['label: dos', 'label-id: 0x67786401'],
    [`start=${at.boot}MiB,size=${LAYOUT.boot}MiB,type=83,bootable`],
    [`start=${at.first}MiB,size=${LAYOUT.slot}MiB,type=83`],
    [`start=${at.second}MiB,size=${LAYOUT.slot}MiB,type=83`],
    [`start=${at.data}MiB,size=${LAYOUT.data}MiB,type=83`],
  ].flat();
  tool('sfdisk', ['-q', out], { input: `${partitions.join('\n')}\n` });

  const environment = join(work, 'environment');
  writeFileSync(`${environment}.txt`, 'slot=2\nupgrade_available=0\nbootcount=0\n');
  tool('mkenvimage', ['-r', '-s', `${ENVIRONMENT.size}`, '-o', environment, `${environment}.txt`]);
  for (const offset of ENVIRONMENT.offsets) writeAt(environment, out, offset);
  writeAt(join(work, 'boot.ext4'), out, at.boot * MIB);
  writeAt(slot, out, at.first * MIB);
}

/** Megabytes (MiB) from the start of the disk to a slot, 2 or 3: the number of its partition. */
export function slotStart(slot) {
  return LAYOUT.start + LAYOUT.boot + (slot - 2) * LAYOUT.slot;
}

/** Writes a file into another one, holes left out. */
export function writeAt(from, to, offset) {
  const [input, output] = [openSync(from, 'r'), openSync(to, 'r+')];
  const chunk = Buffer.alloc(MIB);
  for (let at = 0; ; ) {
    const size = readSync(input, chunk, 0, MIB, at);
    if (size === 0) break;
    const bytes = chunk.subarray(0, size);
    if (bytes.some(byte => byte !== 0)) writeSync(output, bytes, 0, size, offset + at);
    at += size;
  }
  closeSync(input);
  closeSync(output);
}
