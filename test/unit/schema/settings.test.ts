/** The tables of settings: well-formed, and those of the system exactly as the stock program adds them. */
import t from 'tap';
import type { SettingRow } from '../../../src/schema/setting-row.ts';
import { canPortSettings } from '../../../src/schema/settings/canbus.ts';
import { deviceSettings } from '../../../src/schema/settings/devices.ts';
import { digitalInputSettings } from '../../../src/schema/settings/digitalinputs.ts';
import { essSettings } from '../../../src/schema/settings/ess.ts';
import { dcGeneratorSettings, generatorSettings } from '../../../src/schema/settings/generator.ts';
import { modbusSettings } from '../../../src/schema/settings/modbus.ts';
import { otherSettings, platformSettings } from '../../../src/schema/settings/platform.ts';
import { pumpSettings } from '../../../src/schema/settings/pump.ts';
import { relaySettings } from '../../../src/schema/settings/relay.ts';
import { systemSettings } from '../../../src/schema/settings/system.ts';
import { tempRelaySettings, tempSensorSettings } from '../../../src/schema/settings/temprelay.ts';
import { knownSettings, settingsSchema } from '../../../src/schema/settings.ts';
import { csvRecords, sharedText, withoutShared } from '../../support/shared-facts.ts';

/** As on a machine: every owner's settings together. */
const ALL: readonly SettingRow[] = [
  ...systemSettings,
  ...essSettings,
  ...generatorSettings(0),
  ...generatorSettings(1),
  ...dcGeneratorSettings(1),
  ...relaySettings,
  ...pumpSettings,
  ...tempRelaySettings,
  ...tempSensorSettings('com_victronenergy_temperature_24'),
  ...digitalInputSettings(1),
  ...canPortSettings('can0'),
  ...deviceSettings('cgwacs_ttyUSB0', 'grid', 30),
  ...modbusSettings,
  ...platformSettings(255),
  ...otherSettings,
];

t.test('settings are well-formed', async t => {
  const faults = ALL.flatMap(row => faultsOf(row).map(fault => `${row.path}: ${fault}`));
  t.same(faults, []);
});

t.test('no setting has two owners', async t => {
  const paths = ALL.map(row => row.path);
  t.same(
    paths.filter((path, i) => paths.indexOf(path) !== i),
    [],
  );
});

t.test('the schema of the settings service has a row for each', async t => {
  t.equal(Object.keys(settingsSchema).length, knownSettings.length);
  t.match(settingsSchema['/Settings/DynamicEss/Schedule/{n}/TargetSoc'], { type: 'float', writable: true, max: 100 });
});

t.test('the system adds what the stock program adds', { skip: withoutShared }, async t => {
  const text = sharedText('paths/dbus-systemcalc-py.exact.txt');
  const lines = text.slice(text.indexOf('## settings it adds')).split('\n').slice(1).filter(Boolean);
  t.ok(lines.length > 400, `${lines.length} settings were read`);
  t.same([...systemSettings].map(exactLine).sort(), lines.map(normalised).sort());
});

t.test('defaults and limits are those of the catalogue', { skip: withoutShared }, async t => {
  const known = new Map(knownSettings.map(row => [row.path, row]));
  let compared = 0;
  for (const [path = '', initial = '', min = '', max = ''] of csvRecords(
    sharedText('protocols/data/settings-catalog.csv'),
  )) {
    const row = known.get(
      path
        .replace('/{0}/', '/Generator{n}/')
        .replace('/Settings/{}/', '/Settings/Generator{n}/')
        .replace('TempSensorRelay/Generator{n}', 'TempSensorRelay/{name}'),
    );
    const numbers = [initial, min, max].map(Number);
    if (row === undefined || initial === '' || min === '' || numbers.some(Number.isNaN) || row.type === 's') continue;
    if (path.endsWith('/StartDate')) continue; // its maximum has a fraction there
    compared++;
    t.same([row.default, row.min ?? 0, row.max ?? 0], numbers, path);
  }
  t.ok(compared > 100, `${compared} compared`);
});

function faultsOf(row: SettingRow): string[] {
  const faults: string[] = [];
  const say = (wrong: boolean, fault: string): void => {
    if (wrong) faults.push(fault);
  };
  say(!/^\/Settings(\/\w+)+$/.test(row.path), 'not a path');
  say((typeof row.default === 'string') !== (row.type === 's'), 'the default is of another type');
  if (typeof row.default === 'number') {
    say(row.type === 'i' && !Number.isInteger(row.default), 'an integer with a fraction');
    const { min = 0, max = 0 } = row;
    say(min > max, 'min above max');
    if (min !== 0 || max !== 0) say(row.default < min || row.default > max, 'the default is out of its limits');
  } else {
    say(row.min !== undefined || row.max !== undefined, 'a string with limits');
  }
  say(
    Object.keys(row.enum ?? {}).some(key => !Number.isInteger(Number(key))),
    'enumeration',
  );
  return faults;
}

/** A setting as the list of the stock program has it: path, default, min, max, silent; floats with their point. */
function exactLine(row: SettingRow): string {
  const { path, min = 0, max = 0, silent } = row;
  const initial = row.type === 'f' ? `${row.default}`.replace(/^(-?\d+)$/, '$1.0') : `${row.default}`;
  return [path, initial, min, max, silent ? 1 : ''].join(' ').trimEnd();
}

/** Limits in the list have a point or not, as somebody wrote them. */
function normalised(line: string): string {
  const [path = '', initial = '', min = '', max = '', silent = ''] = line.split('\t');
  return [path, initial, limit(min), limit(max), silent].join(' ').trimEnd();
}

function limit(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
