/** CAN of the guest's kernel, with can-utils as the other side. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';

export async function checkCan({ guest, list }: Bench): Promise<void> {
  await list.check("the kernel's SocketCAN carries frames", async () => {
    await guest.run('/usr/bin/ip link add vcan0 type vcan && /usr/bin/ip link set vcan0 up');
    const out = await guest.run(
      '(candump -n 1 vcan0 > /tmp/frames & sleep 1; cansend vcan0 19F21401#0102030405060708; wait); cat /tmp/frames',
    );
    assert.match(out, /19F21401 +\[8\] +01 02 03 04 05 06 07 08/);
  });
}
