/** The power goes during an update: afterwards the old system runs or the new one, with all settings. */
import assert from 'node:assert/strict';
import { constants, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import type { CheckList } from '../support/check-list.ts';
import { BootEnvironment } from './boot-environment.ts';
import { type DiskWrite, diskWrites, recordedBytes, recordedDisk, writeAgain } from './disk-record.ts';
import { Guest, type GuestOptions } from './guest.ts';
import {
  checkNumber,
  install,
  keepNumber,
  mountUpdates,
  running,
  untilSettings,
  updateCommand,
} from './update-guest.ts';

const IMAGE = 'dist/gxd-firmware-armv7-console.img';
const NEW = '2.0.0';
/** Of the setting that must survive. */
const NUMBER = 43;
/** From the first word of the update to a power cut, at most: it has started the new system by then. Milliseconds. */
const POWER_CUT_MS = 45_000;

export interface Series {
  readonly list: CheckList;
  readonly options: GuestOptions;
  /** Of the system in the image. */
  readonly version: string;
  /** The update, to version 2.0.0. */
  readonly good: string;
}

interface Cut {
  /** The write in which the power goes, and how many of its sectors are on the disk then. */
  readonly index: number;
  readonly sectors: number;
}

/**
 * An update from power on until it is kept is recorded; then the guest is started from the disk as it was in the middle
 * of some of the writes. Every second of them is one of the boot loader's environment, and of that the sector is lost that
 * was being written.
 */
export async function checkWriteCuts(series: Series, cuts: number, seed: number): Promise<void> {
  if (cuts === 0) return;
  const { list, options } = series;
  const record = join(options.folder, 'record');
  let began = 0;
  await list.check('an update is recorded, write by write', async () => {
    writeFileSync(record, '');
    began = await recordUpdate(series, record);
    return `${(recordedBytes(record) / 1e6).toFixed(0)} MB`;
  });
  const writes = diskWrites(record);
  const first = writes.findIndex(write => write.offset > began);
  const environment = writes.flatMap((write, at) => (at >= first && BootEnvironment.isIn(write) ? [at] : []));
  const [installed = 0] = environment;
  const scratch = new BootEnvironment(join(options.folder, 'environment'), IMAGE);
  await list.check("torn at any sector, the boot loader's environment says what it said before or after", () => {
    const states = scratch.tears(record, writes, first);
    // Installed, started on trial, kept.
    assert.ok(states.length >= 4, states.join(' '));
    return `${environment.length} of ${writes.length - first} writes; ${states.join(', ')}`;
  });

  const random = seededRandom(seed);
  for (let cut = 1; cut <= cuts; cut++) {
    const { index, sectors } = chooseCut(writes, first, cut % 2 === 0 ? environment : [], random);
    const where = environment.includes(index) ? "the boot loader's environment" : 'the disk';
    await list.check(
      `seed ${seed}, cut ${cut}: in write ${index - first} of ${where}, after ${sectors} sectors`,
      () => {
        copyFileSync(IMAGE, options.disk, constants.COPYFILE_FICLONE);
        writeAgain(record, writes.slice(0, index + 1), options.disk, { sectors, spoils: environment.includes(index) });
        const slot = BootEnvironment.slotOf(options.disk, options.folder);
        if (index < installed) assert.equal(slot, '2');
        return checkComesUp(options, [slot === '2' ? series.version : NEW]);
      },
    );
  }
  rmSync(record, { force: true });
}

/** @returns bytes of the record when the update began */
async function recordUpdate({ options, good }: Series, record: string): Promise<number> {
  copyFileSync(IMAGE, options.disk, constants.COPYFILE_FICLONE);
  const guest = await Guest.start({ ...options, disks: recordedDisk(options.disk, record) });
  try {
    await begin(guest);
    const began = recordedBytes(record);
    await install(guest, good);
    await guest.run('reboot');
    await guest.until(/gxd-update: version 2\.0\.0 is kept/);
    return began;
  } finally {
    await guest.cutPower();
  }
}

function chooseCut(writes: readonly DiskWrite[], first: number, among: readonly number[], random: Random): Cut {
  const any = first + Math.floor(random() * (writes.length - first));
  const index = among[Math.floor(random() * among.length)] ?? any;
  return { index, sectors: Math.floor(random() * ((writes[index]?.sectors ?? 0) + 1)) };
}

/** QEMU ends at moments of an update. */
export async function checkPowerCuts(series: Series, cuts: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const { list, options } = series;
  for (let cut = 1; cut <= cuts; cut++) {
    await list.check(`seed ${seed}, power cut ${cut}`, async () => {
      copyFileSync(IMAGE, options.disk, constants.COPYFILE_FICLONE);
      const guest = await Guest.start(options);
      const ms = Math.round(random() * POWER_CUT_MS);
      try {
        await begin(guest);
        const updating = guest.tell(updateCommand(series.good, '--reboot'));
        updating.catch(() => {}); // The power goes before it ends.
        await guest.until(/gxd-update: installs/);
        await setTimeout(ms);
      } finally {
        await guest.cutPower();
      }
      return `after ${ms} ms: ${await checkComesUp(options, [series.version, NEW])}`;
    });
  }
}

async function begin(guest: Guest): Promise<void> {
  await untilSettings(guest);
  await keepNumber(guest, NUMBER);
  await mountUpdates(guest);
}

/** Starts from the disk as it is. @returns what came up */
async function checkComesUp(options: GuestOptions, mayBe: readonly string[]): Promise<string> {
  const guest = await Guest.start(options);
  try {
    await untilSettings(guest);
    const { version, slot } = await running(guest);
    await checkNumber(guest, NUMBER);
    assert.ok(mayBe.includes(version), `${version} in slot ${slot}, not ${mayBe.join(' or ')}`);
    return `version ${version} in slot ${slot}`;
  } finally {
    await guest.cutPower();
  }
}
