/** Files of Debian packages for another machine: unpacked, not installed, kept in build/.cache. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from '../lib.mjs';

export const CACHE = join(ROOT, 'build/.cache');
const SUITE = 'bookworm';
const SOURCES = '/etc/apt/sources.list.d/debian.sources';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

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
  if (!existsSync(SOURCES)) return DEFAULT_MIRROR;
  return /^URIs:\s*(\S+)/m.exec(readFileSync(SOURCES, 'utf8'))?.[1] ?? DEFAULT_MIRROR;
}
