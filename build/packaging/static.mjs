/** The static form: a launcher that carries the dynamic form and all libraries it needs. See build/launcher. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from '../glob.mjs';
import { fail, ROOT } from '../lib.mjs';
import { addonFiles } from '../native-addons.mjs';
import { needed, tool } from './dynamic.mjs';

/** As in build/launcher/pack.h. */
const MAGIC = 'GXDPACK1';
const NAME_BYTES = 56;
const FILES_MAX = 64;

/** Level 19 saves another tenth of the size, and takes ten times as long. */
const LEVEL = 12;
const RELEASE_LEVEL = 19;

/**
 * @param {import('./targets.mjs').Target} target
 * @param {string} libraries folder with the files of Debian packages
 * @param {string} work
 * @param {string} program the dynamic form
 * @param {string} out the executable
 * @param {{ release: boolean }} options
 */
export function makeStatic(target, libraries, work, program, out, { release }) {
  const launcher = compileLauncher(target, libraries, work);
  const files = [
    ['ld.so', join(libraries, target.loader)],
    ['gxd', program],
    ...Object.entries(addonFiles(target.process)),
    ...librariesOf(program, target, libraries),
  ];
  if (files.length > FILES_MAX) fail(`${files.length} files; the launcher takes ${FILES_MAX}`);
  const contents = files.map(([, file]) => readFileSync(file));
  const table = Buffer.concat(files.map(([name], i) => tableEntry(name, contents[i])));
  const raw = join(work, 'payload');
  writeFileSync(raw, Buffer.concat(contents));
  const level = release ? RELEASE_LEVEL : LEVEL;
  // One thread: with more the output would depend on how many there are.
  tool('zstd', ['-q', '-f', `-${level}`, '-T1', '--no-check', '--no-progress', raw, '-o', `${raw}.zst`]);
  const payload = readFileSync(`${raw}.zst`);
  writeFileSync(out, Buffer.concat([readFileSync(launcher), payload, table, trailer(payload, table, files.length)]));
  chmodSync(out, 0o755);
}

function compileLauncher(target, libraries, work) {
  const out = join(work, 'launcher');
  tool(`${target.triplet}-gcc`, [
    ...['-std=gnu11', '-Os', '-static', '-s', '-Wall', '-Wextra', '-Werror', ...target.flags],
    ...['-D_FILE_OFFSET_BITS=64', '-fstack-protector-strong', '-Wl,--build-id=none', '-Wl,-z,noexecstack'],
    ...['-I', join(libraries, 'usr/include'), '-o', out],
    ...globSync(['build/launcher'], '.c'),
    join(libraries, 'usr/lib', target.triplet, 'libzstd.a'),
  ]);
  return out;
}

/** Everything that the program needs, and what that needs; the dynamic loader is there already. */
function librariesOf(program, target, libraries) {
  const loader = target.loader.split('/').at(-1);
  const found = new Map();
  const visit = file => {
    for (const name of needed(file)) {
      if (name === loader || found.has(name)) continue;
      const library = [join('lib', target.triplet), join('usr/lib', target.triplet)]
        .map(folder => join(libraries, folder, name))
        .find(path => existsSync(path));
      if (library === undefined) fail(`${file} needs ${name}, which is in none of the Debian packages`);
      found.set(name, library);
      visit(library);
    }
  };
  visit(program);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function tableEntry(name, content) {
  const entry = Buffer.alloc(NAME_BYTES + 8 + 32);
  if (Buffer.byteLength(name) >= NAME_BYTES) fail(`${name}: a name too long for the launcher`);
  entry.write(name);
  entry.writeBigUInt64LE(BigInt(content.length), NAME_BYTES);
  sha256(content).copy(entry, NAME_BYTES + 8);
  return entry;
}

function trailer(payload, table, count) {
  const bytes = Buffer.alloc(24);
  bytes.write(MAGIC);
  bytes.writeBigUInt64LE(BigInt(payload.length), 8);
  bytes.writeBigUInt64LE(BigInt(count), 16);
  return Buffer.concat([bytes, sha256(table)]);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest();
}

/** Ends the build when a file is larger than its limit, bytes. */
export function checkSize(file, limit) {
  const { size } = statSync(file);
  if (size > limit) fail(`${file.slice(ROOT.length + 1)} has ${size} bytes, more than ${limit}`);
  return size;
}
