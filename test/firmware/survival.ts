/** What is there after the service was killed, the board was started again, and its power was cut. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Bench } from './bench.ts';
import { call, getItem, owns, pidOfGxd, setItem, untilUp, write } from './commands.ts';
import { Guest } from './guest.ts';
import { withoutSwitching } from './terminals.ts';

const BACK_LIMIT_S = 5;
const SETTINGS = 'com.victronenergy.settings';
const SETTING = '/Settings/FirmwareTest/Number';
const ACKNOWLEDGED = /acknowledged (\d+)\n/;
/** A power cut comes so long after the first write. Milliseconds. */
const CUT = { from: 500, spread: 4_000 } as const;

export async function checkKill(bench: Bench): Promise<void> {
  const { guest, list } = bench;
  await list.check(`killed, the service is back within ${BACK_LIMIT_S} s, and no relay has moved`, async () => {
    const add = ['string:FirmwareTest', 'string:Number', 'variant:int32:0', 'string:i'];
    const limits = ['variant:int32:0', 'variant:int32:0'];
    await guest.run(call(SETTINGS, '/Settings', 'com.victronenergy.Settings.AddSetting', ...add, ...limits));
    await write(guest, SETTINGS, SETTING, 7);
    const pid = await pidOfGxd(guest);
    const seconds = await withoutSwitching(bench, async () => {
      // In one command: the console is slow.
      const isBack = `${owns(SETTINGS)} && [ "$(pidof gxd)" != ${pid} ]`;
      const out = await guest.run(
        `cat /proc/uptime; kill -9 ${pid}; until ${isBack}; do usleep 200000; done; cat /proc/uptime; until ${owns('com.victronenergy.system')}; do sleep 1; done; sleep 3`,
      );
      const [before = Number.NaN, after = Number.NaN] = Guest.uptimes(out);
      return after - before;
    });
    assert.ok(seconds <= BACK_LIMIT_S, `${seconds.toFixed(1)} s`);
    assert.equal(await number(bench), 7);
    return `${seconds.toFixed(1)} s`;
  });
}

export async function checkReboot(bench: Bench): Promise<void> {
  await bench.list.check('settings are there after a reboot', async () => {
    await write(bench.guest, SETTINGS, SETTING, 8);
    await bench.guest.run('reboot');
    await bench.guest.until(/gxd-boot slot 2/);
    await untilUp(bench.guest);
    assert.equal(await number(bench), 8);
  });
}

/** @param seed of the moments at which the power goes */
export async function checkPowerCuts(bench: Bench, cuts: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (let cut = 1; cut <= cuts; cut++) {
    await bench.list.check(`power cut ${cut}: nothing acknowledged is lost`, async () => {
      const last = await cutWhileWriting(bench, CUT.from + random() * CUT.spread);
      bench.guest = await Guest.start(bench.options);
      await untilUp(bench.guest);
      const kept = await number(bench);
      assert.ok(kept >= last, `${last} was acknowledged, ${kept} is there`);
      return `${last} acknowledged, ${kept} kept`;
    });
  }
}

/** Writes one number after the other until the power goes. @returns the last one that was acknowledged */
async function cutWhileWriting(bench: Bench, afterMs: number): Promise<number> {
  const { guest } = bench;
  const from = (await number(bench)) + 1;
  const writing = guest.tell(
    `i=${from}; while ${setItem(SETTINGS, SETTING, '$i')} | grep -q 'int32 0'; do echo acknowledged $i; i=$((i+1)); done`,
  );
  writing.catch(() => {}); // The power goes before it ends.
  await guest.until(ACKNOWLEDGED);
  await setTimeout(afterMs);
  await guest.cutPower();
  return Number(guest.last(ACKNOWLEDGED)?.[1]);
}

async function number({ guest }: Bench): Promise<number> {
  const found = /int32 (\d+)/.exec(await guest.run(getItem(SETTINGS, SETTING)));
  if (found === null) throw new Error(`${SETTING} is not there`);
  return Number(found[1]);
}
