/** All tables of rows are well-formed. */
import t from 'tap';
import { schemaOf, serviceTypes } from '../../../src/schema/registry.ts';
import type { Row } from '../../../src/schema/row.ts';

/** Services that have no product, so no common paths. */
const WITHOUT_PRODUCT = new Set([
  'adc',
  'ble',
  'canopenmotordrive',
  'eebus',
  'logger',
  'modbusclient',
  'opportunityloads',
  'settings',
  'shelly',
]);

const PATH = /^(\/(\w|\{n\}|\{name\})+)+$/;
const NUMERIC = new Set(['int', 'uint', 'float']);

for (const type of serviceTypes()) {
  t.test(type, async t => {
    const schema = schemaOf(type);
    t.ok(schema, 'has a schema');
    const faults: string[] = [];
    for (const [path, row] of Object.entries(schema ?? {})) {
      if (!PATH.test(path)) faults.push(`${path}: not a path`);
      faults.push(...faultsOf(row).map(fault => `${path}: ${fault}`));
    }
    t.same(faults, []);
    if (!WITHOUT_PRODUCT.has(type)) t.ok(schema?.['/Mgmt/ProcessName'], 'has the common paths');
  });
}

t.test('a service type that nobody knows has no schema', async t => {
  t.equal(schemaOf('constructor'), undefined);
  t.equal(schemaOf(''), undefined);
});

function faultsOf(row: Row): string[] {
  const faults: string[] = [];
  const say = (wrong: boolean, fault: string): void => {
    if (wrong) faults.push(fault);
  };
  for (const [key, meaning] of Object.entries(row.enum ?? {})) {
    say(!Number.isInteger(Number(key)), `enumeration of ${key}`);
    say(meaning === '', `no meaning for ${key}`);
  }
  say(row.enum !== undefined && !NUMERIC.has(row.type), 'an enumeration that is not a number');
  say(row.enumText === true && row.enum === undefined, 'meanings as text, but none known');
  say(row.unit !== undefined && !NUMERIC.has(row.type), 'a unit, but not a number');
  say(row.unit?.trim() !== row.unit || row.unit === '', 'blanks in the unit: they belong to the suffix');
  say(row.decimals !== undefined && !(Number.isInteger(row.decimals) && row.decimals >= 0), 'decimals');
  say(row.min !== undefined && row.max !== undefined && row.min > row.max, 'min above max');
  say(row.label === '' || row.label?.trim() !== row.label, 'label');
  return faults;
}
