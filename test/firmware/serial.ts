/** Simulated VE.Direct devices on USB serial adapters of the guest. */
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { VeDirectEnd } from '../../src/drivers/vedirect/simulators/device.ts';
import { SimulatedShunt } from '../../src/drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../../src/drivers/vedirect/simulators/solar-charger.ts';
import { decodeRegister } from '../../src/protocols/vedirect/register.ts';
import { CHARGER_REGISTERS } from '../../src/protocols/vedirect/registers.ts';
import type { Bench } from './bench.ts';
import { untilItem, untilOwned, write } from './commands.ts';
import type { Guest } from './guest.ts';

const MONITOR = 'com.victronenergy.battery.ttyUSB0';
const CHARGER = 'com.victronenergy.solarcharger.ttyUSB1';
/** Of com.victronenergy.system, unit 100: the battery's voltage, tenths of a volt. */
const BATTERY_VOLTAGE = 840;
const LIMIT_AMPERES = 9;

export async function checkDevices({ guest, list, options }: Bench): Promise<void> {
  const clock = new SystemClock();
  const shunt = await connectDevice(
    guest,
    'usb0',
    write => new VeDirectEnd(clock, new SimulatedShunt({ clock }), write),
  );
  const sun = new SimulatedSolarCharger({ clock });
  const charger = await connectDevice(guest, 'usb1', write => new VeDirectEnd(clock, sun, write));
  try {
    await list.check('a battery monitor on a USB serial adapter is a service', async () => {
      const owned = await untilOwned(guest, MONITOR);
      const value = await untilItem(guest, MONITOR, '/Dc/0/Voltage', /double [0-9.]+/);
      return `${value} V, ${owned} s after the kernel began`;
    });
    await list.check('Modbus TCP answers from outside with its voltage', async () => {
      await write(guest, 'com.victronenergy.settings', '/Settings/Services/Modbus', 1);
      await guest.run('until netstat -ltn | grep -q ":502 "; do sleep 1; done');
      const tenths = await readRegister(options.modbusPort, BATTERY_VOLTAGE);
      assert.ok(tenths > 80 && tenths < 700, `${tenths}`);
      return `${tenths / 10} V`;
    });
    await list.check(
      'a solar charger that is plugged in is a service; what is written there is in the device',
      async () => {
        const before = await guest.uptime();
        await guest.monitor('device_add usb-serial,chardev=usb1,id=serial1,always-plugged=on');
        const owned = await untilOwned(guest, CHARGER);
        await untilItem(guest, CHARGER, '/Settings/ChargeCurrentLimit', /double|int32/);
        await write(guest, CHARGER, '/Settings/ChargeCurrentLimit', LIMIT_AMPERES);
        const limit = CHARGER_REGISTERS.chargeCurrentLimit;
        assert.equal(decodeRegister(limit, sun.registers.get(limit.id).value), LIMIT_AMPERES);
        return `${(owned - before).toFixed(1)} s after it was plugged in`;
      },
    );
    await list.check(
      'unplugged, it leaves the bus, and the other one stays; plugged in again, it is back',
      async () => {
        const before = await guest.uptime();
        await guest.monitor('device_del serial1');
        const gone = await untilOwned(guest, CHARGER, false);
        await untilItem(guest, MONITOR, '/Connected', /int32 1/);
        await guest.monitor('device_add usb-serial,chardev=usb1,id=serial1,always-plugged=on');
        const back = await untilOwned(guest, CHARGER);
        return `gone after ${(gone - before).toFixed(1)} s, back ${(back - gone).toFixed(1)} s later`;
      },
    );
  } finally {
    for (const device of [shunt, charger]) device.release();
  }
}

/** A simulated device at the other end of a USB serial adapter. */
async function connectDevice(
  guest: Guest,
  name: string,
  make: (write: (bytes: Uint8Array) => void) => VeDirectEnd,
): Promise<{ release: () => void }> {
  const socket = await guest.usb(name);
  const end = make(bytes => socket.write(bytes));
  socket.on('data', bytes => end.receive(bytes));
  const release = (): void => {
    end.release();
    socket.destroy();
  };
  // The power may go while it speaks.
  socket.on('error', release);
  socket.on('close', release);
  return { release };
}

/** A register of unit 100 by Modbus TCP. */
function readRegister(port: number, register: number): Promise<number> {
  return new Promise((done, fail) => {
    const socket = createConnection(port, '127.0.0.1');
    const request = Buffer.from([0, 1, 0, 0, 0, 6, 100, 3, register >> 8, register & 0xff, 0, 1]);
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(request));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the connection was closed')));
    socket.on('data', chunk => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 9) return;
      if (answer[7] !== 3) fail(new Error(`exception ${answer[8]}`));
      else if (answer.length >= 11) done(answer.readUInt16BE(9));
      else return;
      socket.destroy();
    });
  });
}
