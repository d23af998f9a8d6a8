import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib.mjs';

/** All files below the folders whose name ends so, sorted, relative to the project's folder. */
export function globSync(folders, ending) {
  const found = [];
  const walk = folder => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith(ending)) found.push(path);
    }
  };
  for (const folder of folders) walk(folder);
  return found.sort();
}
