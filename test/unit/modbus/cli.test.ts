import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type CliIo, UsageError } from '../../../src/cli/io.ts';
import { modbusCommand } from '../../../src/cli/modbus.ts';
import { SimulatedService } from '../../support/memory-bus.ts';
import { ModbusSystem } from '../../support/modbus-system.ts';
import { SimulatedSettings } from '../../support/simulated-settings.ts';

const HOST = 'gateway:1502';

function output(): CliIo & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, out: line => void lines.push(...line.split('\n')), err: line => void lines.push(line) };
}

async function system(): Promise<ModbusSystem> {
  const gateway = new ModbusSystem();
  new SimulatedSettings(gateway.bus);
  gateway.bus.add(
    new SimulatedService('com.victronenergy.vebus.ttyO1', {
      '/DeviceInstance': 288,
      '/Mode': 3,
      '/Ac/ActiveIn/L1/V': 230.4,
      '/Ac/ActiveIn/CurrentLimit': 16,
      '/Hub4/L1/AcPowerSetpoint': -70_000,
      '/CustomName': 'Multi',
    }),
  );
  await gateway.up();
  return gateway;
}

t.test('map in three forms', async t => {
  const csv = output();
  await modbusCommand(['map', '--csv'], csv);
  t.equal(csv.lines.length, 1004);
  t.equal(csv.lines[0], 'service,register,type,scale,access,path,unit,values,label');
  t.match(
    csv.lines.find(line => line.startsWith('vebus,22,')),
    /^vebus,22,int16,10,read\/write,\/Ac\/ActiveIn\/CurrentLimit,A,/,
  );
  t.match(
    csv.lines.find(line => line.startsWith('solarcharger,777,')),
    /PV current$/,
  );
  const md = output();
  await modbusCommand(['map', '--md'], md);
  t.equal(md.lines.filter(line => line.startsWith('## ')).length, 34);
  t.ok(md.lines.includes('| 239 | 288 |'));
  const document = readFileSync(join(process.cwd(), 'src/schema/modbus/REGISTERS.md'), 'utf8');
  t.equal(`${md.lines.join('\n')}\n` === document, true, 'what `npm run docs` writes is up to date');
  const text = output();
  await modbusCommand(['map'], text);
  t.equal(text.lines.length, 1004);
});

t.test('read decodes by the map', async t => {
  const gateway = await system();
  const io = output();
  t.equal(
    await gateway.during(modbusCommand(['read', HOST, '239', '3', '33', '96', '140', '122-123'], io, gateway.net)),
    0,
  );
  const cells = io.lines.map(line => line.trim().split(/ {2,}/));
  t.same(cells[0], ['3', 'vebus/Ac/ActiveIn/L1/V', '230.4V', '0x0900']);
  t.match(cells[1], ['33', 'vebus/Mode', '3 on', '0x0003']);
  t.same(cells[2], ['96', 'vebus/Hub4/L1/AcPowerSetpoint', '-70000W', '0xfffeee90']);
  t.match(cells[3]?.slice(0, 3), ['140', 'vebus/CustomName', 'Multi']);
  t.same(cells[4], ['122', '65535', '0xffff'], 'a part of what is reserved');
  const json = output();
  await gateway.during(modbusCommand(['read', HOST, '239', '3-4', '--json'], json, gateway.net));
  t.match(JSON.parse(json.lines.join('\n')), [
    { register: 3, value: 230.4 },
    { register: 4, value: 0 },
  ]);
  await gateway.stop();
});

t.test('write encodes by the map', async t => {
  const gateway = await system();
  const io = output();
  const written = (path: string): unknown => gateway.bus.get('com.victronenergy.vebus.ttyO1', path);
  await gateway.during(modbusCommand(['write', HOST, '239', '22', '12.5'], io, gateway.net));
  t.equal(written('/Ac/ActiveIn/CurrentLimit'), 12.5);
  await gateway.during(modbusCommand(['write', HOST, '239', '96', '-100000'], io, gateway.net));
  t.equal(written('/Hub4/L1/AcPowerSetpoint'), -100_000);
  await gateway.during(modbusCommand(['write', HOST, '239', '140', 'Zuhause'], io, gateway.net));
  t.equal(written('/CustomName'), 'Zuhause');
  await gateway.during(modbusCommand(['write', HOST, '239', '33', '4', '--raw'], io, gateway.net));
  t.equal(written('/Mode'), 4);
  t.match(io.lines[0], '22 /Ac/ActiveIn/CurrentLimit written: 12.5');
  await gateway.stop();
});

t.test('what does not work says why', async t => {
  const gateway = await system();
  const usage: readonly (readonly string[])[] = [
    [],
    ['scan'],
    ['map', '--csv', '--md'],
    ['map', 'x'],
    ['read', HOST, '239'],
    ['read', HOST, '256', '3'],
    ['read', HOST, '239', '3-2'],
    ['read', HOST, '239', '1-2-3'],
    ['read', HOST, '239', 'x'],
    ['read', HOST, '239', '0-65535'],
    ['read', 'gateway:0', '239', '3'],
    ['read', HOST, '239', '3', '--what'],
    ['write', HOST, '239', '3', '1'],
    ['write', HOST, '239', '97', '1'],
    ['write', HOST, '239', '22', 'high'],
    ['write', HOST, '239', '22', '5000'],
    ['write', HOST, '239', '33', '70000', '--raw'],
    ['write', HOST, '239', '140', 'much longer than sixteen'],
  ];
  for (const args of usage) {
    const error = await gateway.during(modbusCommand(args, output(), gateway.net)).catch((thrown: unknown) => thrown);
    t.ok(error instanceof UsageError, `${args.join(' ')}: ${error}`);
  }
  const failing: readonly (readonly [readonly string[], string])[] = [
    [['read', HOST, '5', '3'], 'unit 5, reading register 3: gateway path unavailable'],
    [['read', HOST, '239', '1-4'], '4 registers from 1: illegal data address'],
    [['read', 'gateway:1', '239', '3'], 'no connection to gateway port 1'],
    [['read', '[fe80::1]', '239', '3'], 'no connection to fe80::1 port 502'],
  ];
  for (const [args, message] of failing) {
    const error = await gateway.during(modbusCommand(args, output(), gateway.net)).catch((thrown: unknown) => thrown);
    t.match(error, { message }, message);
  }
  await gateway.stop();
});
