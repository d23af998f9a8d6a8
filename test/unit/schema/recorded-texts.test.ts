/** Texts as installations in the field show them, against those of our rows. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { textByRow } from '../../../src/bus/text.ts';
import { schemaOf } from '../../../src/schema/registry.ts';
import { findRow } from '../../../src/schema/row.ts';
import { csvRecords, sharedText, withoutShared } from '../../support/shared-facts.ts';

const RECORDED = 'protocols/data/dbus-recorded-paths.csv';

/** Where our text is another than the recorded one, by `type path` as in the recordings, and why. */
const EXCEPTIONS: readonly (readonly [why: string, matches: RegExp])[] = [
  ['product ids have one form: 0x and upper case', /^\w+ \/(Devices\/\d+\/)?ProductId$/],
  ['versions of energy meters are plain numbers in that program', /^(grid|pvinverter) \/FirmwareVersion$/],
  ['programs that know the layout of another maker', /^(dcgenset|evcharger) \/FirmwareVersion$/],
  ['recorded while it changed: value and text are of two moments', /^grid \/Ac\/L3\/Power$/],
  ['recorded while it changed: value and text are of two moments', /^multi \/Dc\/0\/(Current|Power)$/],
  ['recorded while it changed: value and text are of two moments', /^pvinverter \/Ac\/L1\/Current$/],
  ['recorded while it changed: value and text are of two moments', /^vebus \/Ac\/Out\/(L1\/S|P|S)$/],
  ['older programs printed the days without units', /^(solarcharger|multi) \/History\/Daily\/<n>\//],
  ['the text of bytes is not for people', /^solarcharger \/History\/\S+\/Raw$/],
  ['another program prints this energy without decimals while it is 0', /^dcsource \/History\/EnergyIn$/],
  ['names of a Python enumeration', /^evcharger \/(Mode|Position|StartStop|Status)$/],
  [
    'numbers in some versions, words in others',
    /^switch \/SwitchableOutput\/\w+\/(Status|Settings\/(Valid)?(Types?|Functions?))$/,
  ],
  ['the system service of version 1.02; those since then print a space', /^system \/Ac\/PvOn/],
  ['the system service of version 1.02; those since then have /Mgmt', /^system \/Management\//],
  ['bits by name, and lists, are not printed from a row', /^vebus \/Devices\/\d+\/(\S+\/ErrorFlags|Assistants)$/],
  ['times have one form', /^vebus \/Devices\/\d+\/InterfaceProtectionLog\/\d+\/Time$/],
  ['percent printed as hexadecimal', /^vebus \/Devices\/\d+\/Settings\/(Read|Write)Progress$/],
  ['a number printed as hexadecimal', /^vebus \/Devices\/\d+\/Settings\/ResetRequired$/],
  ['no text for 0', /^vebus \/((Devices\/\d+\/)?FirmwareSubVersion|RedetectSystem)$/],
  ['a string of digits', /^alternator \/HardwareVersion$/],
];

t.test('a committed sample of recorded texts', async t => {
  for (const [type = '', path = '', , value = '', text = ''] of csvRecords(
    readFileSync('test/fixtures/schema/recorded-texts.csv', 'utf8'),
  )) {
    t.equal(ourText(type, path, value), text, `${type} ${path}`);
  }
});

t.test('every recorded path has a row, and every recorded text is ours', { skip: withoutShared }, async t => {
  const used = new Set<RegExp>();
  for (const [type = '', path = '', types = '', value = '', text = ''] of csvRecords(sharedText(RECORDED))) {
    if (isInnerNode(types, text)) continue;
    const name = `${type} ${path}`;
    const exception = EXCEPTIONS.find(([, matches]) => matches.test(name))?.[1];
    const theirs = value === '[]' || types === 'NoneType' ? undefined : text;
    const schema = schemaOf(type);
    const row = schema === undefined ? undefined : findRow(schema, path.replace('<n>', '3'));
    if (row === undefined && exception === undefined) t.fail(`${name} has no row`);
    if (row === undefined || theirs === undefined || row.type === 'string') continue;
    const ours = ourText(type, path, value);
    if (ours === theirs) continue;
    if (exception === undefined) t.equal(ours, theirs, name);
    else used.add(exception);
  }
  for (const [why, matches] of EXCEPTIONS) {
    if (matches.source.includes('Management')) continue;
    t.ok(used.has(matches), `the exception is needed: ${why} ${matches.source}`);
  }
});

function ourText(type: string, path: string, value: string): string | undefined {
  const schema = schemaOf(type);
  const row = schema === undefined ? undefined : findRow(schema, path.replace('<n>', '3'));
  if (row === undefined) return undefined;
  const number = row.type === 'string' ? Number.NaN : Number(value);
  return textByRow(Number.isNaN(number) ? value : number, row);
}

/** Nodes of the tree that hold no value themselves. */
function isInnerNode(types: string, text: string): boolean {
  return types === 'DICT' || types === 'NoneType' || text === 'no formatter';
}
