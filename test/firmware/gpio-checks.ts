/**
 * Relays and digital inputs by the character device: the same chip as in terminals.ts, with its lines given back by the
 * kernel's files, and a second run of the program beside the stopped service. What the chip puts out is recorded outside.
 */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { untilItem, untilOwned, write } from './commands.ts';
import type { Guest } from './guest.ts';
import { withoutSwitching } from './terminals.ts';

const SETTINGS = 'com.victronenergy.settings';
const SYSTEM = 'com.victronenergy.system';
const INPUT = 'com.victronenergy.digitalinput.input01';
/** Lines of the chip, as build/firmware/base/etc/gxd/gpio names them. */
const LINE = { relay: 0, input: 2 } as const;
const MANUAL = 2;
const DOOR_ALARM = 2;
const RUN = '/tmp/gpio';

/** To be called last: the service is stopped, and its relays and inputs are let go. */
export async function checkCharacterDevice(bench: Bench): Promise<void> {
  const { guest, list } = bench;
  const relayIsOn = async (): Promise<boolean> => ((await guest.gpio()) & (1 << LINE.relay)) !== 0;
  await list.check('lines that the kernel has no files for are used by the character device', async () => {
    await takeLinesAway(guest);
    await start(guest);
    await write(guest, SETTINGS, '/Settings/Relay/Function', MANUAL);
    for (const on of [true, false, true]) {
      await write(guest, SYSTEM, '/Relay/0/State', Number(on));
      assert.equal(await relayIsOn(), on);
    }
    assert.match(await guest.run('gpioinfo'), /line +0: .*"gpioset" +output/);
  });
  await list.check('an input of the character device is seen on the bus', async () => {
    await write(guest, 'com.victronenergy.digitalinputs', '/Devices/1/Type', DOOR_ALARM);
    await untilOwned(guest, INPUT);
    for (const high of [false, true, false]) {
      await guest.drive(LINE.input, high);
      await untilItem(guest, INPUT, '/InputState', new RegExp(`int32 ${Number(high)}`));
    }
  });
  await list.check('killed and started again, the program leaves a relay that it holds as it is', async () => {
    await withoutSwitching(bench, async () => {
      await guest.run(`kill -9 $(cat ${RUN}/pid); while pidof gpiomon; do usleep 200000; done`);
      assert.ok(await relayIsOn());
      await untilOwned(guest, SYSTEM, false);
      await start(guest);
      await untilItem(guest, SYSTEM, '/Relay/0/State', /int32 1/);
    });
    await guest.drive(LINE.input, true);
    await untilItem(guest, INPUT, '/InputState', /int32 1/);
    await write(guest, SYSTEM, '/Relay/0/State', 0);
    assert.equal(await relayIsOn(), false);
  });
  await list.check('what the kernel does with a line whose holder dies', async () => {
    await write(guest, SYSTEM, '/Relay/0/State', 1);
    await guest.run('kill -9 $(pidof gpioset); sleep 1');
    return `this chip ${(await relayIsOn()) ? 'leaves it as it was' : 'lets it fall'}`;
  });
}

async function takeLinesAway(guest: Guest): Promise<void> {
  await guest.run('/usr/bin/svc -d /run/service/gxd; while pidof gxd; do usleep 200000; done');
  await guest.run(
    `for pin in /sys/class/gpio/gpio[0-9]*; do echo \${pin##*gpio} > /sys/class/gpio/unexport; done; rm -f /dev/gpio/*`,
  );
  await guest.run(`mkdir -p ${RUN} && chown gxd:gxd ${RUN}`);
}

/** The program itself, as the user that the service is. */
async function start(guest: Guest): Promise<void> {
  const options = `--only settings,system,digital-inputs --data ${RUN} --gpio /nowhere`;
  await guest.run(`cd ${RUN}; setuidgid gxd gxd run ${options} >> ${RUN}/log 2>&1 & echo $! > ${RUN}/pid; cd /; true`);
  await untilOwned(guest, SYSTEM);
  await untilItem(guest, SYSTEM, '/SwitchableOutput/0/Name', /relay 1/);
}
