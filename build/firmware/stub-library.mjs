/** A library with empty symbols in place of one that others name as needed and never use. */
import { writeFileSync } from 'node:fs';
import { tool } from '../packaging/dynamic.mjs';

/** As much as a reader of the real symbol looks at before it finds that this is none. Bytes. */
const SYMBOL_BYTES = 64;

/**
 * @param {import('../packaging/targets.mjs').Target} target
 * @param {string} name of the library: `libicudata.so.72`
 * @param {string[]} symbols
 * @param {string} out
 */
export function makeStubLibrary(target, name, symbols, out) {
  const source = `${out}.c`;
  writeFileSync(source, symbols.map(symbol => `const char ${symbol}[${SYMBOL_BYTES}] = {0};\n`).join(''));
  const linker = `-Wl,-soname,${name},--build-id=none,-s`;
  tool(`${target.triplet}-gcc`, [...target.flags, '-shared', '-fPIC', '-nostdlib', linker, '-o', out, source]);
}
