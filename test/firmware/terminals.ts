/** Relays and digital inputs, on a GPIO chip of the emulated board that is driven and recorded from outside. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { untilItem, untilOwned, write } from './commands.ts';

const SYSTEM = 'com.victronenergy.system';
const INPUTS = 'com.victronenergy.digitalinputs';
const INPUT = 'com.victronenergy.digitalinput.input01';
/** Lines of the chip, as build/firmware/base/etc/gxd/gpio names them. */
const LINE = { relay: 0, input: 2 } as const;
const MANUAL = 2;
const DOOR_ALARM = 2;
const BURST = 10;

export async function checkTerminals({ guest, list }: Bench): Promise<void> {
  const relayIsOn = async (): Promise<boolean> => ((await guest.gpio()) & (1 << LINE.relay)) !== 0;
  await list.check('a relay that is written on the bus switches on the board', async () => {
    await write(guest, 'com.victronenergy.settings', '/Settings/Relay/Function', MANUAL);
    for (const on of [true, false, true]) {
      await write(guest, SYSTEM, '/Relay/0/State', Number(on));
      assert.equal(await relayIsOn(), on);
    }
  });
  await list.check('a digital input is seen on the bus', async () => {
    await write(guest, INPUTS, '/Devices/1/Type', DOOR_ALARM);
    await untilOwned(guest, INPUT);
    for (const high of [true, false, true]) {
      await guest.drive(LINE.input, high);
      await untilItem(guest, INPUT, '/InputState', new RegExp(`int32 ${Number(high)}`));
    }
    await untilItem(guest, INPUT, '/State', /int32 7/); // closed
  });
  await list.check('pulses are counted', async () => {
    const count = async (): Promise<number> =>
      Number(/int32 (\d+)/.exec(await untilItem(guest, INPUT, '/Count', /int32 [0-9]+/))?.[1]);
    const before = await count();
    for (let pulse = 0; pulse < BURST; pulse++) {
      for (const high of [false, true]) {
        await guest.drive(LINE.input, high);
        await guest.run('usleep 50000');
      }
    }
    assert.equal((await count()) - before, BURST);
  });
}

/** Does something, and fails when a relay was switched by it, however shortly. */
export async function withoutSwitching<T>({ guest }: Bench, body: () => Promise<T>): Promise<T> {
  const before = guest.gpioRecord();
  assert.ok(before.length > 0, 'the chip has put out nothing yet: is it recorded?');
  const result = await body();
  assert.deepEqual(guest.gpioRecord().slice(before.length), []);
  return result;
}
