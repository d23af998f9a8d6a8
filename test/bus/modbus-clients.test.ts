/** The clients that people use, through real sockets, against devices on a real bus. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import jsmodbus from 'jsmodbus';
import modbusSerial from 'modbus-serial';
import t, { type Test } from 'tap';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { allRegisters, RegisterMap } from '../../src/schema/modbus/register-map.ts';
import { valueOfRegisters } from '../../src/schema/modbus/register-value.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { blocksOf, plant } from '../support/modbus-plant.ts';
import { type RealGateway, startGateway } from '../support/modbus-real.ts';
import { ServedDevice } from '../support/served-devices.ts';

const run = promisify(execFile);
const clock = new SystemClock();
const VEBUS = 'com.victronenergy.vebus.ttyO1';
/** How long something may take to get through the bus. Milliseconds. */
const PATIENCE_MS = 5_000;

interface Site {
  readonly gateway: RealGateway;
  readonly devices: ReadonlyMap<string, ServedDevice>;
}

async function openBus(address: string): Promise<DbusBus> {
  const log = new LogBook(clock, line => process.stderr.write(`${line.message}\n`), 'error').for('bus');
  return DbusBus.open({ address, clock, random: seededRandom(1), log });
}

/** A daemon, the devices, and the gateway on a connection of its own, until the test ends. */
async function site(t: Test, devices: Readonly<Record<string, Record<string, number | string | null>>>): Promise<Site> {
  const daemon = await TestDaemon.start();
  t.teardown(() => daemon.stop());
  const deviceBus = await openBus(daemon.address);
  t.teardown(() => deviceBus.close());
  const published = new Map<string, ServedDevice>();
  for (const [name, values] of Object.entries(devices))
    published.set(name, await ServedDevice.publish(deviceBus, name, values));
  if (!published.has('com.victronenergy.settings'))
    published.set(
      'com.victronenergy.settings',
      await ServedDevice.publish(deviceBus, 'com.victronenergy.settings', {}),
    );
  const gatewayBus = await openBus(daemon.address);
  t.teardown(() => gatewayBus.close());
  const gateway = await startGateway(gatewayBus);
  t.teardown(() => gateway.stop());
  await until(() => [...published.keys()].every(name => gateway.world.service(name) !== undefined));
  return { gateway, devices: published };
}

/** The exception code that modbus-serial reports. */
async function exceptionOf(asked: Promise<unknown>): Promise<unknown> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return typeof error === 'object' && error !== null && 'modbusCode' in error ? error.modbusCode : error;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > PATIENCE_MS) throw new Error('it never came to that');
    await setTimeout(5);
  }
}

const MULTI = {
  '/DeviceInstance': 288,
  '/Mode': 3,
  '/Ac/ActiveIn/L1/V': 230.4,
  '/Ac/ActiveIn/CurrentLimit': 16,
  '/Hub4/L1/AcPowerSetpoint': -70_000,
  '/CustomName': 'Multi',
};

t.test('mbpoll', async t => {
  const { gateway, devices } = await site(t, { [VEBUS]: MULTI });
  const mbpoll = async (...args: string[]): Promise<string> => {
    const common = ['-m', 'tcp', '-p', String(gateway.port), '-0', '-1', '-a', '239', '-o', '5'];
    const { stdout } = await run('mbpoll', [...common, ...args]).catch(error => error);
    return stdout;
  };
  t.match(await mbpoll('-t', '4', '-r', '3', '127.0.0.1'), /\[3\]:\s+2304/);
  t.match(await mbpoll('-t', '3', '-r', '3', '127.0.0.1'), /\[3\]:\s+2304/, 'input registers are the same');
  t.match(await mbpoll('-t', '4:int', '-B', '-r', '96', '127.0.0.1'), /\[96\]:\s+-70000/);
  t.match(await mbpoll('-t', '4', '-r', '33', '127.0.0.1', '2'), 'Written 1 references');
  t.equal(devices.get(VEBUS)?.get('/Mode'), 2, 'written when the client was answered');
  t.match(await mbpoll('-t', '4:int', '-B', '-r', '96', '127.0.0.1', '100000'), 'Written');
  t.equal(devices.get(VEBUS)?.get('/Hub4/L1/AcPowerSetpoint'), 100_000);
});

