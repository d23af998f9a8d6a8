/** The count of crashes in a small file. A count that cannot be read is 0: safe mode is for what is known. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { CrashStore } from '../kernel/crash-count.ts';

export function crashFile(path: string): CrashStore {
  return {
    read: async () => {
      try {
        const count = Number(await readFile(path, 'utf8'));
        return Number.isInteger(count) && count > 0 ? count : 0;
      } catch {
        return 0;
      }
    },
    write: async count => {
      await writeFile(`${path}.new`, `${count}\n`);
      await rename(`${path}.new`, path);
    },
  };
}
