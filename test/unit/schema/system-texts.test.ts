/** The texts of com.victronenergy.system, against those of the stock program on the same values. */
import t from 'tap';
import { textByRow } from '../../../src/bus/text.ts';
import { findRow, type Value } from '../../../src/schema/row.ts';
import { systemSchema } from '../../../src/schema/system.ts';
import { sharedJson, sharedText, withoutShared } from '../../support/shared-facts.ts';

/** A value of a scenario: `{"d": 55}` is a double with an integral value. */
type Recorded = Value | { readonly d: number };
type Tree = Readonly<Record<string, readonly [value: Recorded, text: string]>>;

/** A few of them, so that a clone alone tests each text form of the table. */
const SAMPLE: readonly (readonly [path: string, value: number, text: string])[] = [
  ['/Ac/Consumption/L1/Current', 4.05, '4.0 A'],
  ['/Ac/PvOnGrid/NumberOfPhases', 3, '3 W'],
  ['/Control/ActiveSocLimit', 10, '10.0'],
  ['/Control/ActiveSocLimit', 0, '0'],
  ['/Control/Dvcc', 0, 'False'],
  ['/Control/Dvcc', 1, '1'],
  ['/Control/EffectiveChargeVoltage', 55, '55.0'],
  ['/Dc/Battery/ProductId', 0xb015, '0xb015'],
  ['/Dc/Battery/State', 2, 'Discharging'],
  ['/Dc/Battery/Temperature', 24, '24.0 C'],
  ['/Dc/Charger/Power', 120.28, '120 %'],
  ['/Dc/System/Power', 122.5, '122 W'],
  ['/DynamicEss/ChargeHysteresis', 0, '0%'],
  ['/DynamicEss/ChargeHysteresis', 1, '1.0%'],
  ['/DynamicEss/LastScheduledStart', 1772445601, '2026-03-02 10:00:01'],
  ['/MotorDrive/ConsumptionAhkm', 4.999999999999999, '4Ah/km'],
  ['/SwitchableOutput/1/Status', 9, '9'],
  ['/Timers/TimeOff', 30, '30'],
];

t.test('a sample of recorded texts', async t => {
  for (const [path, value, text] of SAMPLE) t.equal(ourText(path, value), text, path);
});

t.test('every path of every recorded tree has a row, and every number its text', { skip: withoutShared }, async t => {
  let compared = 0;
  for (const { name, tree } of recordedTrees()) {
    for (const [path, [recorded, text]] of Object.entries(tree)) {
      const value = isDouble(recorded) ? recorded.d : recorded;
      const row = findRow(systemSchema, path);
      if (row === undefined) t.fail(`${name}: ${path} has no row`);
      else if (typeof value === 'number') {
        compared++;
        const ours = textByRow(value, row);
        if (ours !== text) t.equal(ours, text, `${name}: ${path} of ${value}`);
      } else if (typeof value === 'string' && row.type !== 'string') t.fail(`${name}: ${path} is a string`);
    }
  }
  t.ok(compared > 10_000, `${compared} numbers compared`);
});

t.test('every path that the stock program publishes has a row', { skip: withoutShared }, async t => {
  const [, published = ''] = sharedText('paths/dbus-systemcalc-py.exact.txt').split(/^## .*$/m);
  const paths = published.split('\n').filter(Boolean);
  t.ok(paths.length > 200, 'the list was read');
  for (const line of paths) {
    const path = line.split('\t')[0] ?? '';
    if (findRow(systemSchema, path) === undefined) t.fail(`${path} has no row`);
  }
});

function ourText(path: string, value: number): string | undefined {
  const row = findRow(systemSchema, path);
  return row === undefined ? undefined : textByRow(value, row);
}

function* recordedTrees(): Iterable<{ name: string; tree: Tree }> {
  for (const { name, content } of sharedJson('scenarios/dbus-systemcalc-py-snapshots')) {
    // A snapshot is service → tree.
    for (const tree of Object.values(content as Record<string, Tree>)) yield { name, tree };
  }
  for (const { name, content } of sharedJson('scenarios/recorded-systems')) {
    // A scenario is a list of steps, some of which hold a tree.
    for (const step of (content as { steps: { service?: string; tree?: Tree }[] }).steps) {
      if (step.tree !== undefined && step.service === 'com.victronenergy.system') yield { name, tree: step.tree };
    }
  }
}

function isDouble(value: Recorded): value is { readonly d: number } {
  return typeof value === 'object' && value !== null && 'd' in value && typeof value.d === 'number';
}
