import t from 'tap';
import { CHARGER_ERRORS } from '../../../../src/protocols/vedirect/charger-errors.ts';
import {
  alarmLevels,
  DEVICE_STATES,
  MONITOR_MODES,
  meaningsOfBits,
  monitorService,
  OFF_REASONS,
} from '../../../../src/protocols/vedirect/codes.ts';
import { classOf, plausibleProductId, product, productIds } from '../../../../src/protocols/vedirect/products.ts';

t.test('products', async t => {
  t.same(product(0x0203), { id: 0x0203, name: 'BMV-700', class: 'battery' });
  t.same(product(0xa053), { id: 0xa053, name: 'SmartSolar MPPT 75/15', class: 'solarcharger' });
  t.equal(product(0xa251)?.name, 'Phoenix Inverter 12V 500VA 230V');
  t.equal(product(0xffff), undefined);
  t.equal(product(0x1a053), undefined);
  t.equal(product(-1), undefined);
  const ids = productIds();
  t.equal(ids.length, 754);
  t.equal(new Set(ids).size, 754);
  for (const id of ids) {
    const found = product(id);
    if (found?.id !== id || found.name === '' || /[|\n]/.test(found.name)) t.fail(`0x${id.toString(16)}`);
  }
});

t.test('classes of products', async t => {
  const cases: [number, string][] = [
    [0x0203, 'battery'],
    [0xa381, 'battery'],
    [0xc030, 'battery'],
    [0x0300, 'solarcharger'],
    [0xa042, 'solarcharger'],
    [0xa102, 'solarcharger'],
    [0xa201, 'inverter'],
    [0xa332, 'charger'],
    [0xa340, 'charger'],
    [0xa3c0, 'dcdc'],
    [0xa3f0, 'dcdc'],
    [0xa401, 'inverter'],
    [0xa441, 'multi'],
    [0x1912, 'vebus'],
    [0xa163, 'other'],
    [0xa192, 'other'],
    [0xa140, 'other'],
    [0x0000, 'other'],
  ];
  for (const [id, expected] of cases) t.equal(classOf(id), expected, `0x${id.toString(16)}`);
  t.equal(product(0xa2fe), undefined);
  t.equal(classOf(0xa2fe), 'inverter', 'a product made after this table');
});

t.test('a product id with its octets swapped', async t => {
  t.equal(plausibleProductId(0xa042), 0xa042);
  t.equal(plausibleProductId(0x42a0), 0xa042);
  t.equal(plausibleProductId(0x1234), 0x1234);
});

t.test('alarms', async t => {
  const levels = alarmLevels(0x0001 | 0x0004, 0x0004 | 0x0800 | 0x1000);
  t.equal(levels.LowVoltage, 1);
  t.equal(levels.LowSoc, 2, 'the alarm counts more than its warning');
  t.equal(levels.HighVoltageAcOut, 2);
  t.equal(levels.Overload, 0);
  t.equal(Object.keys(levels).length, 12);
});

t.test('codes', async t => {
  t.same(meaningsOfBits(0x0009, OFF_REASONS), ['No input power', 'Remote input']);
  t.same(meaningsOfBits(0, OFF_REASONS), []);
  t.equal(DEVICE_STATES[5], 'Float');
  t.equal(CHARGER_ERRORS[33], 'Input voltage too high (PV)');
  t.equal(monitorService(0), 'battery');
  t.equal(monitorService(-6), 'alternator');
  t.equal(monitorService(-9), 'dcsource');
  t.equal(monitorService(6), 'dcsystem');
  t.equal(monitorService(3), 'dcload');
  t.equal(monitorService(-10), 'dcsource');
  t.equal(monitorService(99), 'dcload');
  t.equal(Object.keys(MONITOR_MODES).length, 18);
});
