/**
 * `npm run test:update [-- --essential]`: installs updates on the image in QEMU: wrong ones, good ones, and ones that do
 * not work. `--essential` leaves out those that do not work.
 *
 * `npm run test:update -- --series [--write-cuts N] [--power-cuts N] [--seed N]`: the power goes in the middle of an
 * update. A power cut ends QEMU; a write cut starts from the disk as it was in the middle of one of the writes.
 *
 * Ends with a line "N passed, N failed".
 */
import { constants, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CheckList } from '../support/check-list.ts';
import type { Bench } from './bench.ts';
import { Guest, type GuestOptions } from './guest.ts';
import { freePort, run } from './host.ts';
import { checkDowngrade, checkGivenUp, checkGood, checkRefusals, checkStart, type Updates } from './update-checks.ts';
import { checkPowerCuts, checkWriteCuts } from './update-cuts.ts';
import { UpdateFiles } from './update-files.ts';

const IMAGE = 'dist/gxd-firmware-armv7-console.img';
const MIB = 1024 * 1024;
/** Of a slot on the disk, as build/firmware/disk.mjs lays it out. */
const SLOT = { start: 9 * MIB, bytes: 160 * MIB } as const;

const { values: asked } = parseArgs({
  options: {
    essential: { type: 'boolean', default: false },
    series: { type: 'boolean', default: false },
    'power-cuts': { type: 'string', default: '2' },
    'write-cuts': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});

run('node', 'build/firmware-tools.mjs');
run('node', 'build/image.mjs', '--console');
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(resolve('.build/update-test-'));

const files = new UpdateFiles(IMAGE, SLOT.start, SLOT.bytes, folder);
const good = files.good('2.0.0');
const options: GuestOptions = { disk: join(folder, 'disk.img'), folder, modbusPort: await freePort(), untimed: true };
const list = new CheckList();
const failed = asked.series ? await checkSeries() : await checkUpdates();
if (failed === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`the console's record is in ${folder}`);
process.exitCode = failed;

async function checkUpdates(): Promise<number> {
  const updates: Updates = {
    files,
    good,
    refused: [
      ['an update without a signature', files.unsigned(), /not installed: it is not signed/],
      ['one that was changed after it was signed', files.rewritten(), /not installed: .*signature/i],
      ['one that is signed by a stranger', files.strange(), /not installed: Authentication of all signatures failed/],
      ['one for another board', files.otherBoard(), /not installed: HW compatibility not found/],
      ['one for another revision of it', files.otherRevision(), /not installed: SW not compatible with hardware/],
      ['an older one', files.older(), /not installed: No downgrading allowed/],
      ['one with another system in it', files.exchanged(), /not installed: HASH mismatch/],
      ['a damaged one', files.damaged(), /not installed: (Error streaming|ZSTD)/],
      ['one that is not there', 'nothing.swu', /not installed: it cannot be read/],
    ],
  };
  const more = asked.essential
    ? undefined
    : { older: files.good('1.0.0'), crashing: files.crashing('3.0.0'), dead: files.dead('3.1.0') };
  copyFileSync(IMAGE, options.disk, constants.COPYFILE_FICLONE);
  const guestOptions = { ...options, cartridge: files.disk() };
  const bench: Bench = { list, options: guestOptions, guest: await Guest.start(guestOptions) };
  try {
    await checkStart(bench, updates);
    await checkRefusals(bench, updates);
    await checkGood(bench, updates);
    if (more !== undefined) {
      await checkDowngrade(bench, more.older);
      await checkGivenUp(bench, 'a gxd that crashes', more.crashing);
      await checkGivenUp(bench, 'a system that does not come up', more.dead);
    }
  } finally {
    await bench.guest.cutPower();
  }
  return list.end();
}

async function checkSeries(): Promise<number> {
  const series = { list, options: { ...options, cartridge: files.disk() }, version: files.version, good };
  const seed = Number(asked.seed);
  await checkWriteCuts(series, Number(asked['write-cuts']), seed);
  await checkPowerCuts(series, Number(asked['power-cuts']), seed);
  return list.end();
}
