/** Files of Debian packages for another machine: unpacked, not installed, kept in build/.cache. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from '../lib.mjs';

export const CACHE = join(ROOT, 'build/.cache');
const SUITE = 'bookworm';
/** Where a Debian machine says which mirror it uses: the new form, and the old one. */
const SOURCES = [
  ['/etc/apt/sources.list.d/debian.sources', /^URIs:\s*(\S+)/m],
  ['/etc/apt/sources.list', /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m],
];

/**
 * @param {string} architecture `armhf`
 * @param {string[]} packages what is wanted; what they depend on comes too
 * @returns {string} the folder with the unpacked files
 */
export function debianFiles(architecture, packages) {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = join(CACHE, `debian-${architecture}-${key}`);
  if (existsSync(folder)) return folder;
  console.log(`Fetching ${packages.length} Debian packages for ${architecture} (once) …`);
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const { status } = spawnSync(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=extract',
      `--architectures=${architecture}`,
      `--include=${packages.join(',')}`,
      SUITE,
      fresh,
      mirror(),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) fail(`mmdebstrap could not fetch ${packages.join(' ')} for ${architecture}`);
  renameSync(fresh, folder);
  return folder;
}

/** The mirror that this machine uses. */
function mirror() {
  for (const [file, line] of SOURCES) {
    const found = existsSync(file) ? line.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return fail('this machine names no Debian mirror in /etc/apt: the packages of the image cannot be fetched');
}
