/** What rootfs-overlay brings besides the service: rights on devices, folders, logs that do not grow, the watchdog. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { pidOfGxd, untilOwned } from './commands.ts';
import { Guest } from './guest.ts';

/** With the one that is being written. */
const LOG_FILES = 10;
/** Of all of them. */
const LOG_KB = 1_200;
/** In place of the 90 s that the watchdog waits on a board. */
const SILENCE_S = 20;

export async function checkOverlay({ guest, list }: Bench): Promise<void> {
  await list.check('serial ports and GPIO chips belong to groups that the service is in', async () => {
    const out = await guest.run('stat -c "%n %U:%G %a" /dev/ttyAMA0 /dev/gpiochip0');
    assert.match(out, /^\/dev\/ttyAMA0 root:dialout 660$/m);
    assert.match(out, /^\/dev\/gpiochip0 root:gxd 660$/m);
  });
  await list.check('kernel settings are in force; the data partition takes no programs', async () => {
    assert.match(await guest.run('sysctl -n kernel.panic vm.swappiness'), /^10\n0$/m);
    const mounts = await guest.run('grep " /data " /proc/mounts');
    for (const option of ['nosuid', 'nodev', 'noexec']) assert.match(mounts, new RegExp(`\\b${option}\\b`));
  });
  await list.check("folders are the service's alone; what is shared with other programs is shared", async () => {
    const folders = '/data/gxd /data/log/gxd /run/gxd /run/lock/serial-starter';
    const out = await guest.run(`stat -c "%n %U:%G %a" ${folders}`);
    assert.match(out, /^\/data\/gxd gxd:gxd 750$/m);
    assert.match(out, /^\/data\/log\/gxd gxd:gxd 750$/m);
    assert.match(out, /^\/run\/gxd gxd:gxd 755$/m);
    assert.match(out, /^\/run\/lock\/serial-starter root:gxd 775$/m);
  });
  await list.check('settings of other programs are taken over once, and belong to the service then', async () => {
    const to = '/data/gxd/taken/settings.xml';
    const prepare = `sed 's#^from=.*#from=/tmp/old#; s#^to=.*#to=${to}#' /usr/libexec/gxd/prepare-data > /tmp/prepare`;
    const twice = 'for one in first second; do echo $one > /tmp/old; sh /tmp/prepare || break; done';
    const out = await guest.run(`${prepare}; ${twice}; cat ${to}; stat -c "%U:%G %a" ${to}; rm -r /data/gxd/taken`);
    assert.match(out, /^first\ngxd:gxd 640$/m);
  });
  await list.check(`the log is its user's, and never more than ${LOG_FILES} files`, async () => {
    assert.match(await guest.run('stat -c "%U %a" /data/log/gxd/current'), /^gxd 6[04]4$/m);
    // The script of the image, with much to say, at another place.
    const out = await guest.run(
      `sed 's#^folder=.*#folder=/tmp/rotated#' /usr/libexec/gxd/log > /tmp/log; yes ${'x'.repeat(200)} | head -c 1400000 | setuidgid gxd sh /tmp/log; ls /tmp/rotated | cat; du -k /tmp/rotated; rm -r /tmp/rotated`,
    );
    const files = [...out.matchAll(/^(@[0-9a-f]+\.s|current)$/gm)].length;
    assert.equal(files, LOG_FILES);
    const [, kilobytes] = /^(\d+)\s+\/tmp\/rotated$/m.exec(out) ?? [];
    assert.ok(Number(kilobytes) < LOG_KB, `${kilobytes} kB`);
    return `${kilobytes} kB`;
  });
  await list.check('a service that hangs is ended, and started again', async () => {
    const pid = await pidOfGxd(guest);
    // The script of the image, with less patience, beside the one that runs.
    const out = await guest.run(
      `sed 's/^limit_s=.*/limit_s=${SILENCE_S}/' /usr/libexec/gxd/watchdog > /tmp/watchdog; setuidgid gxd sh /tmp/watchdog & dog=$!; kill -STOP ${pid}; cat /proc/uptime; n=0; until [ "$(cat /run/gxd/pid)" != ${pid} ]; do sleep 1; n=$((n+1)); [ $n -lt 90 ] || break; done; kill $dog; cat /proc/uptime; [ $n -lt 90 ]`,
      120_000,
    );
    await untilOwned(guest, 'com.victronenergy.settings');
    const [began = 0, ended = 0] = Guest.uptimes(out);
    return `after ${(ended - began).toFixed(0)} s without a sign of life`;
  });
}
