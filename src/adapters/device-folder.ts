/** Serial ports found by the names in a folder such as /dev. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SerialPorts } from '../ports/serial-ports.ts';

/** Ports taken at most from all patterns. */
const PORT_LIMIT = 64;

export class DeviceFolder implements SerialPorts {
  async find(patterns: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (const pattern of patterns) {
      const folder = dirname(pattern);
      const names = nameMatcher(basename(pattern));
      for (const name of await namesIn(folder)) if (names.test(name)) found.add(join(folder, name));
    }
    return [...found].sort().slice(0, PORT_LIMIT);
  }
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
