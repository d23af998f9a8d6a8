/**
 * `npm run test:firmware [-- --essential | --power-cuts N --seed N]`: makes the image, boots it in QEMU, and checks from
 * outside what an integrator counts on. Ends with a line "N passed, N failed".
 *
 * `--essential` boots once: without a reboot, power cuts, and a second way to the relays.
 */
import { constants, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CheckList } from '../support/check-list.ts';
import type { Bench } from './bench.ts';
import { checkBoot, checkMemory, checkPolicy } from './boot.ts';
import { checkCan } from './can.ts';
import { checkCharacterDevice } from './gpio-checks.ts';
import { Guest, type GuestOptions } from './guest.ts';
import { freePort, run } from './host.ts';
import { checkOverlay } from './overlay-checks.ts';
import { checkDevices } from './serial.ts';
import { checkKill, checkPowerCuts, checkReboot } from './survival.ts';
import { checkTerminals } from './terminals.ts';

const IMAGE = 'dist/gxd-firmware-armv7-console.img';

const { values: asked } = parseArgs({
  options: {
    essential: { type: 'boolean', default: false },
    'power-cuts': { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});

run('node', 'build/firmware-tools.mjs');
run('node', 'build/image.mjs', '--console');
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(resolve('.build/firmware-test-'));
const options: GuestOptions = { disk: join(folder, 'disk.img'), folder, modbusPort: await freePort() };
copyFileSync(IMAGE, options.disk, constants.COPYFILE_FICLONE);

const list = new CheckList();
const bench: Bench = { list, options, guest: await Guest.start(options) };
try {
  await checkBoot(bench);
  await checkPolicy(bench);
  await checkDevices(bench);
  await checkMemory(bench);
  await checkCan(bench);
  await checkTerminals(bench);
  await checkKill(bench);
  await checkOverlay(bench);
  if (!asked.essential) {
    await checkReboot(bench);
    await checkPowerCuts(bench, Number(asked['power-cuts']), Number(asked.seed));
    await checkCharacterDevice(bench);
  }
} finally {
  await bench.guest.cutPower();
  const failed = list.end();
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`the console's record is in ${folder}`);
  process.exitCode = failed;
}