t.test('modbus-serial', async t => {
  const { gateway, devices } = await site(t, { [VEBUS]: MULTI });
  const client = new modbusSerial.default();
  client.setTimeout(PATIENCE_MS);
  await client.connectTCP('127.0.0.1', { port: gateway.port });
  client.setID(239);
  t.same((await client.readHoldingRegisters(3, 1)).data, [2304]);
  t.same((await client.readInputRegisters(22, 1)).data, [160]);
  await client.writeRegister(22, 125);
  t.equal(devices.get(VEBUS)?.get('/Ac/ActiveIn/CurrentLimit'), 12.5);
  await client.writeRegisters(140, [0x4142, 0x4300, 0, 0, 0, 0, 0, 0]);
  t.equal(devices.get(VEBUS)?.get('/CustomName'), 'ABC');
  t.equal(await exceptionOf(client.readHoldingRegisters(1, 1)), 2);
  t.equal(await exceptionOf(client.readCoils(3, 1)), 1);
  const device = devices.get(VEBUS);
  if (device !== undefined) device.onWrite = () => 1;
  t.equal(await exceptionOf(client.writeRegister(33, 9)), 10, 'the device refuses');
  await device?.leave();
  await until(() => gateway.world.service(VEBUS) === undefined);
  t.equal(await exceptionOf(client.readHoldingRegisters(3, 1)), 10, 'the device has gone');
  await new Promise<void>(resolve => client.close(() => resolve()));
});

t.test('jsmodbus', async t => {
  const { gateway, devices } = await site(t, { [VEBUS]: MULTI });
  const socket = connect({ port: gateway.port, host: '127.0.0.1' });
  const client = new jsmodbus.client.TCP(socket, 239, PATIENCE_MS);
  await once(socket, 'connect');
  const { response } = await client.readHoldingRegisters(3, 1);
  t.same(response.body.valuesAsArray, [2304]);
  await client.writeSingleRegister(33, 1);
  t.equal(devices.get(VEBUS)?.get('/Mode'), 1);
  await client.writeMultipleRegisters(96, [0xffff, 0xff00]);
  t.equal(devices.get(VEBUS)?.get('/Hub4/L1/AcPowerSetpoint'), -256);
  socket.destroy();
});

t.test('pymodbus', async t => {
  const { gateway, devices } = await site(t, { [VEBUS]: MULTI });
  const script = `
import sys
from pymodbus.client import ModbusTcpClient
c = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]))
assert c.connect()
print(c.read_holding_registers(3, 1, slave=239).registers)
print(c.read_input_registers(140, 3, slave=239).registers)
print(c.write_register(22, 80, slave=239).isError())
print(c.write_registers(96, [1, 2], slave=239).isError())
print(c.read_holding_registers(96, 2, slave=239).registers)
print(c.read_holding_registers(1, 1, slave=239).exception_code)
print(c.read_holding_registers(3, 1, slave=5).exception_code)
c.close()
`;
  const { stdout } = await run('/usr/bin/python3', ['-c', script, String(gateway.port)]);
  t.same(stdout.trim().split('\n'), ['[2304]', '[19829, 27764, 26880]', 'False', 'False', '[1, 2]', '2', '10']);
  t.equal(devices.get(VEBUS)?.get('/Ac/ActiveIn/CurrentLimit'), 8);
  t.equal(devices.get(VEBUS)?.get('/Hub4/L1/AcPowerSetpoint'), 0x1_0002);
});

t.test('home automation: all blocks of all services, again and again while values change', async t => {
  const devices = plant();
  const values = devices.map(({ service }) => [service.name, Object.fromEntries(service.values)] as const);
  const all = await site(t, Object.fromEntries(values) as Parameters<typeof site>[1]); // numbers and texts, see plant()
  const client = new modbusSerial.default();
  client.setTimeout(PATIENCE_MS);
  await client.connectTCP('127.0.0.1', { port: all.gateway.port });
  const map = new RegisterMap(allRegisters());
  for (let poll = 0; poll < 3; poll++) {
    for (const [i, device] of [...all.devices.values()].entries()) device.set('/Soc', (17 * poll + i) % 100);
    await until(() =>
      [...all.devices.values()].every(one => all.gateway.world.value(one.name, '/Soc') === one.get('/Soc')),
    );
    let items = 0;
    const wrong: string[] = [];
    for (const { service, type, unit } of devices) {
      client.setID(unit);
      for (const { first, count } of blocksOf(type)) {
        const { buffer } = await client.readHoldingRegisters(first, count);
        for (let address = first; address < first + count; ) {
          const register = map.at(address);
          if (register === undefined) break;
          const at = 2 * (address - first);
          const got = valueOfRegisters(register, buffer.subarray(at, at + 2 * register.size));
          const want = all.devices.get(service.name)?.get(register.path) ?? null;
          const step = typeof want === 'number' ? 0.5 / Math.abs(register.scale) : 0;
          const same =
            typeof want === 'number' && typeof got === 'number' ? Math.abs(got - want) <= step : got === want;
          if (!same) wrong.push(`${service.name} ${address} ${register.path}: ${got}, not ${want}`);
          address += register.size;
          items++;
        }
      }
    }
    t.same(wrong.slice(0, 5), []);
    t.ok(items > 700, `${items} items`);
  }
  await new Promise<void>(resolve => client.close(() => resolve()));
});
