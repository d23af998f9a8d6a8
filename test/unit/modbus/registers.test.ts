import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { seededRandom } from '../../../src/kernel/random.ts';
import { kindAndSize, type Register, type RegisterType, rangeOf } from '../../../src/schema/modbus/register.ts';
import { RegisterMap } from '../../../src/schema/modbus/register-map.ts';
import { putRegisters, valueOfRegisters, valueToWrite } from '../../../src/schema/modbus/register-value.ts';
import { historicalInstance, unitIdOf } from '../../../src/schema/modbus/unit-id.ts';
import { schemaOf } from '../../../src/schema/registry.ts';
import { findRow, type Value } from '../../../src/schema/row.ts';

const LIST = '../shared/protocols/data/attributes.csv';

function register(type: RegisterType, scale = 1, item: Register['item'] = 'int'): Register {
  const place = { service: 'battery', register: 1, path: '/X', writable: true, derived: undefined };
  const { kind, size } = kindAndSize(type);
  return { ...place, kind, size, scale, item, ...rangeOf(kind, item) };
}

function shown(of: Register, value: Value, offset = 0, count = of.size): string {
  const out = new Uint8Array(2 * count + 2);
  putRegisters(of, value, offset, count, out, 1);
  if ((out[0] ?? 1) + (out.at(-1) ?? 1) !== 0) t.fail('bytes beside the registers are touched');
  return Buffer.from(out.subarray(1, -1)).toString('hex');
}

t.test('the map has every row of the public list', { skip: !existsSync(LIST) && 'no list beside this clone' }, t => {
  const map = new RegisterMap();
  const lines = readFileSync(LIST, 'utf8').trim().split('\n');
  t.equal(lines.length, 1003);
  t.equal(map.registers.length, lines.length);
  for (const line of lines) {
    const [service, path = '', , , number, type = '', scale, access] = line.split(',');
    const found = map.at(Number(number));
    const internal = type.startsWith('INTERNAL');
    const reserved = type.startsWith('reserved');
    const same =
      found !== undefined &&
      found.register === Number(number) &&
      `com.victronenergy.${found.service}` === service &&
      found.writable === (access === 'W') &&
      (reserved || found.scale === (Number(scale) || 1)) &&
      (internal ? found.derived !== undefined : found.path === (reserved ? '' : path)) &&
      found.size === kindAndSize((internal ? type.replace('INTERNAL', 'string') : type) as RegisterType).size; // as listed
    if (!same) t.same(found, line);
  }
  t.end();
});

t.test('no two registers overlap, and gaps are gaps', t => {
  const map = new RegisterMap();
  let end = 0;
  for (const { register, size } of map.registers) {
    if (register < end) t.fail(`register ${register} is used twice`);
    end = register + size;
  }
  t.equal(map.at(0), undefined);
  t.equal(map.at(end), undefined);
  t.equal(map.at(65_535), undefined);
  t.equal(map.at(801)?.register, 800, 'the second register of a text');
  t.end();
});

t.test('every register joins a path of its schema', t => {
  const lost = new RegisterMap().registers
    .flatMap(({ service, derived, path, register }) =>
      (derived?.paths ?? [path]).map(path => ({ service, path, register })),
    )
    .filter(({ path, service }) => path !== '' && findRow(schemaOf(service) ?? {}, path) === undefined)
    .map(({ service, path, register }) => `${register} ${service} ${path}`);
  t.same(lost, []);
  t.end();
});

t.test('what can be written by Modbus can be written on the bus', t => {
  const shut = new RegisterMap().registers
    .filter(({ writable, path, service }) => writable && path !== '' && service !== 'settings')
    .filter(({ path, service }) => findRow(schemaOf(service) ?? {}, path)?.writable !== true)
    .map(({ service, path, register }) => `${register} ${service} ${path}`);
  // The public list has these as writable, though no inverter takes them; a write is refused by the service.
  t.same(shut, ['1052 pvinverter /Ac/Power', '1054 pvinverter /Ac/MaxPower']);
  t.end();
});

