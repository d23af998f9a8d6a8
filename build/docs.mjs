/** `npm run docs`: writes the documents that are made from the tables. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from './compile-tests.mjs';
import { ensurePackages, ROOT } from './lib.mjs';

ensurePackages();
const [program] = await compile(['src/cli/modbus-map.ts'], 'run/docs');
const { printMap } = await import(pathToFileURL(join(ROOT, program)).href);
const lines = [];
printMap('md', { out: line => lines.push(line), err: line => console.error(line) });
writeFileSync(join(ROOT, 'src/schema/modbus/REGISTERS.md'), `${lines.join('\n')}\n`);
