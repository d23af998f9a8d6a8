/** Updates that are taken, refused, kept and given up. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import type { UpdateFiles } from './update-files.ts';
import {
  checkNumber,
  checkWhole,
  install,
  keepNumber,
  mountUpdates,
  restart,
  running,
  untilSettings,
  updateCommand,
} from './update-guest.ts';

/** Of the setting that must survive. */
const NUMBER = 42;

export interface Updates {
  readonly files: UpdateFiles;
  readonly good: string;
  readonly refused: readonly (readonly [what: string, file: string, why: RegExp])[];
}

export async function checkStart({ guest, list }: Bench, { files }: Updates): Promise<void> {
  await list.check('the image runs its first slot', async () => {
    await untilSettings(guest);
    const { version, slot } = await running(guest);
    assert.deepEqual([version, slot], [files.version, '2']);
    await keepNumber(guest, NUMBER);
    await mountUpdates(guest);
  });
}

export async function checkRefusals({ guest, list }: Bench, { refused }: Updates): Promise<void> {
  for (const [what, file, why] of refused) {
    await list.check(`${what} is refused`, async () => {
      const began = await guest.uptime();
      const { code, out } = await guest.tell(updateCommand(file));
      const seconds = (await guest.uptime()) - began;
      assert.match(out, why);
      assert.equal(code, 1);
      const { environment } = await running(guest);
      assert.deepEqual([environment.get('slot'), environment.get('upgrade_available')], ['2', '0']);
      return `${seconds.toFixed(1)} s`;
    });
  }
}

/** Up to version 2.0.0, in slot 3. */
export async function checkGood(bench: Bench, { good }: Updates): Promise<void> {
  const { guest, list } = bench;
  await list.check('a good update is written to the other slot', async () => {
    const seconds = await install(guest, good);
    const { environment } = await running(guest);
    assert.deepEqual([environment.get('slot'), environment.get('upgrade_available')], ['3', '1']);
    return `${seconds.toFixed(1)} s`;
  });
  await list.check(
    'it is started on trial, takes no other update meanwhile, and is kept once gxd was well',
    async () => {
      await restart(bench, 3);
      const on = await guest.until(/gxd-update: version (\S+) in slot (\d) is on trial, start 1/);
      assert.deepEqual(on.slice(1), ['2.0.0', '3']);
      await mountUpdates(guest);
      const { code, out } = await guest.tell(updateCommand(good));
      assert.match(out, /on trial itself/);
      assert.equal(code, 1);
      await guest.until(/gxd-update: version 2\.0\.0 is kept/);
      const seconds = await guest.uptime();
      const { environment } = await running(guest);
      assert.deepEqual([environment.get('slot'), environment.get('upgrade_available')], ['3', '0']);
      await checkNumber(guest, NUMBER);
      await checkWhole(guest);
      return `${seconds.toFixed(1)} s after the kernel began`;
    },
  );
}

/** From version 2.0.0 in slot 3 back to 1.0.0 in slot 2. */
export async function checkDowngrade(bench: Bench, older: string): Promise<void> {
  const { guest, list } = bench;
  await list.check('an older version is refused', async () => {
    const { code, out } = await guest.tell(updateCommand(older));
    assert.match(out, /No downgrading allowed/);
    assert.equal(code, 1);
  });
  await list.check('forced, an older version is taken, and finds the settings', async () => {
    await install(guest, older, '--force');
    await restart(bench, 2);
    await guest.until(/gxd-update: version 1\.0\.0 is kept/);
    await checkNumber(guest, NUMBER);
    await mountUpdates(guest);
  });
}

/** From version 1.0.0 in slot 2, and back to it. */
export async function checkGivenUp(bench: Bench, what: string, file: string): Promise<void> {
  const { guest, list } = bench;
  await list.check(`${what}: the system of before is back by itself, with its settings`, async () => {
    await install(guest, file);
    const began = performance.now();
    await guest.run('reboot');
    await guest.until(/gxd-boot slot 3 trial 1 start 0 /);
    await guest.until(/gxd-boot falls back to slot 2/);
    await untilSettings(guest);
    const { version, slot, environment } = await running(guest);
    assert.deepEqual([version, slot, environment.get('upgrade_available')], ['1.0.0', '2', '0']);
    await guest.until(/gxd-update: the update was given up; version 1\.0\.0 runs again, in slot 2/);
    await checkNumber(guest, NUMBER);
    await checkWhole(guest);
    await mountUpdates(guest);
    return `${((performance.now() - began) / 1000).toFixed(0)} s from the start of the reboot, on this machine`;
  });
}
