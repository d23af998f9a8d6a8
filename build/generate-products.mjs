/**
 * Writes src/protocols/vedirect/product-table.ts from a list of Victron product ids:
 * `node build/generate-products.mjs LIST.csv`, a CSV with the columns `pid` (0xNNNN) and `name`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from './lib.mjs';

const LINE_CHARS = 118;

/** First rule that fits: letter of the class (see products.ts), range of ids, words in the name. */
const RULES = [
  ['-', 0x0000, 0xffff, /Bluetooth|dongle|interface|grabber|firmware|bootloader|remote panel|Legacy|Sense|control$/i],
  ['b', 0x0141, 0x0141, /Lynx Shunt/],
  ['b', 0x0200, 0x0210, /BMV/],
  ['b', 0xa130, 0xa13f, /Shunt/],
  ['b', 0xa380, 0xa38f, /BMV|Shunt/],
  ['b', 0xc030, 0xc03f, /BMV|Shunt/],
  ['s', 0x0000, 0xafff, /MPPT|(Blue|Smart)Solar/],
  ['c', 0x0100, 0x010f, /Skylla/],
  ['c', 0x1400, 0x14ff, /Charger/],
  ['v', 0x1700, 0x2fff, /Multi|Quattro|Phoenix|EasySolar|EasyPlus/],
  ['c', 0xa000, 0xa03f, /Skylla/],
  ['i', 0xa200, 0xa2ff, /./],
  ['c', 0xa300, 0xa37f, /./],
  ['d', 0xa3c0, 0xa3ff, /Orion/],
  ['i', 0xa401, 0xa43f, /Inverter/],
  ['m', 0xa440, 0xa48f, /Multi/],
];

const [list] = process.argv.slice(2);
if (list === undefined) fail('usage: node build/generate-products.mjs LIST.csv');
const [head, ...rows] = readFileSync(list, 'utf8').trim().split(/\r?\n/);
const columns = head.split(',');
const [pidAt, nameAt] = [columns.indexOf('pid'), columns.indexOf('name')];
if (pidAt < 0 || nameAt < 0) fail(`${list}: no column pid or name`);

const entries = new Map();
for (const row of rows) {
  const cells = [...row.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(cell => cell[1] ?? cell[2]);
  const [pid, name] = [Number(cells[pidAt]), cells[nameAt]];
  if (!(pid > 0 && pid <= 0xffff) || !/^[ -z]+$/.test(name) || /[`\\$]/.test(name)) fail(`${list}: cannot take ${row}`);
  const [letter] = RULES.find(([, from, to, words]) => pid >= from && pid <= to && words.test(name)) ?? ['-'];
  entries.set(pid, `${pid.toString(16).toUpperCase().padStart(4, '0')}${letter}${name}`);
}

const lines = [];
for (const [, entry] of [...entries].sort(([a], [b]) => a - b)) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + 1 + entry.length <= LINE_CHARS) lines[lines.length - 1] = `${last}|${entry}`;
  else lines.push(`|${entry}`);
}
writeFileSync(
  join(ROOT, 'src/protocols/vedirect/product-table.ts'),
  `/** Written by build/generate-products.mjs: id in hexadecimal, letter of the class, name. Read by products.ts. */
export const PRODUCT_TABLE = \`
${lines.join('\n')}
\`;
`,
);
console.log(`${entries.size} products`);
