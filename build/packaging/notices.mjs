/** What is inside an executable: the licences of all of it in one text, and a CycloneDX list of its components. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fail, ROOT } from '../lib.mjs';
import { runtimePackage } from './packages.mjs';

const SPEC_VERSION = '1.5';

/** Debian packages whose files the static form carries → their licence. libzstd is a part of the launcher. */
export const CARRIED = {
  libc6: 'LGPL-2.1-or-later',
  'libgcc-s1': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libstdc++6': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libzstd-dev': 'BSD-3-Clause',
};

/** Packages that do not name their licence in package.json → what their licence file says. */
const LICENCE_FILES_SAY = { jsbi: 'Apache-2.0' };

/**
 * @typedef {{ name: string, version: string, licence: string, purl: string, cpe?: string, text: string }} Component
 * @param {string[]} inputs files that the bundle is made of, relative to the project's folder
 * @param {import('./dynamic.mjs').Runtime} runtime
 * @param {import('./targets.mjs').Target} target
 * @param {string} libraries folder with the files of Debian packages
 * @returns {Component[]}
 */
export function componentsOf(inputs, runtime, target, libraries) {
  const folders = inputs.map(input => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  const packages = [...new Set(folders.filter(folder => folder !== undefined))].sort();
  return [
    nodeComponent(runtime),
    ...packages.map(folder => packageComponent(join(ROOT, folder))),
    // The bytes of addons come in by another way than by import.
    packageComponent(join(ROOT, 'node_modules/@serialport/bindings-cpp')),
    ...['socketcan', 'node-addon-api'].map(name => packageComponent(join(runtimePackage('socketcan'), '..', name))),
    ...Object.entries(CARRIED).map(([name, licence]) => debianComponent(name, licence, target, libraries)),
  ].filter((component, index, all) => all.findIndex(({ purl }) => purl === component.purl) === index);
}

function nodeComponent({ version, licence }) {
  return {
    name: 'node',
    version,
    licence: 'MIT',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    text: readFileSync(licence, 'utf8'),
  };
}

function packageComponent(folder) {
  const {
    name,
    version,
    license = LICENCE_FILES_SAY[name],
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') fail(`${name} does not name its licence`);
  const files = readdirSync(folder).filter(file => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map(file => readFileSync(join(folder, file), 'utf8'));
  return {
    name,
    version,
    licence: license,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    text: texts.join('\n') || `The package holds no text beside the name of its licence: ${license}.\n`,
  };
}

function debianComponent(name, licence, target, libraries) {
  const folder = join(libraries, 'usr/share/doc', name);
  const log = ['changelog.Debian.gz', 'changelog.gz'].map(file => join(folder, file)).find(file => existsSync(file));
  const first = log === undefined ? undefined : gunzipSync(readFileSync(log)).toString('utf8').split('\n')[0];
  const [, source, version] = /^(\S+) \(([^)]+)\)/.exec(first ?? '') ?? fail(`${folder}: no version`);
  return {
    name,
    version,
    licence,
    purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${target.debian}`,
    text: `Source: Debian's source package ${source} ${version}.\n\n${readFileSync(join(folder, 'copyright'), 'utf8')}`,
  };
}

/** Writes FILE.licences.txt and FILE.cdx.json beside the executable. */
export function writeNotices(file, version, components) {
  const own = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
  const parts = components.map(
    ({ name, version, licence, text }) => `${title(`${name} ${version}: ${licence}`)}${text}`,
  );
  writeFileSync(`${file}.licences.txt`, [`${title(`gxd ${version}: MIT`)}${own}`, ...parts].join('\n'));
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: SPEC_VERSION,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'gxd',
        name: 'gxd',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(file)).digest('hex') }],
      },
    },
    components: components.map(({ name, version, licence, purl, cpe }) => ({
      type: name === 'node' ? 'platform' : 'library',
      'bom-ref': purl,
      name,
      version,
      licenses: [licence.includes(' ') ? { expression: licence } : { license: { id: licence } }],
      purl,
      ...(cpe === undefined ? {} : { cpe }),
    })),
    dependencies: [{ ref: 'gxd', dependsOn: components.map(({ purl }) => purl) }],
  };
  writeFileSync(`${file}.cdx.json`, `${JSON.stringify(bom, null, 2)}\n`);
}

function title(text) {
  return `${'='.repeat(100)}\n${text}\n${'='.repeat(100)}\n`;
}
