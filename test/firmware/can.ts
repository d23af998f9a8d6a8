/** CAN of the guest's kernel, with can-utils as the other side of what gxd does there. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { pidOfGxd, untilItem, untilNamed, untilOwned, write } from './commands.ts';

const INTERFACE = 'vcan0';
const BMS_ONLY = 3;
/** What one sends who is not root, and may not even what the service may. */
const GXD = `setuidgid gxd gxd can`;
/** A battery of Pylontech at 49.96 V, 90 %, that takes 53.2 V at most: fact sheet canbms, section 6. */
const BATTERY_FRAMES = [
  '351#14026400FA00C201',
  '355#5A006400',
  '356#8413F1FF3700',
  '359#0000000001504E',
  '35C#C000',
  '35E#50594C4F4E202020',
];

export async function checkCan({ guest, list }: Bench): Promise<void> {
  let battery = '';
  await list.check('a CAN interface that appears is taken up by the service, which is not root', async () => {
    await guest.run(`/usr/bin/ip link add ${INTERFACE} type vcan`);
    await guest.run(
      `n=0; until /usr/bin/ip link show ${INTERFACE} | grep -q LOWER_UP; do sleep 1; n=$((n+1)); [ $n -lt 20 ]; done`,
    );
  });
  await list.check('gxd reads frames that cansend sends, as the kernel filters them', async () => {
    const send = (frame: string): string => `cansend ${INTERFACE} ${frame}`;
    // The dump takes a while to open its socket: it is sent until it has had enough.
    const out = await guest.run(
      `${GXD} dump ${INTERFACE} --count 2 --seconds 60 351:7FF 19F21400:1FFFFF00 > /tmp/frames & p=$!; while kill -0 $p 2> /dev/null; do ${send('352#00')}; ${send('351#14026400FA00C201')}; ${send('19F21401#0102030405060708')}; usleep 200000; done; cat /tmp/frames`,
    );
    assert.match(out, /351 +\[8\] +14 02 64 00 FA 00 C2 01/);
    assert.match(out, /19F21401 +\[8\] +01 02 03 04 05 06 07 08/);
    assert.doesNotMatch(out, /352 /);
  });
  await list.check('candump reads frames that gxd sends', async () => {
    const out = await guest.run(
      `candump -n 2 ${INTERFACE},7F0:7FF,19F21400:1FFFFF00 > /tmp/frames & p=$!; sleep 1; ${GXD} send ${INTERFACE} 7F0#DEADBEEF 19F21401#01; wait $p; cat /tmp/frames`,
    );
    assert.match(out, /7F0 +\[4\] +DE AD BE EF/);
    assert.match(out, /19F21401 +\[1\] +01/);
  });
  await list.check('a battery that canplayer plays is a service; the service answers on the wire', async () => {
    const log = BATTERY_FRAMES.map((frame, i) => `(0.${i}00000) ${INTERFACE} ${frame}`);
    const lines = [...log, `(0.990000) ${INTERFACE} ${BATTERY_FRAMES[0]}`];
    await guest.run(
      `for line in ${lines.map(line => `'${line}'`).join(' ')}; do echo "$line"; done > /tmp/battery.log`,
    );
    await guest.run('setsid canplayer -l i -I /tmp/battery.log < /dev/null > /dev/null 2>&1 &');
    await write(guest, 'com.victronenergy.settings', `/Settings/Canbus/${INTERFACE}/Profile`, BMS_ONLY);
    battery = await untilNamed(guest, `com.victronenergy.battery[^ ]*${INTERFACE}`);
    await untilItem(guest, battery, '/Dc/0/Voltage', /double 49.96/);
    await untilItem(guest, battery, '/Soc', /double 90/);
    await untilItem(guest, battery, '/Info/MaxChargeVoltage', /double 53.2/);
    const answer = await guest.run(`candump -n 1 ${INTERFACE},305:7FF`);
    assert.match(answer, /305 +\[8\] +00 00 00 00 00 00 00 00/);
  });
  await list.check('a battery that falls silent has no values any more', async () => {
    await guest.run('kill $(pidof canplayer)');
    await untilItem(guest, battery, '/Dc/0/Voltage', /array/);
  });
  await list.check('an interface that goes takes its battery along; the service stays', async () => {
    const pid = await pidOfGxd(guest);
    await guest.run(`/usr/bin/ip link del ${INTERFACE}`);
    await untilOwned(guest, battery, false);
    assert.equal(await pidOfGxd(guest), pid);
  });
}