t.test('numbers in registers', t => {
  const cases: readonly [RegisterType, number, Value, string][] = [
    ['uint16', 10, 53.25, '0215'],
    ['uint16', 1, null, '0000'],
    ['uint16', 1, 'text', '0000'],
    ['uint16', 1, -5, '0000'],
    ['uint16', 1, 0xffff, 'fffe'],
    ['uint16', 1, 70_000, 'fffe'],
    ['int16', 1, -1, 'ffff'],
    ['int16', 1, -40_000, '8000'],
    ['int16', 1, 40_000, '7ffe'],
    ['int16', 0.1, -25, 'fffd'],
    ['int16', 0.1, 25, '0003'],
    ['int16', -10, -12.5, '007d'],
    ['int32', 1, -2, 'fffffffe'],
    ['int32', 1, 1e12, '7ffffffe'],
    ['uint32', 1, 4_000_000_000, 'ee6b2800'],
    ['uint32', 1, 1e12, 'fffffffe'],
    ['uint64', 1, 1_772_445_600, '0000000069a55fa0'],
    ['uint64', 1, 2 ** 40 + 1, '0000010000000001'],
    ['reserved[2]', 1, null, 'ffffffff'],
  ];
  for (const [type, scale, value, want] of cases)
    t.equal(shown(register(type, scale), value), want, `${type} ${value}`);
  t.equal(shown(register('uint16', 1, 'float'), 65_537.4), '0001', 'a float out of range reads its lowest bits');
  t.equal(shown(register('uint32', 1, 'float'), -208), 'ffffff30');
  t.equal(shown(register('int32'), 0x0001_0002, 1, 1), '0002', 'the low half alone');
  t.end();
});

t.test('texts in registers', t => {
  t.equal(shown(register('string[3]'), 'abc'), '616263000000');
  t.equal(shown(register('string[3]'), 'abcdefgh'), '616263646566', 'cut');
  t.equal(shown(register('string[3]'), 'abcdefgh', 1, 1), '6364', 'a part');
  t.equal(shown(register('string[2]'), 'ÿé€'), 'ffe93f00', 'Latin-1, a question mark for the rest');
  t.equal(shown(register('string[2]'), 12), '31320000');
  t.equal(shown(register('string[2]'), null), '00000000');
  t.equal(shown(register('string[2]'), [1]), '00000000');
  t.equal(valueOfRegisters(register('string[2]'), Buffer.from('ab\0c', 'latin1')), 'ab');
  t.end();
});

t.test('any number in range goes there and back', t => {
  const random = seededRandom(1);
  for (let i = 0; i < 5000; i++) {
    const type = (['int16', 'uint16', 'int32', 'uint32', 'uint64'] as const)[i % 5] ?? 'int16';
    const bits = { int16: 15, uint16: 16, int32: 31, uint32: 32, uint64: 52 }[type];
    const scale = [0.01, 0.1, 1, 10, 1000][Math.floor(random() * 5)] ?? 1;
    const raw = Math.floor((random() - (type.startsWith('u') ? 0 : 0.5)) * (2 ** bits - 2));
    const of = register(type, scale, 'float');
    const bytes = Buffer.from(shown(of, raw / scale), 'hex');
    const back = Math.round(Number(valueOfRegisters(of, bytes)) * scale);
    if (back !== raw) t.equal(back, raw, `${type} by ${scale}`);
  }
  t.end();
});

t.test('integers are rounded on their way to the item', t => {
  t.equal(valueToWrite(2.5, 'int'), 3);
  t.equal(valueToWrite(-2.5, 'int'), -3);
  t.equal(valueToWrite(2.5, 'float'), 2.5);
  t.equal(valueToWrite('x', 'string'), 'x');
  t.end();
});

t.test('unit ids', t => {
  t.equal(historicalInstance(100), 0);
  t.equal(historicalInstance(239), 288);
  t.equal(historicalInstance(247), 256);
  t.equal(historicalInstance(5), undefined);
  t.equal(unitIdOf(0), 100);
  t.equal(unitIdOf(288), 239);
  t.equal(unitIdOf(512), 225);
  t.equal(unitIdOf(20), 20);
  t.equal(unitIdOf(230), 230);
  t.equal(unitIdOf(300), undefined);
  t.equal(unitIdOf(-1), undefined);
  t.end();
});
