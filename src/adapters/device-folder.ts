/** Serial ports found by the names in a folder such as /dev. */
import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Owned } from '../kernel/actor.ts';
import type { PortFacts, SerialPorts } from '../ports/serial-ports.ts';
import { isTcpName } from './tcp-links.ts';
import { udevFacts } from './udev-facts.ts';

/** Ports taken at most from all patterns. */
const PORT_LIMIT = 64;

export class DeviceFolder implements SerialPorts {
  async find(patterns: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (const pattern of patterns) {
      if (isTcpName(pattern)) {
        found.add(pattern);
        continue;
      }
      const folder = dirname(pattern);
      const names = nameMatcher(basename(pattern));
      for (const name of await namesIn(folder)) if (names.test(name)) found.add(join(folder, name));
    }
    return [...found].sort().slice(0, PORT_LIMIT);
  }

  /** Watches the folders of the patterns. A folder that is not there, or cannot be watched, is left to the next look. */
  watch(patterns: readonly string[], changed: () => void): Owned {
    const watchers: FSWatcher[] = [];
    const folders = new Set(patterns.filter(pattern => !isTcpName(pattern)).map(pattern => dirname(pattern)));
    for (const folder of folders) {
      const matchers = patterns
        .filter(pattern => dirname(pattern) === folder)
        .map(pattern => nameMatcher(basename(pattern)));
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name === null || matchers.some(matcher => matcher.test(name))) changed();
        });
        // Ports are looked for once a second as well: what cannot be watched is found a little later.
        watcher.on('error', () => watcher.close());
        watchers.push(watcher);
      } catch {
        // As above.
      }
    }
    return {
      release: () => {
        for (const watcher of watchers) watcher.close();
      },
    };
  }

  async identity(path: string): Promise<string> {
    if (isTcpName(path)) return '';
    try {
      const { ino, rdev, ctimeMs, isSymbolicLink } = await statOf(path);
      // Rights of a device change after it has come, so its time says nothing; the number of a link is used again.
      return isSymbolicLink ? `${ino} ${ctimeMs}` : `${ino} ${rdev}`;
    } catch {
      // It has just gone.
      return '';
    }
  }

  async facts(path: string): Promise<PortFacts> {
    return isTcpName(path) ? {} : udevFacts(path);
  }
}

async function statOf(path: string) {
  const found = await lstat(path);
  return { ino: found.ino, rdev: found.rdev, ctimeMs: found.ctimeMs, isSymbolicLink: found.isSymbolicLink() };
}

/** The names in a folder; none when it is not there (yet). */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

function nameMatcher(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(escapeRegExp).join('[^/]*')}$`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
